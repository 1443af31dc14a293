using Microsoft.EntityFrameworkCore;

namespace CallAgent.Tests;

/// <summary>An API key from the form to its end, in a browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class KeyFlowTests(Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_is_made_after_a_second_look_narrowed_by_scopes_and_replaced(bool script)
    {
        var user = await chromium.NewUserAsync();
        await using var window = (await chromium.OpenAsync(user, new() { Script = script })).Expect("status of 40");
        await window.GoAsync("/settings/keys");
        await window.FollowAsync("Make a key");
        await window.FillAsync("What it is for", "Dialer");
        await window.Page.GetByLabel("Only this:").CheckAsync();
        await window.Page.GetByLabel("Read contacts").CheckAsync();
        await SignedInLongAgoAsync(user);
        await window.ClickAsync("Make key");

        await window.SeesAsync("Is it you?");
        await window.BreaksNoRuleAsync(script);
        await window.FillAsync("Your password", "not this one");
        await window.ClickAsync("Go on");
        await window.SeesAsync("Is not your password.");
        await window.FillAsync("Your password", user.Registration.Password);
        await window.ClickAsync("Go on");
        if (!script)
        {
            await window.ClickAsync("Send it now");
        }
        await window.SeesAsync("“Dialer” is ready");
        await window.BreaksNoRuleAsync(script);
        var first = await window.Page.Locator("copy-text code").First.TextContentAsync();
        Assert.Equal((200, 403), (await StatusAsync(first!, "/api/contacts"), await StatusAsync(first!, "/api/campaigns")));
        Assert.Equal(["contacts:read"], Assert.Single((await user.Api.ApiKeys.ListAsync()).Data).Scopes);

        await window.FollowAsync("I have kept it");
        await window.FollowAsync("Dialer");
        await window.Page.GetByLabel("Read contacts").UncheckAsync();
        await window.ClickAsync("Save");
        await window.SeesAsync("Must name at least one scope.");
        await window.Page.GetByLabel("Read campaigns").CheckAsync();
        await window.Page.GetByLabel("Last day").FillAsync("2099-12-31");
        await window.ClickAsync("Save");
        await window.SeesAsync("“Dialer” is saved.");
        Assert.Equal((403, 200), (await StatusAsync(first!, "/api/contacts"), await StatusAsync(first!, "/api/campaigns")));
        Assert.Equal(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero), Assert.Single((await user.Api.ApiKeys.ListAsync()).Data).ExpiresAt);

        await window.FollowAsync("Dialer");
        await window.Page.GetByLabel("The old one serves on").SelectOptionAsync("not at all");
        await window.ClickAsync("Replace");
        await window.SeesAsync("It replaces the key");
        var second = await window.Page.Locator("copy-text code").First.TextContentAsync();
        Assert.Equal((401, 200), (await StatusAsync(first!, "/api/campaigns"), await StatusAsync(second!, "/api/campaigns")));
    }

    private async Task<int> StatusAsync(string key, string path)
    {
        using var http = chromium.Server.Anonymous();
        http.DefaultRequestHeaders.Add("X-API-Key", key);
        return (int)(await http.GetAsync(path)).StatusCode;
    }

    private async Task SignedInLongAgoAsync(TestUser user)
    {
        await using var db = chromium.Server.Host.Database.Open(TenantScope.Of(user.Id));
        var then = TimeProvider.System.GetUtcNow().AddMinutes(-16);
        await db.Sessions.ExecuteUpdateAsync(s => s.SetProperty(x => x.ProvedAt, then));
        db.Sessions.Select(s => s.Hash).ToList().ForEach(chromium.Server.Host.Principals.ForgetCredential<Session>);
    }
}
