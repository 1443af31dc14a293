using System.Net;
using System.Net.Http.Json;
using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class SignInTests(TestServer server)
{
    [Fact]
    public async Task Registering_answers_the_user_and_a_session_cookie_that_scripts_cannot_read()
    {
        var request = TestServer.NewRegistration();

        var response = await server.Anonymous().PostAsJsonAsync("/api/auth/register", request, CallAgentJson.Lenient);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        var body = (await response.Content.ReadFromJsonAsync<SignedIn>(CallAgentJson.Lenient))!;
        Assert.Equal((request.Email, "Ada Lovelace", "Acme Ltd", Plan.Free), (body.User.Email, body.User.FullName, body.User.CompanyName!, body.User.Plan));
    }

    [Fact]
    public async Task An_email_is_taken_in_any_case()
    {
        var user = await server.NewUserAsync();
        var again = user.Registration with { Email = " " + user.Registration.Email.ToUpperInvariant() };

        var problem = await RefusedAsync(409, () => new CallAgentClient(server.Anonymous()).Auth.RegisterAsync(again));

        Assert.Equal("/problems/email-taken", problem.Type);
    }

    [Theory]
    [InlineData("email", "no address", "password123")]
    [InlineData("email", "a@b@c", "password123")]
    [InlineData("email", "", "password123")]
    [InlineData("password", "x@example.com", "short")]
    public async Task Registering_names_the_field_that_is_wrong(string field, string email, string password) =>
        await InvalidAsync(field, () => new CallAgentClient(server.Anonymous()).Auth.RegisterAsync(new() { Email = email, Password = password }));

    [Fact]
    public async Task An_unknown_email_is_answered_like_a_wrong_password()
    {
        var user = await server.NewUserAsync();
        var wrong = await RefusedAsync(401, () => LoginAsync(user.Registration.Email, "wrong password"));
        var unknown = await RefusedAsync(401, () => LoginAsync("nobody@example.com", "wrong password"));

        Assert.Equal(wrong with { TraceId = null }, unknown with { TraceId = null });
    }

    [Fact]
    public async Task Logging_out_kills_a_copied_cookie()
    {
        var user = await server.NewUserAsync();
        var (browser, cookie) = await BrowserAsync(user);
        var thief = server.Anonymous();
        thief.DefaultRequestHeaders.Add("Cookie", cookie);
        Assert.Equal(user.Id, (await new CallAgentClient(thief).Auth.GetProfileAsync()).Id);

        await new CallAgentClient(browser).Auth.LogoutAsync();

        await RefusedAsync(401, () => new CallAgentClient(thief).Auth.GetProfileAsync());
    }

    [Fact]
    public async Task Changing_the_password_ends_everything_but_this_session_and_the_keys()
    {
        var user = await server.NewUserAsync();
        var key = CallAgentClientWith(("X-API-Key", (await user.Api.ApiKeys.CreateAsync(new() { Name = "k" })).Key));
        var (here, _) = await BrowserAsync(user);
        var (elsewhere, _) = await BrowserAsync(user);

        await new CallAgentClient(here).Auth.ChangePasswordAsync(new() { CurrentPassword = "password123", NewPassword = "another one" });

        await new CallAgentClient(here).Auth.GetProfileAsync();
        await key.Auth.GetProfileAsync();
        await RefusedAsync(401, () => new CallAgentClient(elsewhere).Auth.GetProfileAsync());
        await RefusedAsync(401, () => user.Api.Auth.GetProfileAsync());
        await RefusedAsync(401, () => user.Api.Auth.CreateTokenAsync(new() { RefreshToken = user.Token.RefreshToken }));
        await RefusedAsync(401, () => LoginAsync(user.Registration.Email, "password123"));
        await LoginAsync(user.Registration.Email, "another one");
    }

    [Fact]
    public async Task A_wrong_current_password_changes_nothing()
    {
        var user = await server.NewUserAsync();

        await InvalidAsync("current_password", () => user.Api.Auth.ChangePasswordAsync(new() { CurrentPassword = "guess", NewPassword = "another one" }));

        await LoginAsync(user.Registration.Email, "password123");
    }

    [Fact]
    public async Task A_refresh_token_serves_once_and_its_reuse_ends_the_family()
    {
        var user = await server.NewUserAsync();
        var second = await user.Api.Auth.CreateTokenAsync(new() { RefreshToken = user.Token.RefreshToken });
        Assert.NotEqual(user.Token.RefreshToken, second.RefreshToken);

        await RefusedAsync(401, () => user.Api.Auth.CreateTokenAsync(new() { RefreshToken = user.Token.RefreshToken }));

        await RefusedAsync(401, () => user.Api.Auth.CreateTokenAsync(new() { RefreshToken = second.RefreshToken }));
    }

    [Fact]
    public async Task An_api_key_is_shown_once_signs_in_by_both_headers_and_dies_when_revoked()
    {
        var user = await server.NewUserAsync();
        var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "Dialer" });
        var (header, bearer) = (CallAgentClientWith(("X-API-Key", key.Key)), CallAgentClientWith(("Authorization", $"Bearer {key.Key}")));
        Assert.Equal(user.Id, (await header.Auth.GetProfileAsync()).Id);
        Assert.Equal(user.Id, (await bearer.Auth.GetProfileAsync()).Id);
        var listed = Assert.Single((await user.Api.ApiKeys.ListAsync()).Data);
        Assert.Equal((key.Id, key.Prefix, "Dialer"), (listed.Id, listed.Prefix, listed.Name));
        Assert.NotNull(listed.LastUsedAt);
        Assert.DoesNotContain(key.Key, await user.Http.GetStringAsync("/api/api-keys"));

        await user.Api.ApiKeys.DeleteAsync(key.Id);

        await RefusedAsync(401, () => header.Auth.GetProfileAsync());
    }

    [Theory]
    [InlineData(UserStatus.Suspended)]
    [InlineData(UserStatus.Inactive)]
    public async Task An_account_that_is_not_active_lets_nobody_in(UserStatus status)
    {
        var user = await server.NewUserAsync();
        var key = CallAgentClientWith(("X-API-Key", (await user.Api.ApiKeys.CreateAsync(new() { Name = "k" })).Key));
        var (browser, _) = await BrowserAsync(user);

        await server.SetStatusAsync(user.Id, status);

        await RefusedAsync(401, () => user.Api.Auth.GetProfileAsync());
        await RefusedAsync(401, () => key.Auth.GetProfileAsync());
        await RefusedAsync(401, () => new CallAgentClient(browser).Auth.GetProfileAsync());
        await RefusedAsync(401, () => LoginAsync(user.Registration.Email, "password123"));
        await RefusedAsync(401, () => user.Api.Auth.CreateTokenAsync(new() { RefreshToken = user.Token.RefreshToken }));
        await server.SetStatusAsync(user.Id, UserStatus.Trial);
        await user.Api.Auth.GetProfileAsync();
    }

    [Fact]
    public async Task A_credential_that_is_not_in_force_is_refused_even_beside_a_good_cookie()
    {
        var user = await server.NewUserAsync();
        var (browser, _) = await BrowserAsync(user);
        browser.DefaultRequestHeaders.Add("X-API-Key", "ca_live_guess");

        await RefusedAsync(401, () => new CallAgentClient(browser).Auth.GetProfileAsync());
    }

    private Task<SignedIn> LoginAsync(string email, string password) =>
        new CallAgentClient(server.Anonymous()).Auth.LoginAsync(new() { Email = email, Password = password });

    private async Task<(HttpClient Browser, string Cookie)> BrowserAsync(TestUser user)
    {
        var login = await server.Anonymous().PostAsJsonAsync(
            "/api/auth/login", new Login { Email = user.Registration.Email, Password = user.Registration.Password }, CallAgentJson.Lenient);
        var cookie = login.Headers.GetValues("Set-Cookie").Single(c => c.Contains("session=", StringComparison.Ordinal)).Split(';')[0];
        var browser = server.Anonymous();
        browser.DefaultRequestHeaders.Add("Cookie", cookie);
        return (browser, cookie);
    }

    private CallAgentClient CallAgentClientWith((string Name, string Value) header)
    {
        var http = server.Anonymous();
        http.DefaultRequestHeaders.TryAddWithoutValidation(header.Name, header.Value);
        return new(http);
    }
}
