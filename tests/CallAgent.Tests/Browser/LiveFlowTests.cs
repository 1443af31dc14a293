using Microsoft.Playwright;

namespace CallAgent.Tests;

/// <summary>What others do shows in an open page, and nowhere else.</summary>
[Collection(BrowserTests.Name)]
public sealed class LiveFlowTests(Chromium chromium)
{
    [Fact]
    public async Task Two_windows_follow_a_call_that_somebody_else_makes()
    {
        var (user, stranger) = (await chromium.NewUserAsync(), await chromium.NewUserAsync());
        await EndedCallAsync(user);
        await EndedCallAsync(stranger);
        await using var first = await chromium.OpenAsync(user);
        await using var second = await chromium.OpenAsync(user, WindowOptions.Phone);
        await using var other = await chromium.OpenAsync(stranger);
        foreach (var window in new[] { first, second, other })
        {
            await window.GoAsync("/dashboard");
            await Made(window, "1");
        }
        await first.Page.Locator("details.data-table > summary").First.ClickAsync();
        await first.Page.EvaluateAsync("window.stayed = true");

        await EndedCallAsync(user);

        await Made(first, "2");
        await Made(second, "2");
        Assert.True(await first.Page.EvaluateAsync<bool>("window.stayed"), "The page was loaded anew.");
        Assert.True(await first.Page.Locator("details.data-table").First.EvaluateAsync<bool>("d => d.open"), "What was open has been closed.");
        await Made(other, "1");
    }

    [Fact]
    public async Task The_guided_start_leads_from_sign_up_to_a_call_without_script()
    {
        await using var window = await chromium.OpenAsync(new() { Script = false });
        await window.GoAsync("/sign-up");
        await window.FillAsync("E-mail", $"{Guid.CreateVersion7():N}@example.com");
        await window.FillAsync("Password", "password123");
        await window.ClickAsync("Create account");
        await window.IsAtAsync("/welcome");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "Selling" }).ClickAsync();
        await window.Page.GetByLabel("One contact a line").FillAsync("Grace Hopper, +1 415 555 2671");
        await window.ClickAsync("Add and go on");
        await window.ClickAsync("Open the call");

        await window.IsAtAsync("/calls/[0-9a-f-]{36}$");
        await window.SeesAsync("Grace");
    }

    private static Task Made(Window window, string number) =>
        Assertions.Expect(window.Page.Locator(".tile", new() { HasText = "Calls made" }).Locator(".tile-value")).ToHaveTextAsync(number);

    private static async Task EndedCallAsync(TestUser user)
    {
        var call = await user.NewCallAsync();
        await user.Api.Calls.StartAsync(call.Id);
        await user.Api.Calls.EndAsync(call.Id, new() { DurationSeconds = 60 });
    }
}
