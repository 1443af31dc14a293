using System.Globalization;
using System.Net;
using CallAgent.Client;
using CallAgent.Server;
using Microsoft.AspNetCore.Http;

namespace CallAgent.Tests;

/// <summary>The settings: profile, password, keys, and the account's end.</summary>
public sealed class SettingsPageTests(TestServer server)
{
    [Fact]
    public async Task Profile_and_company_are_changed()
    {
        var user = await server.NewUserAsync();
        var page = await PageClient.OfAsync(server, user);
        var form = await page.GetAsync("/settings");
        Assert.Equal(("Ada", "US", "UTC"), (form.Value("first_name"), form.Value("default_region"), form.Value("time_zone")));
        Assert.Contains(form.Document.QuerySelectorAll("#field-default_region option"), o => o.TextContent == "Germany");
        Assert.NotNull(form.Document.QuerySelector("#time-zones option[value='Europe/Berlin']"));

        var saved = await page.PostAsync("/settings", "/settings",
            ("company_name", "Navy"), ("phone_number", "030 901820"), ("default_region", "DE"), ("time_zone", "Europe/Berlin"));

        Assert.Equal((HttpStatusCode.SeeOther, "/settings"), (saved.Status, saved.Location));
        await page.PostAsync("/settings", "/settings/name", ("first_name", "Grace"), ("last_name", ""));
        var profile = await user.Api.Auth.GetProfileAsync();
        Assert.Equal(("Grace", null, "Navy", "+4930901820"), (profile.FirstName, profile.LastName, profile.CompanyName, profile.PhoneNumber));
        Assert.Equal(("DE", "Europe/Berlin"), (profile.Settings.DefaultRegion, profile.Settings.TimeZone));
    }

    [Fact]
    public async Task What_was_typed_stays_with_the_error_at_its_field()
    {
        var user = await server.NewUserAsync();
        var page = await PageClient.OfAsync(server, user);

        var refused = await page.PostAsync("/settings", "/settings", ("company_name", "Navy"), ("default_region", "DE"), ("time_zone", "Mars/Olympus"), ("phone_number", ""));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal(("Navy", "Ada", "Mars/Olympus", "DE"), (refused.Value("company_name"), refused.Value("first_name"), refused.Value("time_zone"), refused.Value("default_region")));
        Assert.Contains("time zone", refused.Error("time_zone"), StringComparison.Ordinal);
        Assert.Equal("Acme Ltd", (await user.Api.Auth.GetProfileAsync()).CompanyName);
    }

