using AngleSharp.Html.Dom;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>The desk at which a call is made, by plain forms.</summary>
public sealed class CallPageTests(TestServer server)
{
    [Fact]
    public async Task A_whole_call_works_by_plain_forms()
    {
        var user = await server.NewUserAsync();
        var (contact, campaign) = (await user.NewContactAsync(), await ScriptedAsync(user));

        var desk = await user.PostPageAsync("/calls/new", ("contact_id", contact.Id.ToString()), ("campaign_id", campaign.Id.ToString()), ("when", "now"));
        var call = Assert.Single((await user.Api.Calls.ListAsync()).Data);
        Assert.Equal(CallStatus.InProgress, call.Status);
        Assert.Equal("Hello Grace, from company.", desk.QuerySelector(".script-text")!.TextContent);
        Assert.Equal("company", desk.QuerySelector(".script-text .hole")!.TextContent);
        Assert.Equal($"tel:{contact.PhoneNumber}", desk.QuerySelector("a.dial")!.GetAttribute("href"));
        Assert.Equal(["Email", "Budget"], MissingIn(desk));

        desk = await user.PostPageAsync($"/calls/{call.Id}/turns", ("speaker", "contact"), ("text", "Tell me more, write to grace@navy.example"));
        Assert.Contains("keyword \"tell me\"", desk.QuerySelector(".move-note")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("What do you use?", desk.QuerySelector(".script-text")!.TextContent);
        Assert.Equal(["Budget"], MissingIn(desk));

        desk = await user.PostPageAsync($"/calls/{call.Id}/stage", ("stage", "introduction"));
        Assert.Equal("Introduction", desk.QuerySelector(".rail-stage[data-state=now]")!.TextContent.Trim());
        await user.PostPageAsync($"/calls/{call.Id}/collected", ("collected.budget", "20,000"), ("collected.email", ""), ("new_field", "seats"), ("new_value", "12"));
        await user.PostPageAsync($"/calls/{call.Id}/notes", ("notes", "Prefers mornings"));
        await user.PostPageAsync($"/calls/{call.Id}/outcome", ("contact_status", "interested"));
        desk = await user.PostPageAsync($"/calls/{call.Id}/status", ("status", "completed"), ("duration_seconds", "75"));

        var ended = await user.Api.Calls.GetAsync(call.Id);
        Assert.Equal((CallStatus.Completed, 75, "Prefers mornings"), (ended.Status, ended.DurationSeconds!.Value, ended.Notes!));
        Assert.Equal("1:15", desk.QuerySelector(".call-timer")!.TextContent);
        Assert.Equal(ContactStatus.Interested, (await user.Api.Contacts.GetAsync(contact.Id)).Status);
        var conversation = Assert.Single((await user.Api.Conversations.ListAsync()).Data);
        Assert.Equal(["budget", "seats"], conversation.CollectedData.Keys.Order());
    }

    [Theory]
    [InlineData("no_answer", CallStatus.NoAnswer)]
    [InlineData("busy", CallStatus.Busy)]
    [InlineData("failed", CallStatus.Failed)]
    public async Task A_call_that_did_not_take_place_is_ended_by_one_button(string button, CallStatus status)
    {
        var user = await server.NewUserAsync();
        var call = await user.NewCallAsync();

        await user.PostPageAsync($"/calls/{call.Id}/status", ("status", "in_progress"));
        await user.PostPageAsync($"/calls/{call.Id}/status", ("status", button));

        Assert.Equal(status, (await user.Api.Calls.GetAsync(call.Id)).Status);
        // Nobody talked, and the figures of stages count talks.
        Assert.Empty((await user.Api.Conversations.ListAsync()).Data);
    }

    [Fact]
    public async Task What_was_noted_wrongly_is_corrected_from_the_menu()
    {
        var user = await server.NewUserAsync();
        var call = await user.NewCallAsync();
        var desk = await user.PostPageAsync($"/calls/{call.Id}/status", ("status", "no_answer"));
        Assert.Equal(["busy", "failed"], Offered(desk));

        desk = await user.PostPageAsync($"/calls/{call.Id}/correct", ("status", "busy"));

        Assert.Equal(["no_answer", "failed"], Offered(desk));
        Assert.Contains("Call corrected: No answer → Busy", (await user.PageAsync($"/contacts/{call.ContactId}")).Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains("never started", (await user.PostPageAsync($"/calls/{call.Id}/correct", 409, ("status", "completed"))).Body!.TextContent, StringComparison.Ordinal);
        await user.PostPageAsync($"/calls/{call.Id}/correct", 400, ("status", "wonderful"));

        static IEnumerable<string?> Offered(IHtmlDocument desk) => desk.QuerySelectorAll("form[action$='/correct'] button").Select(b => b.GetAttribute("value"));
    }

    [Fact]
    public async Task Pasted_lines_become_turns_and_a_form_sent_twice_adds_nothing()
    {
        var user = await server.NewUserAsync();
        var call = await user.NewCallAsync();
        (string, string)[] form = [("speaker", "contact"), ("text", "Hi.\nAgent: Hello: all well?\nand you?\n\nContact: Fine"), ("client_id", "once")];

        await user.PostPageAsync($"/calls/{call.Id}/turns", form);
        await user.PostPageAsync($"/calls/{call.Id}/turns", form);

        var conversation = Assert.Single((await user.Api.Conversations.ListAsync()).Data);
        var turns = (await user.Api.Conversations.ListTurnsAsync(conversation.Id)).Data;
        Assert.Equal([(Speaker.Contact, "Hi."), (Speaker.Agent, "Hello: all well?\nand you?"), (Speaker.Contact, "Fine")], turns.Select(t => (t.Speaker, t.Text)));
    }

    [Fact]
    public async Task What_cannot_be_done_is_said_and_what_was_typed_is_kept()
    {
        var user = await server.NewUserAsync();
        var bad = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = "+1234567890" });
        var call = await user.NewCallAsync();
        await user.Api.Calls.StartAsync(call.Id);

        var page = await user.PostPageAsync("/calls/new", 409, ("contact_id", bad.Id.ToString()), ("when", "now"));
        Assert.Contains("This number cannot be dialled", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Single((await user.Api.Calls.ListAsync()).Data);
        var again = await user.PostPageAsync($"/calls/{call.Id}/status", 409, ("status", "in_progress"));
        Assert.Contains("The call cannot do that now", again.QuerySelector("#desk-problem")!.TextContent, StringComparison.Ordinal);
        var tooLong = new string('x', 10_001);
        var refused = await user.PostPageAsync($"/calls/{call.Id}/turns", 400, ("speaker", "agent"), ("text", tooLong));
        Assert.Equal(tooLong, refused.QuerySelector("[data-turns] textarea")!.TextContent);
        Assert.NotNull(refused.QuerySelector("[data-turns] .error"));
        Assert.NotNull((await user.PostPageAsync($"/calls/{call.Id}/callback", 400, ("callback_time", "soon"))).QuerySelector(".callback[open] .error"));
        await user.PostPageAsync($"/calls/{call.Id}/stage", 400, ("stage", "Not a slug"));
        await user.PostPageAsync($"/calls/{call.Id}/outcome", 400, ("contact_status", "happy"));
    }

    [Fact]
    public async Task The_limit_of_the_plan_is_said_with_the_way_to_it()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();
        for (var i = 0; i < 50; i++)
        {
            await user.Api.Calls.CreateAsync(new() { ContactId = contact.Id });
        }

        var page = await user.PostPageAsync("/calls/new", 403, ("contact_id", contact.Id.ToString()), ("when", "now"));

        Assert.Contains("The plan's limit is reached", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector("main a[href='/usage']"));
    }

