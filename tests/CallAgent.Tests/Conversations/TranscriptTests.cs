using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>The transcript is a list like every other.</summary>
public sealed class TranscriptTests(TestServer server)
{
    [Theory]
    [InlineData(null, "1 2 3 4 5")]
    [InlineData("-position", "5 4 3 2 1")]
    public async Task It_is_walked_page_after_page(string? sort, string expected)
    {
        var (user, talk) = await TalkAsync(turns: 5);
        var seen = new List<int>();
        string? cursor = null;
        do
        {
            var page = await user.Api.Conversations.ListTurnsAsync(talk, new() { Limit = 2, Sort = sort, Cursor = cursor });
            seen.AddRange(page.Data.Select(t => t.Position));
            Assert.Equal(page.HasMore, page.NextCursor is not null);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(expected, string.Join(' ', seen));
        Assert.Equal(expected, string.Join(' ', await user.Api.Conversations.AllTurnsAsync(talk, new() { Limit = 2, Sort = sort }).Select(t => t.Position).ToListAsync()));
    }

    [Fact]
    public async Task Whoever_follows_a_conversation_asks_for_what_is_new()
    {
        var (user, talk) = await TalkAsync(turns: 5);

        var piece = await user.Api.Conversations.GetTurnsAfterAsync(talk, 1, limit: 3);

        Assert.Equal([2, 3, 4], piece.Data.Select(t => t.Position));
        Assert.Equal(5, Assert.Single((await user.Api.Conversations.ListTurnsAsync(talk, new() { Limit = 3, Cursor = piece.NextCursor, Filters = After("1") })).Data).Position);
        Assert.False((await user.Api.Conversations.GetTurnsAfterAsync(talk, 4)).HasMore);
        Assert.Empty((await user.Api.Conversations.GetTurnsAfterAsync(talk, 5)).Data);
    }

    [Fact]
    public async Task What_makes_no_sense_is_named()
    {
        var (user, talk) = await TalkAsync(turns: 2);
        var (_, other) = (await user.NewConversationAsync(), await user.NewConversationAsync());
        var cursor = (await user.Api.Conversations.ListTurnsAsync(talk, new() { Limit = 1 })).NextCursor;

        await InvalidAsync("limit", () => user.Api.Conversations.ListTurnsAsync(talk, new() { Limit = 201 }));
        await InvalidAsync("after", () => user.Api.Conversations.ListTurnsAsync(talk, new() { Filters = After("-1") }));
        await InvalidAsync("after", () => user.Api.Conversations.ListTurnsAsync(talk, new() { Filters = After("9999999999") }));
        await InvalidAsync("speaker", () => user.Api.Conversations.ListTurnsAsync(talk, new() { Filters = new Dictionary<string, string> { ["speaker"] = "agent" } }));
        // A cursor serves the transcript it was made for.
        await InvalidAsync("cursor", () => user.Api.Conversations.ListTurnsAsync(other.Id, new() { Limit = 1, Cursor = cursor }));
        await RefusedAsync(404, () => user.Api.Conversations.ListTurnsAsync(Guid.CreateVersion7()));
    }

    [Fact]
    public async Task A_page_is_one_query_however_long_the_transcript()
    {
        var (user, talk) = await TalkAsync(turns: 12);
        var cursor = (await user.Api.Conversations.ListTurnsAsync(talk, new() { Limit = 2 })).NextCursor;

        Assert.Equal(1, await server.CommandsAsync(user.Id, () => user.Api.Conversations.ListTurnsAsync(talk)));
        Assert.Equal(1, await server.CommandsAsync(user.Id, () => user.Api.Conversations.ListTurnsAsync(talk, new() { Limit = 2, Cursor = cursor })));
    }

    private static Dictionary<string, string> After(string value) => new() { ["after"] = value };

    private async Task<(TestUser User, Guid Id)> TalkAsync(int turns)
    {
        var user = await server.NewUserAsync();
        var talk = await user.NewConversationAsync();
        for (var i = 0; i < turns; i++)
        {
            await user.Api.Conversations.AppendTurnAsync(talk.Id, new() { Speaker = Speaker.Agent, Text = $"{i}" });
        }
        return (user, talk.Id);
    }
}
