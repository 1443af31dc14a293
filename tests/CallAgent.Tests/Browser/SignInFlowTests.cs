namespace CallAgent.Tests;

/// <summary>The way in, in a browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class SignInFlowTests(Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Somebody_signs_up_out_and_in_again(bool script)
    {
        var email = $"{Guid.CreateVersion7():N}@example.com";
        await using var window = await chromium.OpenAsync(new() { Script = script });
        await window.GoAsync("/");
        await window.FollowAsync("Sign up");
        await window.FillAsync("Company", "Acme Ltd");
        await window.FillAsync("E-mail", email);
        await window.FillAsync("Password", "password123");
        await window.ClickAsync("Create account");
        await window.IsAtAsync("/welcome");

        await window.GoAsync("/contacts");
        await window.SeesAsync("No contacts yet");
        await window.Page.Locator("summary.who").ClickAsync();
        await window.ClickAsync("Sign out");
        await window.GoAsync("/contacts");
        await window.IsAtAsync("/sign-in");
        await window.FillAsync("E-mail", email.ToUpperInvariant());
        await window.FillAsync("Password", "password123");
        await window.ClickAsync("Sign in");
        await window.IsAtAsync("/contacts$");
    }

    [Fact]
    public async Task A_wrong_password_is_said_and_the_address_is_kept()
    {
        var user = await chromium.NewUserAsync();
        await using var window = (await chromium.OpenAsync()).Expect("status of 401");
        await window.GoAsync("/sign-in");
        await window.FillAsync("E-mail", user.Registration.Email);
        await window.FillAsync("Password", "not this one");
        await window.ClickAsync("Sign in");

        await window.SeesAsync("Wrong e-mail or password");
        Assert.Equal(user.Registration.Email, await window.Page.GetByLabel("E-mail").InputValueAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_session_that_ends_in_the_middle_of_a_form_loses_nothing(bool script)
    {
        var user = await chromium.NewUserAsync();
        await using var window = (await chromium.OpenAsync(user, new() { Script = script })).Expect("status of 401");
        await window.GoAsync("/contacts/new");
        await window.FillAsync("Phone number", "+1 415 555 2671");
        await window.Page.GetByLabel("First name").FillAsync("Grace");
        await window.Context.ClearCookiesAsync();
        await window.ClickAsync("Add contact");

        await window.SeesAsync("What you entered is kept");
        await window.FillAsync("E-mail", user.Registration.Email);
        await window.FillAsync("Password", user.Registration.Password);
        await window.ClickAsync("Sign in");
        await window.SeesAsync("Grace");
        await window.ClickAsync("Send it now");

        await window.IsAtAsync("/contacts");
        Assert.Equal("Grace", Assert.Single((await user.Api.Contacts.ListAsync()).Data).FirstName);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task Signing_in_leads_to_no_other_site(string target)
    {
        var user = await chromium.NewUserAsync();
        await using var window = (await chromium.OpenAsync()).Expect("status of 404");
        await window.GoAsync("/sign-in?return=" + Uri.EscapeDataString(target));
        await window.FillAsync("E-mail", user.Registration.Email);
        await window.FillAsync("Password", user.Registration.Password);
        await window.ClickAsync("Sign in");

        await window.IsAtAsync("/dashboard");
        Assert.Equal(chromium.Address.Authority, new Uri(window.Page.Url).Authority);
    }
}