    [Fact]
    public async Task More_turns_than_somebody_says_at_once_are_refused_and_none_is_added()
    {
        var user = await server.NewUserAsync();
        var call = await user.NewCallAsync();
        await user.Api.Calls.StartAsync(call.Id);
        var text = string.Join('\n', Enumerable.Range(0, 101).Select(n => $"me: {n}"));

        var refused = await user.PostPageAsync($"/calls/{call.Id}/turns", 400, ("speaker", "agent"), ("text", text));

        Assert.Contains("100 turns", refused.QuerySelector("[data-turns] .error")!.TextContent);
        Assert.Empty((await user.Api.Conversations.ListAsync()).Data);
    }

    [Fact]
    public async Task Pages_take_as_many_queries_for_many_rows_as_for_one()
    {
        var user = await server.NewUserAsync();
        var campaign = await ScriptedAsync(user);
        var call = await user.NewCallAsync(campaign.Id);
        await user.PostPageAsync($"/calls/{call.Id}/status", ("status", "in_progress"));
        await user.Api.Conversations.CreateAsync(new() { CallId = call.Id });
        await TalkAsync(1);
        var (list, desk) = (await CommandsAsync("/calls"), await CommandsAsync($"/calls/{call.Id}"));
        Assert.Equal((3, 7), (list, desk));

        for (var i = 0; i < 6; i++)
        {
            var other = await user.Api.Calls.CreateAsync(new() { ContactId = call.ContactId, CampaignId = campaign.Id });
            await user.Api.Conversations.CreateAsync(new() { CallId = other.Id });
            await user.NewCallAsync();
        }
        await TalkAsync(80);

        Assert.Equal((list, desk), (await CommandsAsync("/calls"), await CommandsAsync($"/calls/{call.Id}")));

        Task<int> CommandsAsync(string path) => server.CommandsAsync(user.Id, () => user.PageAsync(path));

        async Task TalkAsync(int turns)
        {
            var conversation = (await user.Api.Conversations.ListAsync(new() { Filters = new Dictionary<string, string> { ["call_id"] = call.Id.ToString() } })).Data.Single();
            for (var i = 0; i < turns; i++)
            {
                await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Agent, Text = $"turn {i}" });
            }
        }
    }

    [Fact]
    public async Task A_viewer_reads_the_desk_and_cannot_work_at_it()
    {
        var estate = await Estate.CreateAsync(server);
        var email = await Members.AddAsync(server, estate.User.Id, MemberRole.Viewer);
        var token = await new CallAgentClient(server.Anonymous()).Auth.CreateTokenAsync(new() { Email = email, Password = Members.Password });

        var desk = await estate.User.PageAsync($"/calls/{estate.Ids["calls"]}", token: token.AccessToken);

        Assert.Empty(desk.QuerySelectorAll("main form"));
        Assert.NotNull(desk.QuerySelector(".rail-stage[disabled]"));
    }

    internal static async Task<Client.Campaign> ScriptedAsync(TestUser user) => await user.Api.Campaigns.CreateAsync(new()
    {
        Name = "Spring",
        ScriptTemplate = new Dictionary<string, StageScript>
        {
            ["introduction"] = new() { Script = "Hello {{ contact.first_name }}, from {{ contact.company }}.", TransitionRules = new() { Keywords = ["tell me"] } },
            ["needs_assessment"] = new() { Script = "What do you use?" },
        },
        DataCollectionFields = ["email", "budget"],
    });

    private static IEnumerable<string> MissingIn(IHtmlDocument desk) => desk.QuerySelectorAll(".detail-line[data-missing] > span").Select(e => e.TextContent);
}
