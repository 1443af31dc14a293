using System.Net;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>The dashboard and the page of the plan.</summary>
public sealed class DashboardPageTests(TestServer server)
{
    private const int Commands = 11;

    [Fact]
    public async Task A_new_users_dashboard_leads_to_the_next_step()
    {
        var user = await server.NewUserAsync();
        var page = await PageClient.OfAsync(server, user);

        var empty = await page.GetAsync("/dashboard");
        Assert.Contains("Three steps to your first call", empty.Text, StringComparison.Ordinal);
        Assert.NotNull(empty.Document.QuerySelector("main a.btn-primary[href='/welcome']"));
        Assert.Null(empty.Document.QuerySelector(".tiles"));

        await user.NewCampaignAsync();
        await user.NewContactAsync();
        Assert.NotNull((await page.GetAsync("/dashboard")).Document.QuerySelector("main a.btn-primary[href='/calls/next']"));
    }

    [Fact]
    public async Task It_shows_what_happened_and_whom_to_call_next()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync("Autumn");
        await EndedCallAsync(user, campaign.Id, 3661);
        await user.Api.Calls.FailAsync((await user.NewCallAsync()).Id, new() { Reason = "busy" });
        var contact = await user.NewContactAsync("Barbara", "Liskov");
        await user.Api.Calls.CreateAsync(new() { ContactId = contact.Id, CampaignId = campaign.Id, ScheduledTime = TimeProvider.System.GetUtcNow().AddHours(-1) });

        var shown = await (await PageClient.OfAsync(server, user)).GetAsync("/dashboard");

        Assert.Contains("Calls made 2", shown.Text, StringComparison.Ordinal);
        Assert.Contains("Reached 1", shown.Text, StringComparison.Ordinal);
        Assert.Contains("Answer rate 50%", shown.Text, StringComparison.Ordinal);
        Assert.Contains("Talk time 1 h 1 min", shown.Text, StringComparison.Ordinal);
        Assert.Contains("1 overdue", shown.Text, StringComparison.Ordinal);
        Assert.Contains("Barbara Liskov", shown.Text, StringComparison.Ordinal);
        Assert.Contains("1 of 2 calls over · 100% reached", shown.Text, StringComparison.Ordinal);
        Assert.All(shown.Document.QuerySelectorAll("svg[role=img]"), chart => Assert.NotEmpty(chart.GetAttribute("aria-label")!));
        Assert.Equal(30, shown.Document.QuerySelectorAll("details.data-table")[0].QuerySelectorAll("tbody tr").Length);
        Assert.DoesNotContain("style=", shown.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("90", 90)]
    [InlineData("", 30)]
    [InlineData("a thousand years", 30)]
    public async Task The_address_chooses_the_period(string period, int days)
    {
        var user = await server.NewUserAsync();
        await user.NewCallAsync();

        var shown = await (await PageClient.OfAsync(server, user)).GetAsync("/dashboard?period=" + Uri.EscapeDataString(period));

        Assert.Equal(days, shown.Document.QuerySelectorAll("details.data-table")[0].QuerySelectorAll("tbody tr").Length);
    }

    [Fact]
    public async Task The_address_chooses_a_campaign_of_ones_own()
    {
        var (user, stranger) = (await server.NewUserAsync(), await server.NewUserAsync());
        var (campaign, foreign) = (await user.NewCampaignAsync("Autumn"), await stranger.NewCampaignAsync("Secret"));
        await EndedCallAsync(user, campaign.Id, 60);
        await EndedCallAsync(user, null, 600);
        var page = await PageClient.OfAsync(server, user);

        var shown = await page.GetAsync($"/dashboard?campaign_id={campaign.Id}&period=7");
        Assert.Contains("Calls made 1", shown.Text, StringComparison.Ordinal);
        Assert.Contains("Talk time 1 min", shown.Text, StringComparison.Ordinal);
        Assert.NotNull(shown.Document.QuerySelector($"a[href='/dashboard?campaign_id={campaign.Id}&period=90']"));

        Assert.Equal(HttpStatusCode.NotFound, (await page.GetAsync($"/dashboard?campaign_id={foreign.Id}")).Status);
        await Refusals.RefusedAsync(400, () => user.Api.GetDashboardAsync(new() { CampaignId = foreign.Id }));
        await Refusals.RefusedAsync(400, () => user.Api.GetDashboardAsync(new() { Days = 367 }));
    }

    [Fact]
    public async Task Its_queries_are_few_and_do_not_grow()
    {
        var user = await server.NewUserAsync(Plan.Basic);
        var page = await PageClient.OfAsync(server, user);
        await user.NewConversationAsync((await user.NewCampaignAsync()).Id);
        var few = await server.CommandsAsync(user.Id, () => page.GetAsync("/dashboard"));
        for (var n = 0; n < 4; n++)
        {
            await user.NewConversationAsync((await user.NewCampaignAsync($"Campaign {n}")).Id);
        }

        Assert.Equal(few, await server.CommandsAsync(user.Id, () => page.GetAsync("/dashboard")));
        Assert.InRange(few, 1, Commands);
    }

    [Fact]
    public async Task The_plan_page_warns_before_a_limit_and_says_how_to_change()
    {
        var user = await server.NewUserAsync();
        var page = await PageClient.OfAsync(server, user);
        for (var n = 0; n < 3; n++)
        {
            await user.NewCampaignAsync($"Campaign {n}");
        }

        var usage = await page.GetAsync("/usage");

        Assert.Equal("bad", usage.Document.QuerySelector("progress[aria-label='Campaigns']")!.GetAttribute("data-tone"));
        Assert.Null(usage.Document.QuerySelector("progress[aria-label='Contacts']")!.GetAttribute("data-tone"));
        Assert.Contains("3 of 3", usage.Text, StringComparison.Ordinal);
        Assert.Matches(@"begin anew on \d+/1/\d{4}", usage.Text);
        Assert.Contains("ask whoever runs this installation", usage.Text, StringComparison.Ordinal);
        Assert.InRange(await server.CommandsAsync(user.Id, () => page.GetAsync("/usage")), 1, 2);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(4, 4)]
    [InlineData(5, 8)]
    [InlineData(41, 48)]
    [InlineData(50, 60)]
    [InlineData(100_001, 120_000)]
    public void A_scale_holds_its_largest_value_in_four_easy_steps(long largest, long top)
    {
        var scale = Server.ChartScale.For(largest);

        Assert.Equal(top, scale.Top);
        Assert.Equal([top, top * 3 / 4, top / 2, top / 4, 0], scale.Marks);
    }

    private static async Task EndedCallAsync(TestUser user, Guid? campaignId, int seconds)
    {
        var call = await user.NewCallAsync(campaignId);
        await user.Api.Calls.StartAsync(call.Id);
        await user.Api.Calls.EndAsync(call.Id, new() { DurationSeconds = seconds });
    }
}
