using System.Text.Json;
using CallAgent.Client;

namespace CallAgent.Tests;

public sealed class ContactDetailPageTests(TestServer server)
{
    [Fact]
    public async Task Each_tab_takes_few_commands()
    {
        var user = await server.NewUserAsync();
        var conversation = await user.NewConversationAsync();
        var path = $"/contacts/{conversation.ContactId}";

        Assert.Equal(4, await server.CommandsAsync(user.Id, () => user.PageAsync(path)));
        Assert.Equal(3, await server.CommandsAsync(user.Id, () => user.PageAsync(path + "?tab=calls")));
        Assert.Equal(3, await server.CommandsAsync(user.Id, () => user.PageAsync(path + "?tab=conversations")));
    }

    [Fact]
    public async Task The_timeline_tells_what_happened_in_words_with_what_changed()
    {
        var user = await server.NewUserAsync();
        var conversation = await user.NewConversationAsync();
        await user.Api.Conversations.UpdateAsync(conversation.Id, new() { Stage = "closing" });
        await user.Api.Calls.StartAsync(conversation.CallId!.Value);
        await user.Api.Calls.EndAsync(conversation.CallId.Value, new() { DurationSeconds = 95 });
        var fields = new Dictionary<string, JsonElement> { ["seats"] = JsonSerializer.SerializeToElement(12) };
        await user.Api.Contacts.UpdateAsync(conversation.ContactId, new() { Status = ContactStatus.NotInterested, LastName = null, CustomFields = new(fields) });
        var missed = await user.Api.Calls.CreateAsync(new() { ContactId = conversation.ContactId });
        await user.Api.Calls.FailAsync(missed.Id, new() { Reason = "no_answer" });

        var page = await user.PageAsync($"/contacts/{conversation.ContactId}");

        var told = page.QuerySelectorAll(".timeline .what").Select(w => w.TextContent).ToList();
        foreach (var words in new[] { "Called, no answer", "Details changed", "Call ended after 1:35", "Call started", "Introduction → Closing", "Conversation began with Introduction", "Added as a contact" })
        {
            Assert.Contains(words, told);
        }
        var changes = page.QuerySelectorAll(".timeline .change").Select(c => string.Join(' ', c.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(["Last name Hopper became empty", "Status Contacted became Not interested", "seats 12"], changes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_timeline_has_pages_and_calls_and_conversations_have_tabs()
    {
        var user = await server.NewUserAsync();
        var conversation = await user.NewConversationAsync();
        var path = $"/contacts/{conversation.ContactId}";
        for (var i = 0; i < 22; i++)
        {
            await user.Api.Contacts.UpdateAsync(conversation.ContactId, new() { Company = $"Company {i}" });
        }

        var first = await user.PageAsync(path);
        var second = await user.PageAsync(first.QuerySelector("a[rel=next]")!.GetAttribute("href")!);

        Assert.Equal((20, 5), (first.QuerySelectorAll(".timeline > li").Length, second.QuerySelectorAll(".timeline > li").Length));
        Assert.NotNull((await user.PageAsync(path + "?tab=calls")).QuerySelector($".rows a[href='/calls/{conversation.CallId}']"));
        Assert.NotNull((await user.PageAsync(path + "?tab=conversations")).QuerySelector($".rows a[href='/conversations/{conversation.Id}']"));
    }

    [Fact]
    public async Task A_number_to_mend_is_marked_and_not_offered_to_be_called()
    {
        var user = await server.NewUserAsync();
        var contact = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = "+1234567890" });
        var sound = await user.NewContactAsync();

        var page = await user.PageAsync($"/contacts/{contact.Id}");

        Assert.Contains("cannot be dialled", page.QuerySelector(".note-warm")!.TextContent);
        Assert.Null(page.QuerySelector("a[href^='/calls/new?contact_id']"));
        Assert.NotNull(page.QuerySelector("a[href='tel:+1234567890']"));
        Assert.NotNull((await user.PageAsync($"/contacts/{sound.Id}")).QuerySelector($"a[href='/calls/new?contact_id={sound.Id}']"));
        Assert.Single((await user.PageAsync("/contacts?phone_valid=false")).QuerySelectorAll("tbody tr"));
    }

    [Fact]
    public async Task Tags_and_fields_are_added_changed_and_taken_away()
    {
        var user = await server.NewUserAsync();
        var path = $"/contacts/{(await user.NewContactAsync()).Id}";

        await user.SendFormAsync(path + "/tags", ("tag", "Key Account"));
        await user.SendFormAsync(path + "/tags", ("tag", "old"));
        await user.SendFormAsync(path + "/tags", ("tag", ""), ("remove", "old"));
        await user.SendFormAsync(path + "/fields", ("name", "seats"), ("kind", "number"), ("text", "12"));
        await user.SendFormAsync(path + "/fields", ("name", "active"), ("kind", "yes_no"), ("text", "no"));
        await user.SendFormAsync(path + "/fields", ("name", "seats"), ("kind", "text"), ("text", "12"));
        await user.SendFormAsync(path + "/fields", ("name", "active"), ("kind", "yes_no"), ("text", "no"), ("remove", "active"));

        var contact = Assert.Single((await user.Api.Contacts.ListAsync()).Data);
        Assert.Equal(["key-account"], contact.Tags);
        Assert.Equal(("seats", JsonValueKind.String), (Assert.Single(contact.CustomFields).Key, contact.CustomFields["seats"].ValueKind));
    }

    [Fact]
    public async Task A_wrong_tag_or_value_is_said_where_it_was_typed()
    {
        var user = await server.NewUserAsync();
        var path = $"/contacts/{(await user.NewContactAsync()).Id}";

        var tag = await (await user.SendFormAsync(path + "/tags", ("tag", "a,b"))).ReadPageAsync(400);
        var field = await (await user.SendFormAsync(path + "/fields", ("name", "seats"), ("kind", "number"), ("text", "many"))).ReadPageAsync(400);

        Assert.Equal("a,b", tag.QuerySelector("#new-tag[aria-invalid]")!.GetAttribute("value"));
        var form = field.QuerySelector("details.custom-field[open]")!;
        Assert.Contains("Is not a number", form.QuerySelector(".error")!.TextContent);
        Assert.Equal(["seats", "many"], form.QuerySelectorAll("input[name=name], input[name=text]").Select(i => i.GetAttribute("value")));
    }

    [Fact]
    public async Task A_form_from_before_somebody_elses_change_is_kept_and_saved_only_when_it_is_sent_once_more()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();
        var path = $"/contacts/{contact.Id}/edit";
        var version = (await user.PageAsync(path)).QuerySelector("input[name=version]")!.GetAttribute("value")!;
        await user.Api.Contacts.UpdateAsync(contact.Id, new() { Company = "Navy" });

        var refused = await (await SendAsync(version)).ReadPageAsync(412);

        Assert.Equal("Navy", (await user.Api.Contacts.GetAsync(contact.Id)).Company);
        Assert.Equal("Ada", refused.QuerySelector("input[name=first_name]")!.GetAttribute("value"));
        Assert.Contains("Somebody else", refused.QuerySelector(".note-warm")!.TextContent);
        await SendAsync(refused.QuerySelector("input[name=version]")!.GetAttribute("value")!);
        Assert.Equal("Ada", (await user.Api.Contacts.GetAsync(contact.Id)).FirstName);

        Task<HttpResponseMessage> SendAsync(string seen) =>
            user.SendFormAsync(path, ("version", seen), ("phone_number", contact.PhoneNumber), ("first_name", "Ada"), ("status", "new"), ("tags", ""));
    }

    [Fact]
    public async Task Two_fields_set_at_once_are_both_kept()
    {
        var user = await server.NewUserAsync();
        var path = $"/contacts/{(await user.NewContactAsync()).Id}";

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => user.SendFormAsync(path + "/fields", ("name", $"f{i}"), ("kind", "number"), ("text", $"{i}"))));

        Assert.Equal(6, Assert.Single((await user.Api.Contacts.ListAsync()).Data).CustomFields.Count);
    }

    [Fact]
    public async Task Another_users_contact_has_no_page()
    {
        var (user, stranger) = (await server.NewUserAsync(), await server.NewUserAsync());
        var path = $"/contacts/{(await user.NewContactAsync()).Id}";

        foreach (var page in new[] { path, path + "?tab=calls", path + "/edit", path + "/delete" })
        {
            await stranger.PageAsync(page, 404);
        }
        await (await stranger.SendFormAsync(path + "/edit", ("phone_number", TestUser.NewPhone()))).ReadPageAsync(404);
    }
}
