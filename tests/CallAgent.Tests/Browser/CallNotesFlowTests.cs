using Microsoft.Playwright;

namespace CallAgent.Tests;

/// <summary>Notes of a call, in a browser: whichever way the page goes, they are saved.</summary>
[Collection(BrowserTests.Name)]
public sealed class CallNotesFlowTests(Chromium chromium)
{
    [Theory]
    [InlineData("a link")]
    [InlineData("another page")]
    [InlineData("the next call")]
    public async Task What_was_noted_a_moment_before_the_page_is_left_is_saved(string way)
    {
        var user = await chromium.NewUserAsync();
        var call = await user.NewCallAsync();
        await using var window = await chromium.OpenAsync(user);
        await window.GoAsync($"/calls/{call.Id}");
        await window.PressAsync("o");
        await window.Page.Keyboard.InsertTextAsync("Wants an offer.");

        await (way switch
        {
            "a link" => window.Page.Locator("#desk-contact h2 a").ClickAsync(),
            "another page" => window.GoAsync("/contacts"),
            _ => window.PressAsync("Alt+n"),
        });

        await IsNotedAsync(user, call.Id, "Wants an offer.");
    }

    [Fact]
    public async Task What_was_noted_a_moment_before_the_call_is_ended_is_saved_before_it()
    {
        var user = await chromium.NewUserAsync();
        var call = await user.NewCallAsync();
        await user.Api.Calls.StartAsync(call.Id);
        await using var window = await chromium.OpenAsync(user);
        var sent = new List<string>();
        window.Page.Request += (_, request) => sent.Add(request.Method);
        await window.GoAsync($"/calls/{call.Id}");
        sent.Clear();
        await window.PressAsync("Alt+o");
        await window.Page.Keyboard.InsertTextAsync("Wants an offer.");

        await window.PressAsync("Alt+e");

        await Assertions.Expect(window.Page.Locator("call-desk[data-status=completed]")).ToBeVisibleAsync();
        Assert.Equal(["PATCH", "POST"], sent.Where(m => m != "GET"));
        Assert.Equal("Wants an offer.", (await user.Api.Calls.GetAsync(call.Id)).Notes);
    }

    [Fact]
    public async Task A_draft_is_sent_when_the_call_is_opened_again_below_what_others_noted_since()
    {
        var user = await chromium.NewUserAsync();
        var call = await user.NewCallAsync();
        await user.Api.Calls.UpdateAsync(call.Id, new() { Notes = "Met at the fair." });
        await using var window = (await chromium.OpenAsync(user)).Expect("Failed to load resource");
        await window.GoAsync($"/calls/{call.Id}");
        await window.Page.RouteAsync("**/api/calls/*", route => route.AbortAsync());
        await window.PressAsync("o", "End");
        await window.Page.Keyboard.TypeAsync(" Wants an offer.");
        await Assertions.Expect(window.Page.Locator("[data-saved]")).ToHaveTextAsync("Not saved yet");
        await window.GoAsync("/contacts");
        await user.Api.Calls.UpdateAsync(call.Id, new() { Notes = "Met at the fair. A colleague called." });
        await window.Page.UnrouteAsync("**/api/calls/*");

        await window.GoAsync($"/calls/{call.Id}");

        const string both = "Met at the fair. A colleague called.\nWants an offer.";
        await Assertions.Expect(window.Page.Locator("[data-saved]")).ToHaveTextAsync("Saved");
        await Assertions.Expect(window.Page.Locator("[name=notes]")).ToHaveValueAsync(both);
        await Assertions.Expect(window.Page.Locator(".draft-note")).ToHaveCountAsync(0);
        await IsNotedAsync(user, call.Id, both);
    }

    // The request outlives its page, and so comes a moment later.
    private static async Task IsNotedAsync(TestUser user, Guid call, string notes)
    {
        for (var patience = 0; patience < 100 && (await user.Api.Calls.GetAsync(call)).Notes != notes; patience++)
        {
            await Task.Delay(50);
        }
        Assert.Equal(notes, (await user.Api.Calls.GetAsync(call)).Notes);
    }
}
