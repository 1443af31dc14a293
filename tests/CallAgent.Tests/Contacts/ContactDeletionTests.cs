using CallAgent.Client;
using Microsoft.EntityFrameworkCore;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class ContactDeletionTests(TestServer server)
{
    [Fact]
    public async Task A_contact_goes_with_its_calls_and_conversations_and_the_counters_follow()
    {
        var user = await server.NewUserAsync();
        var (gone, stays) = (await user.NewConversationAsync(), await user.NewConversationAsync());
        await user.Api.Conversations.AppendTurnAsync(gone.Id, new() { Speaker = Speaker.Contact, Text = "Hello" });
        await user.Api.Calls.StartAsync(gone.CallId!.Value);
        await user.Api.Calls.EndAsync(gone.CallId.Value);

        await user.Api.Contacts.DeleteAsync(gone.ContactId);

        await RefusedAsync(404, () => user.Api.Contacts.GetAsync(gone.ContactId));
        await RefusedAsync(404, () => user.Api.Calls.GetAsync(gone.CallId.Value));
        await RefusedAsync(404, () => user.Api.Conversations.GetAsync(gone.Id));
        await RefusedAsync(404, () => user.Api.Contacts.DeleteAsync(gone.ContactId));
        await user.Api.Conversations.GetAsync(stays.Id);
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
        var rows = await Snapshot.CountAsync(server.Database, user.Id);
        Assert.Equal((1, 1, 1, 0), (rows["contacts"], rows["calls"], rows["conversations"], rows["turns"]));
        // What took place stays in the month's figures.
        Assert.Equal(2, (await user.Api.GetUsageAsync()).Figures.CallsThisMonth);
    }

    [Fact]
    public async Task The_place_and_the_number_are_free_again()
    {
        var user = await server.NewUserAsync();
        var contacts = new List<Client.Contact>();
        for (var i = 0; i < 100; i++)
        {
            contacts.Add(await user.NewContactAsync());
        }
        await RefusedAsync(403, () => user.NewContactAsync());

        await user.Api.Contacts.DeleteAsync(contacts[7].Id);

        await user.Api.Contacts.CreateAsync(new() { PhoneNumber = contacts[7].PhoneNumber });
        await RefusedAsync(403, () => user.NewContactAsync());
    }

    // The database takes them apart again to remove them.
    [Fact]
    public async Task Words_of_any_letters_go_with_their_contact()
    {
        var user = await server.NewUserAsync();
        var contact = await user.Api.Contacts.CreateAsync(new()
        {
            PhoneNumber = "+14155550199",
            FirstName = "Zoë\t\u2028😀𝒵",
            LastName = $"李{new string('x', 62)}😀y",
            Company = "<Müller> & 'Söhne' \\ \"GmbH\" \u0001",
            Tags = ["c++ <b>", "😀", "[x y]", "a&b"],
        });
        Assert.NotEqual(0, (await Snapshot.CountAsync(server.Database, user.Id))["contact_tokens"]);
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));

        await user.Api.Contacts.DeleteAsync(contact.Id);

        Assert.Equal(0, (await Snapshot.CountAsync(server.Database, user.Id))["contact_tokens"]);
    }

    [Fact]
    public async Task A_deleted_contact_is_not_found_by_search_or_tag()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync(firstName: "Unmistakable");
        await user.Api.Contacts.AddTagAsync(contact.Id, "vip");

        await user.Api.Contacts.DeleteAsync(contact.Id);

        Assert.Empty((await user.Api.Contacts.ListAsync(new() { Q = "unmistakable" })).Data);
        Assert.Equal(0, (await Snapshot.CountAsync(server.Database, user.Id))["contact_tokens"]);
    }

    [Fact]
    public async Task Deleting_while_a_call_begins_never_fails()
    {
        var user = await server.NewUserAsync();
        for (var i = 0; i < 10; i++)
        {
            var call = await user.NewCallAsync();

            var answers = await Task.WhenAll(
                user.SendAsync("POST", $"/api/calls/{call.Id}/start"), user.SendAsync("DELETE", $"/api/contacts/{call.ContactId}"),
                user.SendAsync("POST", $"/api/calls/{call.Id}/fail", "{}"), user.SendAsync("DELETE", $"/api/calls/{call.Id}"));

            Assert.All(answers, a => Assert.True((int)a.StatusCode < 500, $"{a.RequestMessage!.Method} {a.RequestMessage.RequestUri}: {a.StatusCode}"));
        }
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
    }

    [Fact]
    public async Task A_call_that_came_since_a_deletion_began_is_not_lost_but_holds_the_contact()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();
        await using var slow = (await server.Host.AsAsync(user.Id))!;
        slow.Db.Remove(await slow.Db.Contacts.SingleAsync(c => c.Id == contact.Id));
        var call = await user.Api.Calls.CreateAsync(new() { ContactId = contact.Id });

        Assert.Equal(Problem.Stale, await slow.Db.TrySaveAsync(CancellationToken.None));

        Assert.Equal(contact.Id, (await user.Api.Calls.GetAsync(call.Id)).ContactId);
        await user.Api.Contacts.DeleteAsync(contact.Id);
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
    }

    [Fact]
    public async Task Deleting_while_calls_and_conversations_are_made_keeps_the_counters_true()
    {
        var user = await server.NewUserAsync(Client.Plan.Enterprise);
        for (var i = 0; i < 20; i++)
        {
            var contact = await user.NewContactAsync();

            var answers = await Task.WhenAll(
                user.SendAsync("POST", "/api/calls", $$"""{"contact_id":"{{contact.Id}}"}"""),
                user.SendAsync("DELETE", $"/api/contacts/{contact.Id}"),
                user.SendAsync("POST", "/api/conversations", $$"""{"contact_id":"{{contact.Id}}"}"""));

            Assert.Equal(204, (int)answers[1].StatusCode);
            Assert.All(answers, a => Assert.True((int)a.StatusCode < 500, $"{a.RequestMessage!.Method} {a.RequestMessage.RequestUri}: {a.StatusCode}"));
        }
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
    }
}
