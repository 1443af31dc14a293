using System.Text.Json;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>What a call found out about its contact goes into the contact by one click, and replaces nothing.</summary>
public sealed class CallFindingsTests(TestServer server)
{
    [Fact]
    public async Task What_was_said_is_offered_kept_and_then_offered_no_more()
    {
        var user = await server.NewUserAsync();
        var contact = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), Company = "Navy" });
        var call = await user.Api.Calls.CreateAsync(new() { ContactId = contact.Id });
        await user.Api.Calls.StartAsync(call.Id);
        var conversation = await user.Api.Conversations.CreateAsync(new() { CallId = call.Id });
        await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = "My name is Grace Hopper, and mail me at grace@navy.example." });
        await user.Api.Conversations.CollectAsync(conversation.Id, Fields(("company", "Another Ltd"), ("budget", "1000")));
        Assert.Contains("first name Grace, last name Hopper, email grace@navy.example.", await OfferAsync(user, call.Id), StringComparison.Ordinal);

        await (await user.SendFormAsync($"/calls/{call.Id}/keep")).ReadPageAsync();

        var kept = await user.Api.Contacts.GetAsync(contact.Id);
        Assert.Equal(("Grace", "Hopper", "grace@navy.example", "Navy"), (kept.FirstName, kept.LastName, kept.Email, kept.Company));
        Assert.Null(await OfferAsync(user, call.Id));
        await (await user.SendFormAsync($"/calls/{call.Id}/keep")).ReadPageAsync();
        Assert.Equal(kept.Version, (await user.Api.Contacts.GetAsync(contact.Id)).Version);
    }

    [Fact]
    public async Task What_the_contact_would_not_take_is_not_offered_and_keeps_nothing_else_away()
    {
        var user = await server.NewUserAsync();
        var contact = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone() });
        var call = await user.Api.Calls.CreateAsync(new() { ContactId = contact.Id });
        await (await user.SendFormAsync($"/calls/{call.Id}/keep")).ReadPageAsync(404);
        var conversation = await user.Api.Conversations.CreateAsync(new() { CallId = call.Id });
        await user.Api.Conversations.CollectAsync(conversation.Id, Fields(("email", "grace at navy"), ("name", "Hopper, Grace"), ("company", new string('x', 500))));
        Assert.Contains(": first name Grace, last name Hopper.", await OfferAsync(user, call.Id), StringComparison.Ordinal);

        await (await user.SendFormAsync($"/calls/{call.Id}/keep")).ReadPageAsync();

        var kept = await user.Api.Contacts.GetAsync(contact.Id);
        Assert.Equal(("Grace", "Hopper", null, null), (kept.FirstName, kept.LastName, kept.Email, kept.Company));
    }

    [Theory]
    [InlineData("Grace", null, "last name Hopper.")]
    [InlineData(null, "hopper", "first name Grace.")]
    [InlineData("Bob", null, null)]
    [InlineData(null, "Lovelace", null)]
    public async Task Halves_of_two_names_are_not_put_together(string? first, string? last, string? offered)
    {
        var user = await server.NewUserAsync();
        var contact = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), FirstName = first, LastName = last });
        var call = await user.Api.Calls.CreateAsync(new() { ContactId = contact.Id });
        var conversation = await user.Api.Conversations.CreateAsync(new() { CallId = call.Id });
        await user.Api.Conversations.CollectAsync(conversation.Id, Fields(("name", "Grace Hopper")));

        var offer = await OfferAsync(user, call.Id);

        Assert.Equal(offered is null ? null : $"Not in the contact yet: {offered}", offer);
    }

    private static CollectData Fields(params (string Name, string Value)[] fields) =>
        new() { Fields = fields.ToDictionary(f => f.Name, f => JsonSerializer.SerializeToElement(f.Value)) };

    private static async Task<string?> OfferAsync(TestUser user, Guid call) => (await user.PageAsync($"/calls/{call}")).QuerySelector("form[action$='/keep'] p")?.TextContent;
}
