using System.Net;
using System.Net.Http.Json;
using CallAgent.Client;
using Microsoft.EntityFrameworkCore;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class SessionTests(TestServer server)
{
    [Fact]
    public async Task Over_https_the_cookie_is_secure_and_bound_to_this_host()
    {
        var https = server.CreateClient(new() { HandleCookies = false, BaseAddress = new("https://localhost") });

        var response = await https.PostAsJsonAsync("/api/auth/register", TestServer.NewRegistration(), CallAgentJson.Lenient);

        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-callagent_session=", cookie);
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_register_answer_is_what_the_contract_says()
    {
        var response = await server.Anonymous().PostAsJsonAsync("/api/auth/register", TestServer.NewRegistration(), CallAgentJson.Lenient);

        var body = (await response.Content.ReadFromJsonAsync<System.Text.Json.Nodes.JsonObject>())!;
        Assert.Equal(["message", "user"], body.Select(m => m.Key).Order());
        Assert.Equal(["company_name", "email", "full_name", "id", "plan", "role"], body["user"]!.AsObject().Select(m => m.Key).Order());
        Assert.Equal("free", (string?)body["user"]!["plan"]);
    }

    [Fact]
    public async Task A_browser_that_registers_logs_out_and_in_again_stays_the_same_user()
    {
        var browser = server.CreateClient();
        var (api, request) = (new CallAgentClient(browser), TestServer.NewRegistration());
        var registered = await api.Auth.RegisterAsync(request);
        Assert.Equal(registered.User.Id, (await api.Auth.GetProfileAsync()).Id);

        Assert.Equal("Logged out.", (await api.Auth.LogoutAsync()).Message);
        await RefusedAsync(401, () => api.Auth.GetProfileAsync());
        var again = await api.Auth.LoginAsync(new() { Email = $" {request.Email.ToUpperInvariant()} ", Password = request.Password });

        Assert.Equal(registered.User, again.User);
        Assert.Equal(registered.User.Id, (await api.Auth.GetProfileAsync()).Id);
    }

    [Fact]
    public async Task Logging_out_one_session_leaves_the_others()
    {
        var user = await server.NewUserAsync();
        var (here, there) = (await BrowserAsync(user), await BrowserAsync(user));

        await here.Auth.LogoutAsync();

        await RefusedAsync(401, () => here.Auth.GetProfileAsync());
        await there.Auth.GetProfileAsync();
        await user.Api.Auth.GetProfileAsync();
    }

    [Fact]
    public async Task The_refusal_of_a_stranger_says_how_to_sign_in()
    {
        var response = await server.Anonymous().GetAsync("/api/dashboard");

        Assert.Equal("/problems/not-signed-in", (await response.ProblemAsync(401)).Type);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("Basic YWRhOnBhc3N3b3JkMTIz")]
    [InlineData("Bearer")]
    [InlineData("Bearer ca_live_")]
    [InlineData("Bearer ca_live_0123456789012345678901234567890123456789012")]
    [InlineData("Token x")]
    public async Task Other_authorization_headers_are_refused(string header)
    {
        var http = server.Anonymous();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/contacts")).StatusCode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"email":"ada@acme.example"}""")]
    [InlineData("""{"password":"password123"}""")]
    public async Task A_token_request_with_nothing_to_go_by_is_invalid(string body)
    {
        var user = await server.NewUserAsync();

        Assert.Contains("email", (await (await user.SendAsync("POST", "/api/auth/token", body)).ProblemAsync(400)).Errors!.Keys);
    }

    [Fact]
    public async Task An_access_token_says_how_long_it_lives_and_signs_in()
    {
        var user = await server.NewUserAsync();

        Assert.Equal(("Bearer", 900), (user.Token.TokenType, user.Token.ExpiresIn));
        Assert.Equal(2, user.Token.AccessToken.Count(c => c == '.'));
        await RefusedAsync(401, () => user.Api.Auth.CreateTokenAsync(new() { RefreshToken = "guess" }));
    }

    [Fact]
    public async Task Two_refreshes_at_once_do_not_both_get_on()
    {
        var user = await server.NewUserAsync();

        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            user.SendAsync("POST", "/api/auth/token", $$"""{"refresh_token":"{{user.Token.RefreshToken}}"}""")));

        Assert.True(tries.Count(r => r.IsSuccessStatusCode) <= 1);
        Assert.All(tries, r => Assert.True(r.StatusCode is HttpStatusCode.OK or HttpStatusCode.Unauthorized, $"{r.StatusCode}"));
    }

    private async Task<CallAgentClient> BrowserAsync(TestUser user)
    {
        var api = new CallAgentClient(server.CreateClient());
        await api.Auth.LoginAsync(new() { Email = user.Registration.Email, Password = user.Registration.Password });
        return api;
    }

    [Fact]
    public async Task A_refresh_token_that_is_too_old_is_no_stolen_one()
    {
        var user = await server.NewUserAsync();
        await using (var db = server.Host.Database.Open(TenantScope.Of(user.Id)))
        {
            await db.RefreshTokens.ExecuteUpdateAsync(s => s.SetProperty(t => t.ExpiresAt, t => t.CreatedAt));
        }

        await RefusedAsync(401, () => user.Api.Auth.CreateTokenAsync(new() { RefreshToken = user.Token.RefreshToken }));

        Assert.DoesNotContain(await server.AuditAsync(user), e => e.Action == "token.reuse");
    }
}
