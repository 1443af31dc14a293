using Microsoft.Playwright;

namespace CallAgent.Tests;

/// <summary>The second factor, sessions, keys and lost passwords, in a browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class SecurityFlowTests(Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_factor_is_set_up_and_signs_in_by_the_app_and_by_a_recovery_code(bool script)
    {
        var user = await chromium.NewUserAsync();
        await using var window = (await chromium.OpenAsync(user, new() { Script = script })).Expect("status of 40");
        await window.GoAsync("/settings/security");
        await window.FollowAsync("Set up");
        await window.FillAsync("Your password", user.Registration.Password);
        await window.ClickAsync("Set it up");
        var secret = await SecretAsync(window);
        await window.BreaksNoRuleAsync(script);

        await window.FillAsync("Code", "000000");
        await window.ClickAsync("Turn it on");
        await window.SeesAsync("Is not a code of now");
        Assert.Equal(secret, await SecretAsync(window));
        await window.FillAsync("Code", Authenticator.Code(secret));
        await window.ClickAsync("Turn it on");
        await window.SeesAsync("Two-factor sign-in is on");
        await window.BreaksNoRuleAsync(script);
        var codes = await window.Page.Locator(".codes code").AllTextContentsAsync();
        Assert.Equal(10, codes.Count);
        Assert.Contains(Uri.EscapeDataString(codes[9]), await window.Page.GetByRole(AriaRole.Link, new() { Name = "Download" }).GetAttributeAsync("href"));
        await window.FollowAsync("I have kept them");
        await window.SeesAsync("10 recovery codes are left.");

        await SignOutAsync(window);
        await SignInAsync(window, user);
        await window.BreaksNoRuleAsync(script);
        await window.FillAsync("Code", "000000");
        await window.ClickAsync("Sign in");
        await window.SeesAsync("Wrong code");
        await window.FillAsync("Code", Authenticator.Code(secret, 1));
        await window.ClickAsync("Sign in");
        await window.IsAtAsync("/settings/security$");

        await SignOutAsync(window);
        await SignInAsync(window, user);
        await window.Page.GetByText("Your phone is not at hand?").ClickAsync();
        await window.FillAsync("Recovery code", codes[0].ToLowerInvariant());
        await window.ClickAsync("Sign in with it");
        await window.SeesAsync("9 recovery codes are left.");
    }

    [Fact]
    public async Task A_session_that_ends_on_a_page_is_renewed_there_with_the_second_factor()
    {
        var user = await chromium.NewUserAsync();
        var secret = (await user.Api.TwoFactor.BeginAsync(new() { Password = user.Registration.Password })).Secret;
        await using var window = (await chromium.OpenAsync(user)).Expect("status of 401");
        await user.Api.TwoFactor.ConfirmAsync(new() { Code = Authenticator.Code(secret) });
        await user.NewContactAsync();
        await window.GoAsync("/contacts");
        await window.Context.ClearCookiesAsync();

        await window.Page.Locator("inline-edit[data-field=company] .cell").ClickAsync();
        await window.Page.Keyboard.TypeAsync("Navy");
        await window.PressAsync("Enter");
        await window.SeesAsync("Your session has ended");
        await window.Page.Locator("[name=again_email]").FillAsync(user.Registration.Email);
        await window.Page.Locator("[name=again_password]").FillAsync(user.Registration.Password);
        await window.ClickAsync("Sign in");
        await window.Page.GetByLabel("Code of your authenticator app").FillAsync(Authenticator.Code(secret, 1));
        await window.ClickAsync("Sign in");

        await Assertions.Expect(window.Page.Locator("#signed-out")).ToBeHiddenAsync();
        await Assertions.Expect(window.Page.Locator("inline-edit[data-field=company] .cell")).ToContainTextAsync("Navy");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_lost_password_is_replaced_by_a_mailed_link_that_works_once(bool script)
    {
        var user = await chromium.NewUserAsync();
        const string better = "four quiet purple horses";
        await using var window = (await chromium.OpenAsync(new() { Script = script })).Expect("status of 40");
        await window.GoAsync("/sign-in");
        await window.FollowAsync("Forgot your password?");
        await window.FillAsync("E-mail", user.Registration.Email);
        await window.ClickAsync("Mail me a link");
        await window.SeesAsync("Look into your mail");
        var link = await chromium.Server.LinkAsync(user.Registration.Email, "A new password");

        await window.GoAsync(link);
        await window.FillAsync("New password", better);
        if (script)
        {
            await window.SeesAsync("Strong");
        }
        await window.ClickAsync("Set the password");
        await window.SeesAsync("Your new password is set");
        await window.FillAsync("E-mail", user.Registration.Email);
        await window.FillAsync("Password", better);
        await window.ClickAsync("Sign in");
        await window.IsAtAsync("/dashboard");

        await window.GoAsync(link);
        await window.SeesAsync("This link does not work any more");
        await window.FollowAsync("Mail me a new link");
        await window.IsAtAsync("/forgot-password");
    }

    [Fact]
    public async Task A_new_address_is_confirmed_by_its_mail()
    {
        var user = await chromium.NewUserAsync();
        var other = $"{Guid.CreateVersion7():N}@example.com";
        await using var window = (await chromium.OpenAsync(user)).Expect("status of 404");
        await window.GoAsync(await chromium.Server.LinkAsync(user.Registration.Email, "Confirm your e-mail"));
        await window.ClickAsync("Yes, confirm it");
        await window.SeesAsync("Thank you, your address is confirmed.");
        await window.Page.GetByLabel("Change the e-mail address").ClickAsync();
        await window.FillAsync("New e-mail address", other);
        await window.FillAsync("Your password", user.Registration.Password);
        await window.ClickAsync("Mail the link");
        await window.SeesAsync($"A link is on its way to {other}");

        var link = await chromium.Server.LinkAsync(other, "Confirm your new");
        await window.GoAsync(link);
        await window.ClickAsync("Use this address");
        await window.SeesAsync($"From now on you sign in with {other}.");
        Assert.Equal(other, (await user.Api.Auth.GetProfileAsync()).Email);
        await window.GoAsync(link);
        await window.SeesAsync("This link does not work any more");
    }

    [Fact]
    public async Task A_browser_is_signed_out_from_another_one()
    {
        var user = await chromium.NewUserAsync();
        await using var here = await chromium.OpenAsync(user);
        await using var there = await chromium.OpenAsync(user);
        await using var third = await chromium.OpenAsync(user);
        await there.GoAsync("/settings/security");
        await here.GoAsync("/settings/security");
        await Assertions.Expect(here.Page.GetByText("This browser")).ToHaveCountAsync(1);

        await here.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out Chrome on Linux" }).First.ClickAsync();
        await here.SeesAsync("That browser is signed out.");
        await here.ClickAsync("Sign out everywhere else");
        await here.ClickAsync("Go ahead");
        await here.SeesAsync("You are signed out everywhere else.");

        await there.GoAsync("/settings/security");
        await there.IsAtAsync("/sign-in");
        await third.GoAsync("/contacts");
        await third.IsAtAsync("/sign-in");
        await here.GoAsync("/contacts");
        await here.IsAtAsync("/contacts$");
    }

    [Fact]
    public async Task The_hint_says_how_soon_a_password_would_be_guessed()
    {
        await using var window = await chromium.OpenAsync();
        await window.GoAsync("/sign-up");
        var (field, said) = (window.Page.GetByLabel("Password", new() { Exact = true }), window.Page.Locator("password-strength [role=status]"));
        await window.FillAsync("Company", "Meridian");
        foreach (var (password, words) in new[]
        {
            ("short", "Too short"), ("password123", "Weak"), ("Meridian2026", "Weak"), ("aaaaaaaaaaaa", "Weak"), ("12345678", "Weak"), ("Buttercup2026", "Fair"), ("qK7#vb2!", "Fair"), ("four quiet purple horses", "Strong"),
        })
        {
            await field.FillAsync(password);
            await Assertions.Expect(said).ToContainTextAsync(words);
        }
        await field.FillAsync("");
        await Assertions.Expect(said).ToBeHiddenAsync();
    }

    private static async Task<string> SecretAsync(Window window) =>
        await window.Page.Locator("copy-text[data-copy]").GetAttributeAsync("data-copy") ?? throw new InvalidOperationException("There is no secret.");

    private static async Task SignOutAsync(Window window)
    {
        await window.Page.Locator("summary.who").ClickAsync();
        await window.ClickAsync("Sign out");
    }

    private static async Task SignInAsync(Window window, TestUser user)
    {
        await window.GoAsync("/settings/security");
        await window.FillAsync("E-mail", user.Registration.Email);
        await window.FillAsync("Password", user.Registration.Password);
        await window.ClickAsync("Sign in");
        await window.SeesAsync("Enter your code");
    }
}
