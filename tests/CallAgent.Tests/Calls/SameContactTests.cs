using System.Net;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>Two people who come to the same contact hear of one another before the second one dials.</summary>
public sealed class SameContactTests(TestServer server)
{
    [Fact]
    public async Task Whoever_calls_a_contact_that_is_in_a_call_is_asked_first()
    {
        var (owner, agent) = await TeamAsync();
        var contact = await owner.NewContactAsync();
        await CallNowAsync(await PageClient.OfAsync(server, owner), contact.Id);
        var going = Assert.Single((await owner.Api.Calls.ListAsync()).Data);
        Assert.Equal(CallStatus.InProgress, going.Status);

        var asked = await CallNowAsync(agent, contact.Id);

        Assert.Equal(HttpStatusCode.Conflict, asked.Status);
        Assert.Contains("Somebody is in a call with this contact", asked.Text, StringComparison.Ordinal);
        Assert.Equal("1", asked.Value("anyway"));
        Assert.Single((await owner.Api.Calls.ListAsync()).Data);
        // One for later, one's own second call, and one that is wanted all the same are made.
        await agent.PostAsync("/calls", "/calls/new", ("contact_id", contact.Id.ToString()), ("when", "later"), ("scheduled_time", "2031-01-15T09:30"));
        await CallNowAsync(await PageClient.OfAsync(server, owner), contact.Id);
        await CallNowAsync(agent, contact.Id, ("anyway", "1"));
        Assert.Equal(3, (await owner.Api.Calls.ListAsync()).Data.Count(c => c.Status == CallStatus.InProgress));
    }

    [Fact]
    public async Task A_scheduled_call_says_who_is_with_its_contact_and_a_call_that_ended_keeps_nobody_away()
    {
        var (owner, agent) = await TeamAsync();
        var contact = await owner.NewContactAsync();
        var (scheduled, going) = (await owner.Api.Calls.CreateAsync(new() { ContactId = contact.Id }), await owner.Api.Calls.CreateAsync(new() { ContactId = contact.Id }));
        await owner.Api.Calls.StartAsync(going.Id);
        Assert.NotNull((await agent.GetAsync($"/calls/{scheduled.Id}")).Document.QuerySelector($"#desk-problem a[href='/calls/{going.Id}']"));
        // Whose call it is knows of it.
        Assert.Null((await owner.PageAsync($"/calls/{scheduled.Id}")).QuerySelector("#desk-problem .note"));

        await owner.Api.Calls.EndAsync(going.Id);

        Assert.Null((await agent.GetAsync($"/calls/{scheduled.Id}")).Document.QuerySelector("#desk-problem .note"));
        Assert.Equal(HttpStatusCode.SeeOther, (await CallNowAsync(agent, contact.Id)).Status);
    }

    private static Task<PageAnswer> CallNowAsync(PageClient page, Guid contact, params (string, string)[] more) =>
        page.PostAsync("/calls", "/calls/new", [("contact_id", contact.ToString()), ("when", "now"), .. more]);

    private async Task<(TestUser Owner, PageClient Agent)> TeamAsync()
    {
        var owner = await server.NewUserAsync();
        return (owner, await PageClient.OfMemberAsync(server, owner, MemberRole.Agent));
    }
}
