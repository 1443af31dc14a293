using Microsoft.Playwright;

namespace CallAgent.Tests;

/// <summary>An operator's day at the console, with script and without: find, suspend, let in, go in, come out, erase.</summary>
[Collection(BrowserTests.Name)]
public sealed class OperatorFlowTests(Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_user_is_found_suspended_let_in_looked_into_and_left(bool script)
    {
        var (user, company) = (await chromium.NewUserAsync(), $"Harbor {Guid.CreateVersion7():N} & Sons");
        await user.Api.Auth.UpdateProfileAsync(new() { CompanyName = company });
        await user.NewContactAsync("Radia", "Perlman");
        var (window, name) = await chromium.OpenConsoleAsync(new() { Script = script });
        await using var console = window.Expect("status of 403").Expect("status of 401");

        await console.Page.GetByLabel("E-mail or company").FillAsync(company[..30]);
        await console.ClickAsync("Find");
        await console.BreaksNoRuleAsync(script);
        await console.FollowAsync(company);
        await console.ClickAsync("Suspend");
        await ConfirmAsync(console, script);
        await console.SeesAsync("is suspended. Every way of signing in ends within five seconds.");
        await console.ClickAsync("Reactivate");
        await console.SeesAsync("is let in again.");
        await console.BreaksNoRuleAsync(script);

        await console.FillAsync("Reason", "Ticket 4711");
        await console.FillAsync("Minutes", "15");
        await console.ClickAsync("Go in");
        await console.IsAtAsync("/dashboard$");
        var banner = console.Page.Locator(".acting");
        await Assertions.Expect(banner).ToContainTextAsync($"Operator {name} at work in {company}");
        await Assertions.Expect(banner).ToContainTextAsync("Ticket 4711");
        await console.GoAsync("/contacts");
        await console.FollowAsync("Radia Perlman");
        await Assertions.Expect(banner).ToBeVisibleAsync();
        await console.BreaksNoRuleAsync(script);
        await console.GoAsync("/settings/keys");
        await console.SeesAsync("Not while you are at work here from outside");
        await Assertions.Expect(banner).ToBeVisibleAsync();

        await console.ClickAsync("End");
        await console.IsAtAsync($"/operator/users/{user.Id}$");
        await console.GoAsync("/contacts");
        await console.IsAtAsync("/sign-in");
        await using var owner = await chromium.OpenAsync(user, new() { Script = script });
        await owner.GoAsync("/settings/audit?resource=impersonation");
        await owner.SeesAsync($"Operator {name}");
        await owner.SeesAsync("Left this account");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_user_is_erased_and_the_certificate_comes_as_a_file(bool script)
    {
        var user = await chromium.NewUserAsync();
        var (window, _) = await chromium.OpenConsoleAsync(new() { Script = script });
        await using var console = window.Expect("status of 400").Expect("status of 404");
        await console.GoAsync($"/operator/users/{user.Id}");

        await console.FillAsync("Owner’s e-mail", "somebody@else.example");
        await console.ClickAsync("Erase everything");
        await console.SeesAsync("Is not the e-mail of the account.");
        await console.FillAsync("Owner’s e-mail", user.Registration.Email);
        await console.ClickAsync("Erase everything");
        await console.SeesAsync($"{user.Registration.Email} is erased");
        await console.BreaksNoRuleAsync(script);
        var file = await console.Page.RunAndWaitForDownloadAsync(() => console.FollowAsync("Download the certificate"));

        Assert.Equal($"erasure-{user.Id}.json", file.SuggestedFilename);
        await console.FollowAsync("To the users");
        await console.IsAtAsync("/operator$");
    }

    // Without script nobody asks.
    private static Task ConfirmAsync(Window console, bool script) => script ? console.ClickAsync("Go ahead") : Task.CompletedTask;
}
