using CallAgent.Client;

namespace CallAgent.Tests;

public sealed class ConversationPageTests(TestServer server)
{
    [Fact]
    public async Task The_list_shows_stage_turns_and_mood_and_filters()
    {
        var user = await server.NewUserAsync();
        var campaign = await CallPageTests.ScriptedAsync(user);
        var (talk, other) = (await user.NewConversationAsync(campaign.Id), await user.NewConversationAsync());
        await user.Api.Conversations.AppendTurnAsync(talk.Id, new() { Speaker = Speaker.Contact, Text = "Tell me", SentimentScore = 0.5 });

        var row = (await user.PageAsync($"/conversations?stage=needs_assessment&campaign_id={campaign.Id}")).QuerySelectorAll("tbody tr").Single();

        Assert.Equal($"/conversations/{talk.Id}", row.QuerySelector("a.row-link")!.GetAttribute("href"));
        Assert.All(new[] { "Grace Hopper", "Needs assessment", "Spring", "Good +0.5" }, text => Assert.Contains(text, row.TextContent, StringComparison.Ordinal));
        Assert.Contains(row.QuerySelectorAll("td.num"), cell => cell.TextContent == "1 turn");
        Assert.Equal($"/conversations/{other.Id}",
            (await user.PageAsync($"/conversations?contact_id={other.ContactId}")).QuerySelectorAll("a.row-link").Single().GetAttribute("href"));
        Assert.Contains("No such conversations", (await user.PageAsync("/conversations?q=nobody")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reader_marks_stages_draws_the_mood_and_plays_the_recording()
    {
        var user = await server.NewUserAsync();
        var call = await user.NewCallAsync((await CallPageTests.ScriptedAsync(user)).Id);
        var talk = await user.Api.Conversations.CreateAsync(new() { CallId = call.Id });
        foreach (var (text, mood) in new[] { ("No", -0.5), ("Tell me", 0.2), ("Fine, <b>write</b> to ada@acme.example", 0.9) })
        {
            await user.Api.Conversations.AppendTurnAsync(talk.Id, new() { Speaker = Speaker.Contact, Text = text, SentimentScore = mood });
        }
        await user.Api.Calls.UpdateAsync(call.Id, new() { RecordingUrl = "https://recordings.example/1.mp3" });

        var page = await user.PageAsync($"/conversations/{talk.Id}");

        Assert.Equal(["Introduction", "Needs assessment"], page.QuerySelectorAll(".stage-mark").Select(m => m.TextContent));
        Assert.Equal("keyword \"tell me\"", page.QuerySelector(".turn-why")!.TextContent);
        Assert.Contains("from −0.5 to +0.9", page.QuerySelector(".mood figcaption")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("https://recordings.example/1.mp3", page.QuerySelector("audio")!.GetAttribute("src"));
        Assert.Contains("ada@acme.example", page.QuerySelector("aside")!.TextContent, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector(".turn b"));
    }

    [Fact]
    public async Task A_long_transcript_is_read_and_searched_by_pieces_at_the_same_cost()
    {
        var user = await server.NewUserAsync();
        var talk = await user.NewConversationAsync();
        await AddAsync(5);
        var few = await CommandsAsync();
        await AddAsync(240);

        var first = await user.PageAsync($"/conversations/{talk.Id}");
        var second = await user.PageAsync(first.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
        var hit = await user.PageAsync($"/conversations/{talk.Id}?q=STRASSE%20231&hit=1");
        var found = await user.Http.GetAsync($"/conversations/{talk.Id}?q=strasse");

        Assert.Equal((200, 45), (first.QuerySelectorAll(".turn").Length, second.QuerySelectorAll(".turn").Length));
        Assert.Equal(("turn-237", "Strasse 231"), (hit.QuerySelector(".turn[data-hit]")!.Id, hit.QuerySelector("mark")!.TextContent));
        Assert.Equal($"/conversations/{talk.Id}?q=strasse&hit=1#turn-1", found.Headers.Location!.ToString());
        Assert.Equal(few, await CommandsAsync());

        async Task AddAsync(int turns)
        {
            for (var i = 0; i < turns; i++)
            {
                await user.Api.Conversations.AppendTurnAsync(talk.Id, new() { Speaker = Speaker.Contact, Text = $"Strasse {i}" });
            }
        }

        Task<int> CommandsAsync() => server.CommandsAsync(user.Id, () => user.PageAsync($"/conversations/{talk.Id}"));
    }
}
