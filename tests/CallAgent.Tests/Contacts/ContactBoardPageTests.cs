using CallAgent.Client;

namespace CallAgent.Tests;

public sealed class ContactBoardPageTests(TestServer server)
{
    [Fact]
    public async Task The_board_takes_one_command_a_lane_one_for_the_counts_and_one_for_its_feed()
    {
        var user = await server.NewUserAsync();
        for (var i = 0; i < 30; i++)
        {
            await user.NewContactAsync();
        }

        Assert.Equal(8, await server.CommandsAsync(user.Id, () => user.PageAsync("/contacts/board")));
    }

    [Fact]
    public async Task A_lane_says_how_many_there_are_and_goes_on_after_its_last_card()
    {
        var user = await server.NewUserAsync();
        for (var i = 0; i < 25; i++)
        {
            await user.NewContactAsync();
        }

        var first = await user.PageAsync("/contacts/board");
        var more = await user.PageAsync(first.QuerySelector("#more-new a")!.GetAttribute("href")!);

        Assert.Equal("25", first.QuerySelector("[data-status=new] .count")!.TextContent);
        var (shown, others) = (Cards(first), Cards(more));
        Assert.Equal((20, 5), (shown.Count, others.Count));
        Assert.Empty(shown.Intersect(others));
        Assert.Null(more.QuerySelector("#more-new"));

        static List<string> Cards(AngleSharp.Html.Dom.IHtmlDocument page) => [.. page.QuerySelectorAll("[data-status=new] .lane-card").Select(c => c.GetAttribute("data-id")!)];
    }

    [Fact]
    public async Task A_search_leaves_those_that_match_and_counts_what_is_shown()
    {
        var user = await server.NewUserAsync();
        var (grace, _) = (await user.NewContactAsync("Grace"), await user.NewContactAsync("Ada"));

        var page = await user.PageAsync("/contacts/board?q=grace");

        Assert.Equal(grace.Id.ToString(), Assert.Single(page.QuerySelectorAll(".lane-card")).GetAttribute("data-id"));
        Assert.Equal("1", page.QuerySelector("[data-status=new] .count")!.TextContent);
    }

    [Fact]
    public async Task A_card_is_moved_by_a_plain_form()
    {
        var (user, stranger) = (await server.NewUserAsync(), await server.NewUserAsync());
        var contact = await user.NewContactAsync();

        var answer = await user.SendFormAsync($"/contacts/{contact.Id}/move", ("status", "converted"));

        Assert.NotNull((await answer.ReadPageAsync()).QuerySelector($"[data-status=converted] [data-id='{contact.Id}']"));
        await (await user.SendFormAsync($"/contacts/{contact.Id}/move", ("status", "nowhere"))).ReadPageAsync(400);
        await (await stranger.SendFormAsync($"/contacts/{contact.Id}/move", ("status", "lost"))).ReadPageAsync(404);
        Assert.Equal(ContactStatus.Converted, (await user.Api.Contacts.GetAsync(contact.Id)).Status);
    }
}
