using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>An import survives the death of its server, at any moment: each row happens once and the report is exact .</summary>
public sealed class ImportKillTests
{
    [Fact]
    public Task An_import_survives_a_kill() => SurviveAsync(rows: 6_000, kills: 1);

    [Fact]
    [Trait("kind", "long")]
    public Task An_import_of_50000_rows_survives_ten_kills() => SurviveAsync(rows: 50_000, kills: 10);

    private static async Task SurviveAsync(int rows, int kills)
    {
        using var database = TestDatabase.Create();
        var server = await ServerProcess.StartAsync(database);
        try
        {
            var api = await NewUserAsync(database, server);
            // Every tenth number stands twice: an update, and no second contact.
            var lines = ImportFiles.Lines(rows).SelectMany((line, i) => i % 10 == 0 ? [line, line.Replace("Acme", "Other", StringComparison.Ordinal)] : new[] { line });
            var import = await api.Imports.UploadAsync(new MadeFile(lines.Prepend("phone,first_name,email,company,Seats\n")), "killed.csv");
            await api.Imports.UpdateAsync(import.Id, new() { OnDuplicate = OnDuplicate.Update });
            await api.Imports.RunAsync(import.Id);
            for (var kill = 1; kill <= kills; kill++)
            {
                await ReachAsync(api, import, import.Counts.Rows * kill / (kills + 1));
                await server.KillAsync();
                await server.DisposeAsync();
                server = await ServerProcess.StartAsync(database);
                api = Client(server, api.Key);
            }
            await AssertExactAsync(api, import, rows);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private static async Task AssertExactAsync(Api api, Client.Import import, int rows)
    {
        var done = await ReachAsync(api, import, import.Counts.Rows);
        Assert.Equal((ImportState.Completed, rows, rows / 10, 0, 0), (done.State, done.Counts.Created, done.Counts.Updated, done.Counts.Skipped, done.Counts.Failed));
        var contacts = new List<Client.Contact>();
        await foreach (var contact in api.Contacts.AllAsync(new() { Limit = 200 }))
        {
            contacts.Add(contact);
        }
        Assert.Equal((rows, rows), (contacts.Count, contacts.DistinctBy(c => c.PhoneNumber).Count()));
        Assert.Equal(rows / 10, contacts.Count(c => c.Company!.StartsWith("Other", StringComparison.Ordinal)));
        Assert.Equal(rows, (await api.Client.GetUsageAsync()).Figures.Contacts);
        Assert.Single((await api.Contacts.GetTimelineAsync(contacts.First(c => c.FirstName == "Name1").Id)).Data);
    }

    private static async Task<Client.Import> ReachAsync(Api api, Client.Import import, int done)
    {
        for (var patience = 0; patience < 1_200; patience++)
        {
            var now = await api.Imports.GetAsync(import.Id);
            ImportFiles.AssertSums(now.Counts);
            if (now.Counts.Done >= done || now.State is not ImportState.Running)
            {
                return now;
            }
            await Task.Delay(50);
        }
        throw new InvalidOperationException("The import does not go on.");
    }

    private static async Task<Api> NewUserAsync(TestDatabase database, ServerProcess server)
    {
        var registration = TestServer.NewRegistration();
        var anonymous = new CallAgentClient(new HttpClient { BaseAddress = server.Address });
        await anonymous.Auth.RegisterAsync(registration);
        await using (var operators = Operators.Open(database.Settings))
        {
            (await operators.SetPlanAsync(registration.Email, Plan.Enterprise)).OrThrow();
        }
        await Task.Delay(TimeSpan.FromSeconds(4)); // The plan is remembered for three.
        var token = await anonymous.Auth.CreateTokenAsync(new() { Email = registration.Email, Password = registration.Password });
        var key = await CallAgentClient.WithToken(server.Address, token.AccessToken).ApiKeys.CreateAsync(new() { Name = "Test" });
        return Client(server, key.Key);
    }

    private static Api Client(ServerProcess server, string key) => new(CallAgentClient.WithApiKey(server.Address, key), key);

    private sealed record Api(CallAgentClient Client, string Key)
    {
        public ImportsClient Imports => Client.Imports;

        public ContactsClient Contacts => Client.Contacts;
    }
}
