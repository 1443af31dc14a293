using System.Text.Json;
using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class TurnRepeatTests(TestServer server)
{
    [Fact]
    public async Task A_turn_sent_many_times_at_once_is_there_once()
    {
        var user = await server.NewUserAsync();
        var talk = await user.NewConversationAsync((await CallPageTests.ScriptedAsync(user)).Id);
        var turn = new AppendTurn { ClientId = "a", Speaker = Speaker.Contact, Text = "Tell me, I am at grace@navy.example" };

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => user.Api.Conversations.AppendTurnAsync(talk.Id, turn)));
        var after = await user.Api.Conversations.AppendTurnAsync(talk.Id, new() { ClientId = "b", Speaker = Speaker.Agent, Text = "Good." });

        Assert.All(answers, a => Assert.Equal(
            (1, "needs_assessment", "keyword \"tell me\"", "grace@navy.example", "What do you use?"),
            (a.Turn.Position, a.Stage, a.Transition!.Reason, a.Extracted["email"], a.Script)));
        Assert.Equal(2, after.Turn.Position);
        var conversation = await user.Api.Conversations.GetAsync(talk.Id);
        Assert.Equal((2, 2), (conversation.TurnCount, conversation.Transcript!.Count));
        var summary = await user.Api.Conversations.GetSummaryAsync(talk.Id);
        Assert.Equal((1, 2), (summary.ContactTurns, summary.StagesVisited.Count));
    }

    [Fact]
    public async Task A_client_id_is_of_one_turn_of_one_conversation()
    {
        var user = await server.NewUserAsync();
        var (talk, other) = (await user.NewConversationAsync(), await user.NewConversationAsync());
        var turn = new AppendTurn { ClientId = "a", Speaker = Speaker.Contact, Text = "Yes" };
        await user.Api.Conversations.AppendTurnAsync(talk.Id, turn);

        Assert.Equal("/problems/turn-id-taken", (await RefusedAsync(409, () => user.Api.Conversations.AppendTurnAsync(talk.Id, turn with { Text = "No" }))).Type);
        await RefusedAsync(409, () => user.Api.Conversations.AppendTurnAsync(talk.Id, turn with { Speaker = Speaker.Agent }));
        Assert.Equal(1, (await user.Api.Conversations.AppendTurnAsync(other.Id, turn)).Turn.Position);
        await InvalidAsync("client_id", () => user.Api.Conversations.AppendTurnAsync(talk.Id, turn with { ClientId = new string('x', 65) }));
        Assert.Equal(1, (await user.Api.Conversations.GetAsync(talk.Id)).TurnCount);
    }

    [Fact]
    public async Task A_turn_costs_the_same_whatever_the_length_of_the_conversation()
    {
        var user = await server.NewUserAsync();
        var talk = await user.NewConversationAsync();
        var n = 0;
        var first = await CostAsync();
        while (n < 300)
        {
            await SayAsync();
        }

        Assert.Equal(first, await CostAsync());

        Task SayAsync() => user.Api.Conversations.AppendTurnAsync(talk.Id, new() { ClientId = $"{n++}", Speaker = Speaker.Contact, Text = "Hm" });

        Task<int> CostAsync() => server.CommandsAsync(user.Id, SayAsync);
    }

    [Fact]
    public async Task Changes_of_what_was_collected_at_once_are_all_kept()
    {
        var user = await server.NewUserAsync();
        var talk = await user.NewConversationAsync();
        await CollectAsync("old", "x");

        await Task.WhenAll(
            [.. Enumerable.Range(0, 8).Select(i => CollectAsync($"field_{i}", $"{i}")),
                user.Api.Conversations.AppendTurnAsync(talk.Id, new() { Speaker = Speaker.Contact, Text = "I am at grace@navy.example" })]);
        await CollectAsync("old", null);

        var collected = (await user.Api.Conversations.GetAsync(talk.Id)).CollectedData;
        Assert.Equal(["email", .. Enumerable.Range(0, 8).Select(i => $"field_{i}")], collected.Keys.Order());

        Task<Client.Conversation> CollectAsync(string field, string? value) => user.Api.Conversations.CollectAsync(
            talk.Id, new() { Fields = new Dictionary<string, JsonElement> { [field] = JsonSerializer.SerializeToElement(value) } });
    }
}
