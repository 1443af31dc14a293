using System.Text.Json;
using CallAgent.Client;
using Microsoft.EntityFrameworkCore;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class ConversationTests(TestServer server)
{
    [Fact]
    public async Task Contact_and_campaign_follow_from_the_call()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.Api.Campaigns.CreateSampleAsync(SampleType.Survey);
        var call = await user.NewCallAsync(campaign.Id);

        var conversation = await user.Api.Conversations.CreateAsync(new() { CallId = call.Id });

        Assert.Equal((call.ContactId, campaign.Id, campaign.Stages[0]), (conversation.ContactId, conversation.CampaignId!.Value, conversation.Stage));
    }

    [Fact]
    public async Task Turns_sent_at_once_are_appended_one_after_the_other()
    {
        var user = await server.NewUserAsync();
        var conversation = await user.NewConversationAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i =>
            user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = $"turn {i}" })));

        Assert.Equal(Enumerable.Range(1, 32), answers.Select(a => a.Turn.Position).Order());
        var transcript = (await user.Api.Conversations.GetAsync(conversation.Id)).Transcript!;
        Assert.Equal(answers.OrderBy(a => a.Turn.Position).Select(a => a.Turn.Text), transcript.Select(t => t.Text));
    }

    [Fact]
    public async Task What_is_said_moves_the_stage_fills_the_data_and_answers_the_next_line()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.Api.Campaigns.CreateAsync(new()
        {
            Name = "Spring",
            ScriptTemplate = new Dictionary<string, StageScript>
            {
                ["introduction"] = new() { Script = "Hi.", TransitionRules = new() { Keywords = ["tell me"] } },
                ["needs_assessment"] = new() { Script = "What do you use, {{ contact.first_name }}?", TransitionRules = new() { SentimentThreshold = 0.3 } },
                ["solution_presentation"] = new() { Script = "Look.", TransitionRules = new() { MinTurns = 2 } },
            },
            DataCollectionFields = ["email", "E-mail", "phone", "budget"],
        });
        var conversation = await user.NewConversationAsync(campaign.Id);

        Assert.Null((await SayAsync("I know nothing")).Transition);
        var moved = await SayAsync("Tell  me more. My name is Grace Hopper, write to grace@navy.example", 0.1);
        Assert.Equal(("needs_assessment", "keyword \"tell me\"", "What do you use, Grace?"), (moved.Stage, moved.Transition!.Reason, moved.Script));
        Assert.Equal("grace@navy.example", moved.Extracted["email"]);
        Assert.Equal("sentiment 0.4 ≥ 0.3", (await SayAsync("Fine", 0.4)).Transition!.Reason);
        Assert.Null((await SayAsync("Hm")).Transition);
        Assert.Equal("min_turns 2", (await SayAsync("Hm, call me on 415 555 0133")).Transition!.Reason);

        var summary = await user.Api.Conversations.GetSummaryAsync(conversation.Id);
        Assert.Equal(["introduction", "needs_assessment", "solution_presentation", "objection_handling"], summary.StagesVisited);
        Assert.Equal(["budget"], summary.MissingFields);
        Assert.Equal((5, 0.25), (summary.ContactTurns, summary.SentimentScore!.Value));

        Task<TurnResult> SayAsync(string text, double? sentiment = null) =>
            user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = text, SentimentScore = sentiment });
    }

    [Fact]
    public async Task A_guess_that_is_not_taken_fills_no_other_name_of_the_field()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.Api.Campaigns.CreateAsync(new() { Name = "Spring", DataCollectionFields = ["full_name", "phone"] });
        var conversation = await user.NewConversationAsync(campaign.Id);
        await user.Api.Conversations.CollectAsync(conversation.Id, new() { Fields = new Dictionary<string, JsonElement> { ["first_name"] = JsonSerializer.SerializeToElement("Grace") } });

        await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = "I'm Bob Miller, 415 555 0133" });

        Assert.Equal(["first_name", "phone", "phone_number"], (await user.Api.Conversations.GetAsync(conversation.Id)).CollectedData.Keys.Order());
    }

    [Fact]
    public async Task A_line_says_what_the_caller_knows_and_what_was_found_out()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.Api.Campaigns.CreateAsync(new()
        {
            Name = "Spring",
            ScriptTemplate = new Dictionary<string, StageScript> { ["introduction"] = new() { Script = "{{ context.offer }} for {{ collected.company }}, {{ contact.first_name }}" } },
        });
        var conversation = await user.NewConversationAsync(campaign.Id);
        var context = new Dictionary<string, JsonElement> { ["offer"] = JsonSerializer.SerializeToElement("20 % off") };

        var turn = await user.Api.Conversations.AppendTurnAsync(conversation.Id,
            new() { Speaker = Speaker.Contact, Text = "I work at Acme Corp.", ClientId = "one", Context = context });
        var again = await user.Api.Conversations.AppendTurnAsync(conversation.Id,
            new() { Speaker = Speaker.Contact, Text = "I work at Acme Corp.", ClientId = "one", Context = context });
        var rendered = await user.Api.Campaigns.RenderScriptAsync(campaign.Id, new() { Stage = "introduction", ConversationId = conversation.Id, Context = context });

        Assert.Equal(("20 % off for Acme Corp, Grace", turn.Script, turn.Script), (turn.Script, again.Script, rendered.Script));
        await InvalidAsync("conversation_id", () => user.Api.Campaigns.RenderScriptAsync(campaign.Id, new() { Stage = "introduction", ConversationId = Guid.CreateVersion7() }));
        var other = (await user.NewConversationAsync()).Id;
        await InvalidAsync("conversation_id", () => user.Api.Campaigns.RenderScriptAsync(campaign.Id, new() { Stage = "introduction", ConversationId = other }));
        var contact = (await user.NewContactAsync()).Id;
        await InvalidAsync("contact_id", () => user.Api.Campaigns.RenderScriptAsync(campaign.Id, new() { Stage = "introduction", ConversationId = conversation.Id, ContactId = contact }));
    }

    [Fact]
    public async Task A_key_reads_nothing_out_of_a_script_that_it_may_not_read()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.Api.Campaigns.CreateAsync(new()
        {
            Name = "Spring",
            ScriptTemplate = new Dictionary<string, StageScript> { ["introduction"] = new() { Script = "Hi {{ contact.first_name }}" } },
        });
        var conversation = await user.NewConversationAsync(campaign.Id);

        foreach (var (scopes, script) in new[] { (new[] { "conversations:write" }, "Hi "), (["conversations:write", "contacts:read"], "Hi Grace") })
        {
            var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "bot", Scopes = scopes });
            var http = server.Anonymous();
            http.DefaultRequestHeaders.Add("X-API-Key", key.Key);
            var turn = await new CallAgentClient(http).Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = "Hello" });
            Assert.Equal((script, script.Length > 3 ? 0 : 1), (turn.Script, turn.Missing.Count));
        }
    }

    [Fact]
    public async Task What_was_said_first_may_come_last()
    {
        var user = await server.NewUserAsync();
        var conversation = await user.NewConversationAsync();
        var then = new DateTimeOffset(2026, 11, 1, 7, 0, 0, TimeSpan.Zero);
        foreach (var (seconds, length) in new[] { (60, 0), (0, 60), (30, 60), (90, 90) })
        {
            await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = "Hm", Timestamp = then.AddSeconds(seconds) });
            Assert.Equal(length, (await user.Api.Conversations.GetAsync(conversation.Id)).DurationSeconds);
        }
    }

    [Fact]
    public async Task A_conversation_that_is_full_takes_no_more_turns()
    {
        var user = await server.NewUserAsync();
        var conversation = await user.NewConversationAsync();
        await using (var db = server.Host.Database.Open(TenantScope.Of(user.Id)))
        {
            await db.Conversations.ExecuteUpdateAsync(s => s.SetProperty(c => c.TurnCount, 1_999));
        }

        await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = "the last" });

        Assert.Equal("/problems/conversation-full",
            (await RefusedAsync(409, () => user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = "one more" }))).Type);
        Assert.Single((await user.Api.Conversations.GetAsync(conversation.Id)).Transcript!);
    }

    [Fact]
    public async Task Lists_leave_the_transcript_out()
    {
        var user = await server.NewUserAsync();
        var conversation = await user.NewConversationAsync();
        await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Agent, Text = "Hello" });

        Assert.Null(Assert.Single((await user.Api.Conversations.ListAsync()).Data).Transcript);
        Assert.Single((await user.Api.Conversations.GetAsync(conversation.Id)).Transcript!);
    }

    [Fact]
    public async Task A_conversation_whose_stage_is_taken_out_of_the_campaign_goes_on_at_the_first()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.Api.Campaigns.CreateAsync(new() { Name = "Spring", Stages = ["first", "second"] });
        var conversation = await user.NewConversationAsync(campaign.Id);
        await user.Api.Campaigns.UpdateAsync(campaign.Id, new()
        {
            Stages = new(["opening", "second"]),
            ScriptTemplate = new(new Dictionary<string, StageScript> { ["opening"] = new() { Script = "Good day." } }),
        });

        var result = await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = "Hello" });

        Assert.Equal(("opening", "Good day."), (result.Stage, result.Script));
        Assert.Equal(("first", "opening", "its stage is no longer one of the campaign's"), (result.Transition!.From, result.Transition.To, result.Transition.Reason));
    }

    [Fact]
    public async Task A_line_that_cannot_be_rendered_is_not_said_by_half_and_the_turn_is_kept()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.Api.Campaigns.CreateAsync(new()
        {
            Name = "Spring",
            Stages = ["first"],
            ScriptTemplate = new Dictionary<string, StageScript> { ["first"] = new() { Script = "Hello {{ contact.nick }}. {{ 1 | divided_by: collected.n }} Good bye." } },
        });
        var conversation = await user.NewConversationAsync(campaign.Id);

        var stopped = await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = "Hello" });
        await user.Api.Conversations.UpdateAsync(conversation.Id, new() { CollectedData = new(new Dictionary<string, JsonElement> { ["n"] = JsonSerializer.SerializeToElement(1) }) });
        var said = await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = "Yes?" });

        Assert.Equal("", stopped.Script);
        Assert.NotNull(stopped.ScriptProblem);
        Assert.Equal(("Hello . 1 Good bye.", null), (said.Script, said.ScriptProblem));
        Assert.Equal(["contact.nick"], said.Missing);
        Assert.Equal(2, (await user.Api.Conversations.GetAsync(conversation.Id)).TurnCount);
    }

    [Theory]
    [InlineData("I'm Chicago based.", "Grace Brewster Hopper", "Grace", "Hopper")]
    [InlineData("My name is Ada Lovelace.", "Ada Lovelace", "Ada", "Lovelace")]
    [InlineData("My name is Ada.", "Ada", "Ada", null)]
    public async Task A_name_is_replaced_as_a_whole_and_not_by_a_guess(string text, string name, string? first, string? last)
    {
        var user = await server.NewUserAsync();
        var conversation = await user.NewConversationAsync();
        await user.Api.Conversations.UpdateAsync(conversation.Id, new()
        {
            CollectedData = new(new Dictionary<string, JsonElement>
            {
                ["name"] = JsonSerializer.SerializeToElement("Grace Brewster Hopper"),
                ["first_name"] = JsonSerializer.SerializeToElement("Grace"),
                ["last_name"] = JsonSerializer.SerializeToElement("Hopper"),
            }),
        });

        await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = text });

        var known = (await user.Api.Conversations.GetAsync(conversation.Id)).CollectedData;
        Assert.Equal((name, first, last), (Of("name"), Of("first_name"), Of("last_name")));
        string? Of(string field) => known.TryGetValue(field, out var value) ? value.GetString() : null;
    }

    [Fact]
    public async Task Nothing_and_blanks_are_not_collected()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.Api.Campaigns.CreateAsync(new() { Name = "Spring", DataCollectionFields = ["name", "email", "budget"] });
        var contact = await user.NewContactAsync();
        var conversation = await user.Api.Conversations.CreateAsync(new()
        {
            ContactId = contact.Id,
            CampaignId = campaign.Id,
            CollectedData = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"name": null, "email": " ", "budget": 0}"""),
        });

        var summary = await user.Api.Conversations.GetSummaryAsync(conversation.Id);

        Assert.Equal(["name", "email"], summary.MissingFields);
        Assert.Contains("One detail was collected", summary.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_not_been_said_yet_is_refused()
    {
        var user = await server.NewUserAsync();
        var conversation = await user.NewConversationAsync();

        await InvalidAsync("timestamp", () => user.Api.Conversations.AppendTurnAsync(
            conversation.Id, new() { Speaker = Speaker.Contact, Text = "Hello", Timestamp = TimeProvider.System.GetUtcNow().AddHours(1) }));

        Assert.Empty((await user.Api.Conversations.GetAsync(conversation.Id)).Transcript!);
    }

    [Fact]
    public async Task Bad_conversations_name_the_field()
    {
        var user = await server.NewUserAsync();
        var (call, other) = (await user.NewCallAsync((await user.NewCampaignAsync()).Id), await user.NewContactAsync());
        var conversation = await user.Api.Conversations.CreateAsync(new() { CallId = call.Id });

        await InvalidAsync("contact_id", () => user.Api.Conversations.CreateAsync(new()));
        await InvalidAsync("contact_id", () => user.Api.Conversations.CreateAsync(new() { CallId = call.Id, ContactId = other.Id }));
        var elsewhere = await user.NewCampaignAsync("Elsewhere");
        await InvalidAsync("campaign_id", () => user.Api.Conversations.CreateAsync(new() { CallId = call.Id, CampaignId = elsewhere.Id }));
        await InvalidAsync("call_id", () => user.Api.Conversations.CreateAsync(new() { CallId = Guid.NewGuid() }));
        await InvalidAsync("stage", () => user.Api.Conversations.CreateAsync(new() { CallId = call.Id, Stage = "nowhere" }));
        await InvalidAsync("stage", () => user.Api.Conversations.UpdateAsync(conversation.Id, new() { Stage = "nowhere" }));
        await InvalidAsync("sentiment_score", () => user.Api.Conversations.AppendTurnAsync(
            conversation.Id, new() { Speaker = Speaker.Contact, Text = "x", SentimentScore = 2 }));
    }
}
