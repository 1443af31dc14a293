using Microsoft.Playwright;

namespace CallAgent.Tests;

/// <summary>What is collected in a call, in a browser, while others find out something too.</summary>
[Collection(BrowserTests.Name)]
public sealed class CallFieldsFlowTests(Chromium chromium)
{
    [Fact]
    public async Task A_detail_that_is_typed_leaves_those_alone_that_were_found_out_meanwhile()
    {
        var (user, window, talk) = await DeskAsync();
        await using var _ = window;
        await user.Api.Conversations.CollectAsync(talk, new() { Fields = Of("email", "grace@navy.example") });

        await Field(window, "budget").FillAsync("20,000");
        await window.PressAsync("Tab");
        await Assertions.Expect(Field(window, "email")).ToHaveValueAsync("grace@navy.example");

        Assert.Equal(("20,000", "grace@navy.example"), (await KnownAsync(user, talk, "budget"), await KnownAsync(user, talk, "email")));
    }

    [Fact]
    public async Task Details_are_typed_one_after_the_other_in_the_order_in_which_they_stand()
    {
        var (user, window, talk) = await DeskAsync();
        await using var _ = window;
        var answers = 0;
        window.Page.Response += (_, response) => answers += response.Url.EndsWith("/collected", StringComparison.Ordinal) ? 1 : 0;
        await window.PressAsync("Alt+i");
        await window.Page.Keyboard.TypeAsync("grace@navy.example");
        await window.PressAsync("Tab");
        // With the answer, the first of three is known, and would stand below the others.
        await Assertions.Expect(window.Page.Locator("#desk-fields .badge")).ToHaveTextAsync("2 missing");
        await Assertions.Expect(Field(window, "budget")).ToBeFocusedAsync();

        await window.Page.Keyboard.TypeAsync("20,000");
        await window.PressAsync("Tab");
        await window.Page.Keyboard.TypeAsync("Mornings");
        await window.PressAsync("Tab");
        await window.Page.Keyboard.TypeAsync("seats");
        await window.PressAsync("Tab");
        await window.Page.Keyboard.TypeAsync("12");
        await window.PressAsync("Enter");

        await Assertions.Expect(Field(window, "seats")).ToHaveValueAsync("12");
        Assert.Equal(["collected.email", "collected.budget", "collected.time", "collected.seats", "new_field", "new_value"],
            await window.Page.Locator("[data-save-changes] input:not([type=hidden])").EvaluateAllAsync<string[]>("all => all.map(e => e.name)"));
        foreach (var (field, value) in new[] { ("email", "grace@navy.example"), ("budget", "20,000"), ("time", "Mornings"), ("seats", "12") })
        {
            Assert.Equal(value, await KnownAsync(user, talk, field));
        }
        Assert.InRange(answers, 4, 8);
    }

    [Fact]
    public async Task A_detail_that_is_emptied_is_forgotten()
    {
        var (user, window, talk) = await DeskAsync("20,000");
        await using var _ = window;

        await Field(window, "budget").FillAsync("");
        await window.PressAsync("Enter");

        await Assertions.Expect(window.Page.Locator("#desk-fields .badge")).ToHaveTextAsync("3 missing");
        Assert.Empty((await user.Api.Conversations.GetAsync(talk)).CollectedData);
    }

    private static ILocator Field(Window window, string name) => window.Page.Locator($"input[name='collected.{name}']");

    private static Dictionary<string, System.Text.Json.JsonElement> Of(string field, string value) =>
        new() { [field] = System.Text.Json.JsonSerializer.SerializeToElement(value) };

    private static async Task<string?> KnownAsync(TestUser user, Guid talk, string field) =>
        (await user.Api.Conversations.GetAsync(talk)).CollectedData.GetValueOrDefault(field).GetString();

    // A call that goes on, of a campaign that asks for three details.
    private async Task<(TestUser User, Window Window, Guid Talk)> DeskAsync(string? budget = null)
    {
        var user = await chromium.NewUserAsync();
        var campaign = await user.Api.Campaigns.CreateAsync(new() { Name = "Spring", Stages = ["introduction"], DataCollectionFields = ["email", "budget", "time"] });
        var call = await user.NewCallAsync(campaign.Id);
        await user.Api.Calls.StartAsync(call.Id);
        var talk = await user.Api.Conversations.CreateAsync(new() { CallId = call.Id, CollectedData = budget is null ? [] : Of("budget", budget) });
        var window = await chromium.OpenAsync(user);
        await window.GoAsync($"/calls/{call.Id}");
        return (user, window, talk.Id);
    }
}
