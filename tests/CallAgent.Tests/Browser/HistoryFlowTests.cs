using Microsoft.Playwright;

namespace CallAgent.Tests;

/// <summary>Back and forward lead through what a person has seen, also where only a part of the page was changed.</summary>
[Collection(BrowserTests.Name)]
public sealed class HistoryFlowTests(Chromium chromium)
{
    [Fact]
    public async Task Back_and_forward_bring_back_searches_filters_and_what_was_typed()
    {
        var user = await chromium.NewUserAsync();
        var grace = await user.NewContactAsync("Grace");
        await user.NewContactAsync("Ada");
        await user.NewContactAsync("Edsger");
        await using var window = await chromium.OpenAsync(user);
        var rows = window.Page.Locator("#contacts tbody tr");
        await window.GoAsync("/contacts");

        await window.Page.GetByLabel("Search contacts").FillAsync("gra");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await window.IsAtAsync("q=gra$");
        await window.Page.GetByLabel("Search contacts").FillAsync("hopper");
        await Assertions.Expect(rows).ToHaveCountAsync(3);
        await window.IsAtAsync("q=hopper$");
        await rows.Locator("a.row-link", new() { HasText = "Grace" }).ClickAsync();
        await window.IsAtAsync($"/contacts/{grace.Id}$");

        await BackAsync("q=hopper$", 3, "hopper");
        await BackAsync("q=gra$", 1, "gra");
        await BackAsync("/contacts$", 3, "");
        await window.Page.GoForwardAsync();
        await IsAsync("q=gra$", 1, "gra");
        await window.Page.GoForwardAsync();
        await IsAsync("q=hopper$", 3, "hopper");

        // The page that came back is a whole one: its search works on.
        await window.Page.GetByLabel("Search contacts").FillAsync("ada");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Assertions.Expect(window.Page.Locator(".shell")).ToHaveCountAsync(1);

        async Task BackAsync(string address, int count, string typed)
        {
            await window.Page.GoBackAsync();
            await IsAsync(address, count, typed);
        }

        async Task IsAsync(string address, int count, string typed)
        {
            await window.IsAtAsync(address);
            await Assertions.Expect(rows).ToHaveCountAsync(count);
            await Assertions.Expect(window.Page.GetByLabel("Search contacts")).ToHaveValueAsync(typed);
            await Assertions.Expect(window.Page.Locator(".shell")).ToHaveCountAsync(1);
        }
    }

    [Theory]
    [InlineData("/calls", "#calls")]
    [InlineData("/conversations", "#conversations")]
    public async Task Filters_of_the_other_lists_come_back_too(string path, string list)
    {
        var user = await chromium.NewUserAsync();
        foreach (var name in new[] { "Spring", "Autumn" })
        {
            await user.NewConversationAsync((await user.NewCampaignAsync(name)).Id);
        }
        await using var window = await chromium.OpenAsync(user);
        var rows = window.Page.Locator($"{list} tbody tr");
        await window.GoAsync(path);
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await window.Page.Locator("select[name=campaign_id]").SelectOptionAsync(new SelectOptionValue { Label = "Spring" });
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await window.IsAtAsync("campaign_id=");

        await window.Page.GoBackAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await Assertions.Expect(window.Page.Locator("select[name=campaign_id]")).ToHaveValueAsync("");
        await window.Page.GoForwardAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Assertions.Expect(window.Page.Locator("select[name=campaign_id] option:checked")).ToHaveTextAsync("Spring");
    }
}
