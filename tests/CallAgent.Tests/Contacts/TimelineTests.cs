using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class TimelineTests(TestServer server)
{
    [Fact]
    public async Task A_change_is_noted_with_the_values_before_and_after()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();

        await user.Api.Contacts.UpdateAsync(contact.Id, new() { FirstName = "Amazing Grace", Status = ContactStatus.Converted, LastName = contact.LastName });

        var entry = (await user.Api.Contacts.GetTimelineAsync(contact.Id)).Data[0];
        Assert.Equal((TimelineKind.ContactUpdated, "Ada Lovelace"), (entry.Kind, entry.Actor));
        Assert.Equal(["first_name", "status"], entry.Details.Keys.Order());
        Assert.Equal(("Grace", "Amazing Grace"), (entry.Details["first_name"].GetProperty("from").GetString(), entry.Details["first_name"].GetProperty("to").GetString()));
        Assert.Equal(("new", "converted"), (entry.Details["status"].GetProperty("from").GetString(), entry.Details["status"].GetProperty("to").GetString()));
    }

    [Fact]
    public async Task A_patch_that_changes_nothing_is_not_noted()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();

        var same = await user.Api.Contacts.UpdateAsync(contact.Id, new() { FirstName = contact.FirstName });

        Assert.Equal(contact.UpdatedAt, same.UpdatedAt);
        Assert.Equal(TimelineKind.ContactCreated, Assert.Single((await user.Api.Contacts.GetTimelineAsync(contact.Id)).Data).Kind);
    }

    [Fact]
    public async Task Pages_of_a_timeline_follow_one_another_and_belong_to_its_contact()
    {
        var user = await server.NewUserAsync();
        var (contact, other) = (await user.NewContactAsync(), await user.NewContactAsync());
        for (var i = 0; i < 6; i++)
        {
            await user.Api.Contacts.UpdateAsync(contact.Id, new() { Company = $"Company {i}" });
            await user.Api.Contacts.UpdateAsync(other.Id, new() { Company = $"Company {i}" });
        }
        var whole = (await user.Api.Contacts.GetTimelineAsync(contact.Id)).Data;

        var first = await user.Api.Contacts.GetTimelineAsync(contact.Id, new() { Limit = 4 });
        var second = await user.Api.Contacts.GetTimelineAsync(contact.Id, new() { Limit = 4, Cursor = first.NextCursor });
        var changes = await user.Api.Contacts.GetTimelineAsync(contact.Id, new() { Limit = 6 });
        var beginning = Assert.Single((await user.Api.Contacts.GetTimelineAsync(contact.Id, new() { Limit = 6, Cursor = changes.NextCursor })).Data);
        var upwards = new List<Client.TimelineEntry>();
        Client.Page<Client.TimelineEntry>? page = null;
        do
        {
            page = await user.Api.Contacts.GetTimelineAsync(contact.Id, new() { Sort = "created_at", Limit = 2, Cursor = page?.NextCursor });
            upwards.AddRange(page.Data);
        }
        while (page.HasMore);

        Assert.Equal((7, true, false), (whole.Count, first.HasMore, second.HasMore));
        Assert.Equal(whole.Select(e => e.Id), first.Data.Concat(second.Data).Select(e => e.Id));
        Assert.Equal(whole.Select(e => e.OccurredAt).OrderDescending(), whole.Select(e => e.OccurredAt));
        Assert.Equal((TimelineKind.ContactCreated, contact.CreatedAt, "Ada Lovelace"), (beginning.Kind, beginning.OccurredAt, beginning.Actor));
        Assert.Equal(whole.Select(e => e.Id), upwards.Select(e => e.Id).Reverse());
        await InvalidAsync("cursor", () => user.Api.Contacts.GetTimelineAsync(other.Id, new() { Limit = 4, Cursor = first.NextCursor }));
        await InvalidAsync("q", () => user.Api.Contacts.GetTimelineAsync(other.Id, new() { Q = "x" }));
    }

    [Fact]
    public async Task Nobody_has_the_timeline_of_a_contact_that_is_not_there()
    {
        var (user, stranger) = (await server.NewUserAsync(), await server.NewUserAsync());
        var contact = await user.NewContactAsync();

        await RefusedAsync(404, () => stranger.Api.Contacts.GetTimelineAsync(contact.Id));
        await user.Api.Contacts.DeleteAsync(contact.Id);
        await RefusedAsync(404, () => user.Api.Contacts.GetTimelineAsync(contact.Id));
    }

    [Fact]
    public async Task Calls_and_conversations_stand_in_it_with_their_ids_and_particulars()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync();
        var conversation = await user.NewConversationAsync(campaign.Id);
        await user.Api.Conversations.UpdateAsync(conversation.Id, new() { Stage = "closing" });
        await user.Api.Calls.FailAsync(conversation.CallId!.Value, new() { Reason = "line was cut" });

        var entries = (await user.Api.Contacts.GetTimelineAsync(conversation.ContactId)).Data.ToDictionary(e => e.Kind);

        Assert.Equal(conversation.CallId, entries[TimelineKind.CallScheduled].CallId);
        Assert.Equal((conversation.CallId, conversation.Id), (entries[TimelineKind.ConversationStarted].CallId, entries[TimelineKind.ConversationStarted].ConversationId));
        Assert.Equal("set by hand", entries[TimelineKind.StageChanged].Details["reason"].GetString());
        Assert.Equal(("failed", "line was cut"),
            (entries[TimelineKind.CallEnded].Details["status"].GetString(), entries[TimelineKind.CallEnded].Details["reason"].GetString()));
    }
}
