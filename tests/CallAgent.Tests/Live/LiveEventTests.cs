using System.Net;

namespace CallAgent.Tests;

/// <summary>What followers of a user hear over HTTP.</summary>
public sealed class LiveEventTests(TestServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongerThanALook = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Both_clients_hear_of_a_change()
    {
        var user = await server.NewUserAsync();
        using var first = await EventStream.OpenAsync(user.Http);
        using var second = await EventStream.OpenAsync(user.Http, "contacts");

        await user.NewContactAsync();

        Assert.Equal("contacts,usage", await first.NextAsync(Patience));
        Assert.Equal("contacts", await second.NextAsync(Patience));
        Assert.Equal("text/event-stream", first.Response.Content.Headers.ContentType?.MediaType);
        Assert.Empty(first.Response.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Another_users_change_never_arrives()
    {
        var (user, stranger) = (await server.NewUserAsync(), await server.NewUserAsync());
        using var events = await EventStream.OpenAsync(user.Http);

        await stranger.NewConversationAsync();

        Assert.Null(await events.NextAsync(LongerThanALook));
        await user.NewContactAsync();
        Assert.Equal("contacts,usage", await events.NextAsync(Patience));
    }

    [Fact]
    public async Task Topics_that_were_not_asked_for_stay_silent_and_no_change_is_told_twice()
    {
        var user = await server.NewUserAsync();
        using var campaigns = await EventStream.OpenAsync(user.Http, "campaigns");
        using var contacts = await EventStream.OpenAsync(user.Http, "contacts");

        await user.NewContactAsync();

        Assert.Equal("contacts", await contacts.NextAsync(Patience));
        Assert.Null(await contacts.NextAsync(LongerThanALook));
        Assert.Null(await campaigns.NextAsync(TimeSpan.FromMilliseconds(100)));
    }

    [Fact]
    public async Task What_bulk_statements_and_outer_transactions_change_is_told_after_the_commit()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync();
        var conversation = await user.NewConversationAsync(campaign.Id);
        using var events = await EventStream.OpenAsync(user.Http);

        await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Client.Speaker.Contact, Text = "Hello." });
        Assert.Equal("conversations", await events.NextAsync(Patience));

        await user.Api.Campaigns.DeleteAsync(campaign.Id);
        Assert.Equal("calls,conversations,campaigns,usage", await events.NextAsync(Patience));
    }

    [Fact]
    public async Task The_stream_ends_soon_after_its_session()
    {
        var registration = TestServer.NewRegistration();
        using var http = server.CreateClient();
        await new Client.CallAgentClient(http).Auth.RegisterAsync(registration);
        using var events = await EventStream.OpenAsync(http);

        await new Client.CallAgentClient(http).Auth.LogoutAsync();

        Assert.True(await events.EndsAsync(Patience));
    }

    [Fact]
    public async Task The_stream_ends_soon_after_its_account_was_suspended()
    {
        var user = await server.NewUserAsync();
        using var events = await EventStream.OpenAsync(user.Http);

        await server.SetStatusAsync(user.Id, Client.UserStatus.Suspended);

        Assert.True(await events.EndsAsync(Patience));
    }

    [Fact]
    public async Task A_member_holds_only_so_many_streams_and_gets_their_place_back()
    {
        var user = await server.NewUserAsync();
        var streams = new List<EventStream>();
        for (var i = 0; i < LiveChanges.MostFeeds; i++)
        {
            streams.Add(await EventStream.OpenAsync(user.Http));
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, (await user.Http.GetAsync("/events")).StatusCode);

        streams[0].Dispose();

        for (var tries = 0; ; tries++)
        {
            using var retry = await user.Http.GetAsync("/events", HttpCompletionOption.ResponseHeadersRead);
            if (retry.StatusCode == HttpStatusCode.OK)
            {
                break;
            }
            Assert.True(tries < 50, "The place of a stream that has ended is not given back.");
            await Task.Delay(100);
        }
        streams.ForEach(s => s.Dispose());
    }

    [Theory]
    [InlineData("/contacts")]
    [InlineData("/contacts/board")]
    [InlineData("/dashboard")]
    [InlineData("/usage")]
    public async Task A_page_says_where_its_feed_begins(string path)
    {
        var user = await server.NewUserAsync();
        var page = await PageClient.OfAsync(server, user);
        var since = (await page.GetAsync(path)).Document.QuerySelector("live-events")?.GetAttribute("since");
        await user.NewContactAsync();

        using var stream = await EventStream.OpenAsync(user.Http, $"contacts&since={since}");
        using var late = await EventStream.OpenAsync(user.Http, "contacts");

        Assert.Equal("contacts", await stream.NextAsync(TimeSpan.FromSeconds(2)));
        Assert.Null(await late.NextAsync(TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3.4.5.6")]
    [InlineData("0-0.0-0.0-0.0-0.0-0.x")]
    [InlineData("ffffffffffffffff-0.0-0.0-0.0-0.0-0.1")]
    public async Task A_mark_that_no_page_was_given_is_named_as_an_error(string since)
    {
        var user = await server.NewUserAsync();

        var response = await user.Http.GetAsync($"/events?topics=contacts&since={since}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("\"since\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/events?topics=contacts,secrets", 400)]
    [InlineData("/events?topics=0", 400)]
    public async Task An_unknown_topic_is_named_as_an_error(string path, int status)
    {
        var user = await server.NewUserAsync();

        var response = await user.Http.GetAsync(path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains("\"topics\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await server.Anonymous().GetAsync("/events")).StatusCode);
    }
}