    [Fact]
    public async Task Who_may_not_manage_sees_it_and_cannot_change_it()
    {
        var user = await server.NewUserAsync();
        var agent = await PageClient.OfMemberAsync(server, user, MemberRole.Agent);

        var shown = await agent.GetAsync("/settings");

        Assert.NotNull(shown.Document.QuerySelector("fieldset[disabled] [name=company_name]"));
        Assert.Null(shown.Document.QuerySelector(".settings-nav a[href='/settings/keys']"));
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.PostAsync("/settings", "/settings", ("company_name", "X"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.GetAsync("/settings/keys")).Status);
        Assert.Null((await agent.GetAsync("/settings/account")).Document.QuerySelector("form[action$=erase]"));
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.PostAsync("/settings", "/settings/account/erase")).Status);
    }

    [Fact]
    public async Task Everybody_changes_its_own_name_and_no_other()
    {
        var user = await server.NewUserAsync();
        var viewer = await PageClient.OfMemberAsync(server, user, MemberRole.Viewer);
        Assert.Null((await viewer.GetAsync("/settings")).Document.QuerySelector("fieldset[disabled] [name=first_name]"));

        var saved = await viewer.PostAsync("/settings", "/settings/name", ("first_name", "Grace"), ("last_name", "Hopper"), ("company_name", "Mine now"));

        Assert.Equal((HttpStatusCode.SeeOther, "/settings"), (saved.Status, saved.Location));
        Assert.Contains("Grace Hopper", (await viewer.GetAsync("/settings")).Document.QuerySelector(".who-name")!.TextContent, StringComparison.Ordinal);
        var profile = await user.Api.Auth.GetProfileAsync();
        Assert.Equal(("Ada", "Acme Ltd"), (profile.FirstName, profile.CompanyName));
        var refused = await viewer.PostAsync("/settings", "/settings/name", ("first_name", new string('x', 101)), ("last_name", "Hopper"));
        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("100", refused.Error("first_name"), StringComparison.Ordinal);
        Assert.Equal("Acme Ltd", refused.Value("company_name"));
        Assert.Equal("Augusta", (await user.Api.Auth.UpdateNameAsync(new() { FirstName = "Augusta" })).FirstName);
        Assert.Equal("Lovelace", (await user.Api.Auth.GetProfileAsync()).LastName);
    }

    [Fact]
    public async Task A_password_is_changed_and_this_session_stays()
    {
        var user = await server.NewUserAsync();
        var (page, elsewhere) = (await PageClient.OfAsync(server, user), await PageClient.OfAsync(server, user));
        const string better = "four quiet purple horses";

        var wrong = await page.PostAsync("/settings/security/password", "/settings/security/password", ("current_password", "not it"), ("new_password", better));
        Assert.Equal((HttpStatusCode.BadRequest, "Is not your password."), (wrong.Status, wrong.Error("current_password")));

        var changed = await page.PostAsync("/settings/security/password", "/settings/security/password", ("current_password", user.Registration.Password), ("new_password", better));
        Assert.Equal(HttpStatusCode.SeeOther, changed.Status);
        Assert.Equal(HttpStatusCode.OK, (await page.GetAsync("/settings")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await elsewhere.GetAsync("/settings")).Status);
        await new CallAgentClient(server.Anonymous()).Auth.LoginAsync(new() { Email = user.Registration.Email, Password = better });
    }

    [Fact]
    public async Task A_key_is_made_shown_once_works_and_is_revoked()
    {
        var user = await server.NewUserAsync();
        var page = await PageClient.OfAsync(server, user);

        var made = await page.PostAsync("/settings/keys", "/settings/keys", ("name", "Dialer <b>"));

        Assert.Equal(HttpStatusCode.OK, made.Status);
        var key = made.Document.QuerySelector("copy-text code")!.TextContent;
        Assert.Contains($"X-API-Key: {key}", made.Text, StringComparison.Ordinal);
        var machine = server.Anonymous();
        machine.DefaultRequestHeaders.Add("X-API-Key", key);
        Assert.Equal(HttpStatusCode.OK, (await machine.GetAsync("/api/contacts")).StatusCode);

        var list = await page.GetAsync("/settings/keys");
        Assert.DoesNotContain(key, list.Body, StringComparison.Ordinal);
        Assert.Contains("Dialer <b>", list.Text, StringComparison.Ordinal);
        var revoke = list.Document.QuerySelector("a.row-link")!.GetAttribute("href")! + "/revoke";

        var stranger = await PageClient.OfAsync(server, await server.NewUserAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync("/settings/keys", revoke)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await page.PostAsync("/settings/keys", revoke)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await machine.GetAsync("/api/contacts")).StatusCode);

        var unnamed = await page.PostAsync("/settings/keys", "/settings/keys", ("name", " "));
        Assert.Equal(HttpStatusCode.BadRequest, unnamed.Status);
        Assert.NotNull(unnamed.Error("name"));
    }

    [Fact]
    public async Task The_account_is_erased_with_the_typed_address_and_the_password_alone()
    {
        var user = await server.NewUserAsync();
        var page = await PageClient.OfAsync(server, user);

        var unsure = await page.PostAsync("/settings/account", "/settings/account/erase", ("confirmation", "yes"), ("password", user.Registration.Password));
        Assert.Equal((HttpStatusCode.BadRequest, "Is not your e-mail address.", "yes"), (unsure.Status, unsure.Error("confirmation"), unsure.Value("confirmation")));
        var wrong = await page.PostAsync("/settings/account", "/settings/account/erase", ("confirmation", user.Registration.Email), ("password", "not it"));
        Assert.Equal("Is not your password.", wrong.Error("password"));

        var gone = await page.PostAsync("/settings/account", "/settings/account/erase", ("confirmation", user.Registration.Email.ToUpperInvariant()), ("password", user.Registration.Password));

        Assert.Contains("Your account is erased", gone.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await page.GetAsync("/dashboard")).Status);
        await Refusals.RefusedAsync(401, () => new CallAgentClient(server.Anonymous()).Auth.LoginAsync(new() { Email = user.Registration.Email, Password = user.Registration.Password }));
    }

    [Theory]
    [InlineData("de-DE,de;q=0.9", "Europe/Berlin", "DE", "Europe/Berlin")]
    [InlineData("en-GB", "Nowhere/Else", "GB", "UTC")]
    [InlineData("", "", "US", "UTC")]
    [InlineData("en-US", "Europe/Berlin", "DE", "Europe/Berlin")]
    [InlineData("fr-CA", "UTC", "CA", "UTC")]
    [InlineData("es-419", "America/Bogota", "CO", "America/Bogota")]
    [InlineData("ceb", "Asia/Manila", "PH", "Asia/Manila")]
    [InlineData("x-odd;q=2, *", "Mars/Olympus", "US", "UTC")]
    public async Task Who_signs_up_has_the_region_and_time_zone_of_the_browser(string languages, string zone, string region, string taken)
    {
        var browser = server.CreateClient(new() { HandleCookies = true, AllowAutoRedirect = false });
        var registration = TestServer.NewRegistration();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-up")
        {
            Content = new FormUrlEncodedContent([new("email", registration.Email), new("password", registration.Password), new("time_zone", zone)]),
        };
        request.Headers.TryAddWithoutValidation("Accept-Language", languages);

        using var answer = await browser.SendAsync(request);

        Assert.Equal("/welcome", answer.Headers.Location!.ToString());
        var settings = (await new CallAgentClient(browser).Auth.GetProfileAsync()).Settings;
        Assert.Equal((region, taken), (settings.DefaultRegion, settings.TimeZone));
    }

    [Fact]
    public void Every_language_of_a_browser_has_a_region_or_none()
    {
        var languages = CultureInfo.GetCultures(CultureTypes.SpecificCultures | CultureTypes.NeutralCultures).Select(c => c.Name).Where(n => n.Length > 0).ToList();

        Assert.True(languages.Count > 500, $"Only {languages.Count} languages are known.");
        Assert.All(languages, language =>
        {
            var http = new DefaultHttpContext();
            http.Request.Headers.AcceptLanguage = language;
            Assert.Matches("^([A-Z][A-Z])?$", Cultures.RegionOf(http.Request) ?? "");
        });
    }
}
