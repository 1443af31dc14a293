using System.Text;
using System.Text.Json;
using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>Erasing an account leaves nothing of it, and nobody else feels it (S-18).</summary>
public sealed class ErasureTests(TestServer server)
{
    [Fact]
    public async Task Erasing_an_account_empties_every_table_and_touches_nobody_else()
    {
        var (gone, other) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        var (before, others) = (await Snapshot.CountAsync(server.Database, gone.User.Id), await Snapshot.OfAsync(server.Database, other.User.Id));
        Assert.All(before, table => Assert.True(table.Value > 0, $"The test has no row in {table.Key} to erase."));

        await gone.User.Api.Auth.DeleteAccountAsync(new() { Password = gone.User.Registration.Password });

        Assert.All(await Snapshot.CountAsync(server.Database, gone.User.Id), table => Assert.True(table.Value == 0, $"{table.Key} has {table.Value} rows."));
        Assert.Equal(others, await Snapshot.OfAsync(server.Database, other.User.Id));
    }

    /// <summary>A dialer knows nothing of the owner's decision, and goes on.</summary>
    [Fact]
    public async Task An_account_at_work_is_erased_as_a_whole()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        var contacts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => user.NewContactAsync()));
        var made = 0;
        var dialers = contacts.Select(contact => Task.Run(async () =>
        {
            try
            {
                while (true)
                {
                    var call = await user.Api.Calls.CreateAsync(new() { ContactId = contact.Id });
                    var conversation = await user.Api.Conversations.CreateAsync(new() { CallId = call.Id });
                    await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = "Hello" });
                    Interlocked.Increment(ref made);
                }
            }
            catch (CallAgentException e) when (e.Problem.Status is 400 or 401 or 404 or 409 or 412)
            {
                // Out.
            }
        })).ToList();
        await UntilAsync(() => Volatile.Read(ref made) > 16);

        await user.Api.Auth.DeleteAccountAsync(new() { Password = user.Registration.Password });

        await Task.WhenAll(dialers);
        Assert.All(await Snapshot.CountAsync(server.Database, user.Id), table => Assert.True(table.Value == 0, $"{table.Key} has {table.Value} rows."));
    }

    [Fact]
    public async Task No_word_of_the_erased_is_left_in_any_table_or_file()
    {
        // Of its own, because the words of others who read meanwhile stay in the log.
        await using var own = new TestServer();
        await own.InitializeAsync();
        var (gone, other) = (await Estate.CreateAsync(own), await Estate.CreateAsync(own));
        await CanaryTests.WriteEverywhereAsync(own, gone);
        Assert.Empty((await Snapshot.TextColumnsWithoutAsync(own.Database, gone.User.Id, gone.Canary)).Except(CanaryTests.FixedColumns));
        string[] words = [gone.Canary, gone.User.Registration.Email, gone.User.Id.ToString()];
        Assert.All(words, word => Assert.NotEmpty(Snapshot.PlacesOf(own.Database, word)));
        var others = await Snapshot.OfAsync(own.Database, other.User.Id);

        await gone.User.Api.Auth.DeleteAccountAsync(new() { Password = gone.User.Registration.Password });

        Assert.All(words, word => Assert.Empty(Snapshot.PlacesOf(own.Database, word)));
        Assert.NotEmpty(Snapshot.PlacesOf(own.Database, other.Canary));
        Assert.Equal(others, await Snapshot.OfAsync(own.Database, other.User.Id));
    }

    [Fact]
    public async Task Mails_that_lie_in_the_data_folder_go_with_the_user_and_others_stay()
    {
        using var database = TestDatabase.Create();
        await using var host = await CallAgentHost.StartAsync(database.Settings);
        var (registration, other) = (TestServer.NewRegistration(), TestServer.NewRegistration());
        var user = (await host.RegisterAsync(registration)).OrThrow();
        (await host.RegisterAsync(other)).OrThrow();
        await using var workspace = host.As(user);
        (await workspace.Invitations.CreateAsync(new() { Email = "grace@acme.example", Role = MemberRole.Agent })).OrThrow();
        Assert.Null(await workspace.Account.ChangeEmailAsync(new() { Email = "ada@new.example", Password = registration.Password }));
        var folder = Path.Combine(database.Folder, "mail");
        await UntilAsync(() => Directory.Exists(folder) && Directory.GetFiles(folder).Length == 5);

        // The last mail is still waiting when the account ends.
        await workspace.Account.ChangeEmailAsync(new() { Email = "ada@newer.example", Password = registration.Password });
        await workspace.Account.EraseAsync();

        await UntilAsync(() => Directory.GetFiles(folder).Length == 1);
        Assert.Contains(other.Email, await File.ReadAllTextAsync(Directory.GetFiles(folder).Single()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_certificate_counts_what_was_erased_and_proves_to_be_of_this_installation()
    {
        var estate = await Estate.CreateAsync(server);
        var before = await Snapshot.CountAsync(server.Database, estate.User.Id);

        var certificate = await estate.User.Api.Auth.DeleteAccountAsync(new() { Password = estate.User.Registration.Password });

        Assert.Equal((estate.User.Id, before.Count), (certificate.UserId, certificate.Rows.Count));
        Assert.Equal(before.OrderBy(t => t.Key, StringComparer.Ordinal), certificate.Rows.OrderBy(t => t.Key, StringComparer.Ordinal));
        Assert.True(Installation.IsOwn(server.Database.Settings, certificate));
        Assert.False(Installation.IsOwn(server.Database.Settings with { SecretKey = new('x', 40) }, certificate));
        ErasureCertificate[] forged =
        [
            certificate with { UserId = Guid.CreateVersion7() },
            certificate with { ErasedAt = certificate.ErasedAt.AddMilliseconds(1) },
            certificate with { Rows = certificate.Rows.ToDictionary(r => r.Key, r => r.Value + 1) },
            certificate with { Rows = certificate.Rows.Skip(1).ToDictionary() },
        ];
        Assert.All(forged, f => Assert.False(Installation.IsOwn(server.Database.Settings, f)));
    }

    [Fact]
    public async Task The_tool_tells_a_genuine_certificate_from_a_changed_one()
    {
        using var database = TestDatabase.Create();
        await using var host = await CallAgentHost.StartAsync(database.Settings);
        await using var workspace = host.As((await host.RegisterAsync(TestServer.NewRegistration())).OrThrow());
        var certificate = JsonSerializer.Serialize(await workspace.Account.EraseAsync(), CallAgentJson.Lenient);
        var (genuine, changed, other) = (Path.Combine(database.Folder, "a.json"), Path.Combine(database.Folder, "b.json"), Path.Combine(database.Folder, "c.json"));
        await File.WriteAllTextAsync(genuine, certificate);
        await File.WriteAllTextAsync(changed, certificate.Replace("\"members\":1", "\"members\":2", StringComparison.Ordinal));
        await File.WriteAllTextAsync(other, "[]");

        Assert.Contains("Genuine", (await OperatorTool.RunAsync(database, "erasure", "verify", genuine)).Output, StringComparison.Ordinal);
        Assert.Equal((1, true), await FailsAsync("its signature does not fit", changed));
        Assert.Equal((1, true), await FailsAsync("not a certificate", other));
        Assert.Equal((1, true), await FailsAsync("cannot be read", Path.Combine(database.Folder, "d.json")));

        async Task<(int, bool)> FailsAsync(string reason, string path) =>
            await OperatorTool.RunAsync(database, "erasure", "verify", path) is var (code, _, errors) ? (code, errors.Contains(reason, StringComparison.Ordinal)) : default;
    }

    [Fact]
    public async Task The_page_shows_the_certificate_and_lets_it_be_kept()
    {
        var user = await server.NewUserAsync();
        var page = await PageClient.OfAsync(server, user);

        var erased = await page.PostAsync("/settings/account", "/settings/account/erase", ("confirmation", user.Registration.Email), ("password", user.Registration.Password));

        var link = erased.Document.QuerySelector("a[download]")!;
        var file = Encoding.UTF8.GetString(Convert.FromBase64String(link.GetAttribute("href")!.Split("base64,")[1]));
        var certificate = JsonSerializer.Deserialize<ErasureCertificate>(file, CallAgentJson.Strict)!;
        Assert.Equal((user.Id, $"erasure-{user.Id}.json"), (certificate.UserId, link.GetAttribute("download")));
        Assert.True(Installation.IsOwn(server.Database.Settings, certificate));
    }

    [Fact]
    public async Task A_user_with_tens_of_thousands_of_rows_is_erased()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        await user.ImportAsync(ImportFiles.Numbers(10_000));

        var certificate = await user.Api.Auth.DeleteAccountAsync(new() { Password = user.Registration.Password });

        Assert.Equal((10_000, 10_000), (certificate.Rows["contacts"], certificate.Rows["import_rows"]));
        Assert.All(await Snapshot.CountAsync(server.Database, user.Id), table => Assert.Equal(0, table.Value));
    }

    [Fact]
    public async Task After_the_erasure_no_credential_is_in_force_and_the_email_is_free()
    {
        var estate = await Estate.CreateAsync(server);
        var registration = estate.User.Registration;

        await estate.User.Api.Auth.DeleteAccountAsync(new() { Password = registration.Password });

        foreach (var http in estate.Credentials)
        {
            await RefusedAsync(401, () => new CallAgentClient(http).Auth.GetProfileAsync());
        }
        var stranger = new CallAgentClient(server.Anonymous());
        await RefusedAsync(401, () => stranger.Auth.CreateTokenAsync(new() { RefreshToken = estate.User.Token.RefreshToken }));
        await RefusedAsync(401, () => stranger.Auth.LoginAsync(new() { Email = registration.Email, Password = registration.Password }));
        Assert.NotEqual(estate.User.Id, (await stranger.Auth.RegisterAsync(registration)).User.Id);
    }

    [Fact]
    public async Task A_wrong_password_erases_nothing()
    {
        var user = await server.NewUserAsync();
        var before = await Snapshot.OfAsync(server.Database, user.Id);

        await InvalidAsync("password", () => user.Api.Auth.DeleteAccountAsync(new() { Password = "guess" }));

        Assert.Equal(before, await Snapshot.OfAsync(server.Database, user.Id));
    }

    [Fact]
    public async Task Work_that_outlives_its_account_is_refused_and_leaves_nothing()
    {
        var user = await server.NewUserAsync();
        await using var late = (await server.Host.AsAsync(user.Id))!;
        await user.Api.Auth.DeleteAccountAsync(new() { Password = user.Registration.Password });

        var contact = await late.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone() });
        var campaign = await late.Campaigns.CreateAsync(new() { Name = "Late" });

        Assert.Equal((409, 409), (contact.Problem?.Status, campaign.Problem?.Status));
        Assert.All(await Snapshot.CountAsync(server.Database, user.Id), table => Assert.Equal(0, table.Value));
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var tries = 0; !isSo(); tries++)
        {
            Assert.True(tries < 600, "It did not happen.");
            await Task.Delay(50);
        }
    }
}
