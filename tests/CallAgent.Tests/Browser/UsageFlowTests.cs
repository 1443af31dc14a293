namespace CallAgent.Tests;

/// <summary>The use of the plan, as a browser lays it out.</summary>
[Collection(BrowserTests.Name)]
public sealed class UsageFlowTests(Chromium chromium)
{
    [Fact]
    public async Task The_bar_of_a_limit_that_is_reached_stands_beside_the_others()
    {
        var user = await chromium.NewUserAsync();
        for (var n = 0; n < 3; n++)
        {
            await user.NewCampaignAsync($"Campaign {n}");
        }
        await using var window = await chromium.OpenAsync(user);
        await window.GoAsync("/usage");
        await window.SeesAsync("The limit is reached.");

        var heights = await window.Page.Locator(".limit progress").EvaluateAllAsync<double[]>("all => all.map(e => e.getBoundingClientRect().top)");

        Assert.Equal(3, heights.Length);
        Assert.Single(heights.Distinct());
    }
}
