using CallAgent.Client;
using Microsoft.Extensions.Time.Testing;

namespace CallAgent.Tests;

/// <summary>Calls count per calendar month in the user's time zone.</summary>
public sealed class MonthTests
{
    [Theory]
    [InlineData("Pacific/Auckland", "2026-10-31T11:30:00Z", "2026-10-31T10:30:00Z", "2026-10-31T11:00:00Z")]
    [InlineData("America/Los_Angeles", "2026-11-01T07:30:00Z", "2026-11-01T06:30:00Z", "2026-11-01T07:00:00Z")]
    [InlineData("UTC", "2026-11-01T00:00:00Z", "2026-10-31T23:59:59Z", "2026-11-01T00:00:00Z")]
    public async Task A_new_month_begins_at_the_users_midnight(string zone, string after, string before, string start)
    {
        using var database = TestDatabase.Create();
        var clock = new FakeTimeProvider(DateTimeOffset.Parse(before, System.Globalization.CultureInfo.InvariantCulture));
        await using var host = await CallAgentHost.StartAsync(database.Settings, clock);
        var registered = (await host.RegisterAsync(TestServer.NewRegistration())).OrThrow();
        await using (var setUp = host.As(registered))
        {
            (await setUp.Account.UpdateAsync(new() { Settings = new UserSettings { TimeZone = zone } })).OrThrow();
        }
        await using var workspace = (await host.AsAsync(registered.UserId))!;
        var contact = (await workspace.Contacts.CreateAsync(new() { PhoneNumber = "+14155550132" })).OrThrow();
        for (var i = 0; i < 50; i++)
        {
            (await workspace.Calls.CreateAsync(new() { ContactId = contact.Id })).OrThrow();
        }
        Assert.Equal(403, (await workspace.Calls.CreateAsync(new() { ContactId = contact.Id })).Problem?.Status);

        clock.SetUtcNow(DateTimeOffset.Parse(after, System.Globalization.CultureInfo.InvariantCulture));

        (await workspace.Calls.CreateAsync(new() { ContactId = contact.Id })).OrThrow();
        var usage = await workspace.Dashboards.UsageAsync();
        Assert.Equal((51, 1), (usage.Figures.Calls, usage.Figures.CallsThisMonth));
        Assert.Equal(DateTimeOffset.Parse(start, System.Globalization.CultureInfo.InvariantCulture), usage.Period.Start);
    }
}
