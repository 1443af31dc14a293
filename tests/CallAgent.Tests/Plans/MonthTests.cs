using CallAgent.Client;
using Microsoft.EntityFrameworkCore;
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
            (await setUp.Account.UpdateAsync(new() { Settings = new UpdateSettings { TimeZone = zone } })).OrThrow();
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

    /// <summary>At half past eleven in the evening of October it is November in Auckland already.</summary>
    [Fact]
    public async Task What_was_counted_is_taken_back_from_its_own_month_and_day_after_the_time_zone_changed()
    {
        using var database = TestDatabase.Create();
        var clock = new FakeTimeProvider(DateTimeOffset.Parse("2026-10-31T23:30:00Z", System.Globalization.CultureInfo.InvariantCulture));
        await using var host = await CallAgentHost.StartAsync(database.Settings, clock);
        var registered = (await host.RegisterAsync(TestServer.NewRegistration())).OrThrow();
        Guid scheduled, over, campaign;
        await using (var workspace = host.As(registered))
        {
            var contact = (await workspace.Contacts.CreateAsync(new() { PhoneNumber = "+14155550132" })).OrThrow();
            scheduled = (await workspace.Calls.CreateAsync(new() { ContactId = contact.Id })).OrThrow().Id;
            over = (await workspace.Calls.CreateAsync(new() { ContactId = contact.Id })).OrThrow().Id;
            (await workspace.Calls.StartAsync(over)).OrThrow();
            (await workspace.Calls.EndAsync(over, new() { DurationSeconds = 60 })).OrThrow();
            campaign = (await workspace.Campaigns.CreateAsync(new() { Name = "Spring" })).OrThrow().Id;
            (await workspace.Conversations.CreateAsync(new() { ContactId = contact.Id, CampaignId = campaign })).OrThrow();
            (await workspace.Account.UpdateAsync(new() { Settings = new UpdateSettings { TimeZone = "Pacific/Auckland" } })).OrThrow();
        }

        await using (var workspace = (await host.AsAsync(registered.UserId))!)
        {
            Assert.Null(await workspace.Calls.DeleteAsync(scheduled));
            (await workspace.Calls.CorrectAsync(over, new() { Status = CallStatus.NoAnswer })).OrThrow();
            Assert.Null(await workspace.Campaigns.DeleteAsync(campaign));
        }

        await using var db = host.Database.Open(TenantScope.Of(registered.UserId));
        var counted = await db.Counters.Where(c => c.Period != "" && c.Value != 0).OrderBy(c => c.Name).ThenBy(c => c.Period)
            .Select(c => $"{c.Name} {c.Period} {c.Value}").ToListAsync();
        Assert.Equal(["calls 2026-10 1", "calls 2026-10-31 2", "calls.no_answer 2026-10-31 1", "contacts 2026-10-31 1", "conversations 2026-10-31 1"], counted);
    }
}
