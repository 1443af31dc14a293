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
}
