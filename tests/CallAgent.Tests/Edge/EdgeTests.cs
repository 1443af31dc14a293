using System.Net;
using System.Net.Http.Json;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>A server behind a proxy that it trusts, with one other site and no way without TLS.</summary>
public sealed class ProxiedServer : IAsyncLifetime
{
    private readonly TestDatabase database = TestDatabase.Create();

    internal ServerProcess Process { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Process = await ServerProcess.StartAsync(
        database, ("TRUSTED_PROXIES", "127.0.0.0/8, ::1"), ("CORS_ORIGINS", "https://app.example,https://other.example:8443"), ("HTTPS_ONLY", "true"), ("PUBLIC_URL", "https://crm.example"));

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        database.Dispose();
    }
}

/// <summary>What stands between the server and those who ask: proxies, TLS, pages of other sites.</summary>
public sealed class EdgeTests(ProxiedServer server) : IClassFixture<ProxiedServer>
{
    [Fact]
    public async Task Browsers_without_TLS_are_sent_on_and_programs_are_refused()
    {
        using var page = await SendAsync(HttpMethod.Get, "/contacts?q=a%20b", ("Accept", "text/html"));
        Assert.Equal((HttpStatusCode.PermanentRedirect, "https://crm.example/contacts?q=a%20b"), (page.StatusCode, page.Headers.Location?.OriginalString));
        Assert.False(page.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal("DENY", page.Headers.GetValues("X-Frame-Options").Single());

        using var elsewhere = await SendAsync(HttpMethod.Get, "//evil.example/", ("Accept", "text/html"));
        Assert.StartsWith("https://crm.example/", elsewhere.Headers.Location?.OriginalString, StringComparison.Ordinal);

        using var program = await SendAsync(HttpMethod.Get, "/api/contacts", ("X-API-Key", "ca_live_none"));
        Assert.Equal("/problems/https-required", (await program.ProblemAsync(403)).Type);
        using var form = await SendAsync(HttpMethod.Post, "/sign-in", ("Accept", "text/html"));
        await form.ProblemAsync(403);

        using var probe = await SendAsync(HttpMethod.Get, "/health/ready");
        Assert.Equal(HttpStatusCode.OK, probe.StatusCode);
    }

    [Fact]
    public async Task By_TLS_at_the_proxy_it_is_as_by_TLS_here()
    {
        using var page = await SendAsync(HttpMethod.Get, "/", ("X-Forwarded-Proto", "https"), ("Accept", "text/html"));

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("max-age=31536000; includeSubDomains", page.Headers.GetValues("Strict-Transport-Security").Single());
        using var registered = await RegisterAsync("203.0.113.7");
        var cookie = registered.Headers.GetValues("Set-Cookie").Single(c => c.Contains("session", StringComparison.Ordinal));
        Assert.StartsWith("__Host-callagent_session=", cookie, StringComparison.Ordinal);
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    // Whoever is not trusted may say before whom it speaks; it is not believed.
    [InlineData("198.51.100.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("198.51.100.1, 203.0.113.7, 127.0.0.5", "203.0.113.7")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    public async Task The_caller_is_whom_the_trusted_proxies_name(string forwarded, string address)
    {
        using var registered = await RegisterAsync(forwarded);

        Assert.Equal(address, await AddressAsync(registered));
    }

    [Fact]
    public async Task Headers_that_make_no_sense_are_not_believed()
    {
        using var registered = await RegisterAsync("nonsense");

        await registered.ProblemAsync(403);
    }

    [Fact]
    public async Task Pages_of_configured_sites_may_call_the_API_with_a_key()
    {
        using var preflight = await SendAsync(
            HttpMethod.Options, "/api/contacts", ("Origin", "https://app.example"), ("Access-Control-Request-Method", "PATCH"), ("Access-Control-Request-Headers", "x-api-key,if-match,content-type"), Tls);
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal("https://app.example", Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Contains("PATCH", Header(preflight, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Contains("If-Match", Header(preflight, "Access-Control-Allow-Headers"), StringComparison.OrdinalIgnoreCase);
        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Credentials"));

        using var answer = await SendAsync(HttpMethod.Get, "/api/contacts", ("Origin", "https://other.example:8443"), Tls);
        Assert.Equal("https://other.example:8443", Header(answer, "Access-Control-Allow-Origin"));
        Assert.Contains("ETag", Header(answer, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://evil.example", "/api/contacts")]
    [InlineData("https://app.example.evil.example", "/api/contacts")]
    [InlineData("http://app.example", "/api/contacts")]
    [InlineData("null", "/api/contacts")]
    [InlineData("https://app.example", "/contacts")]
    public async Task Other_sites_and_other_addresses_stay_closed(string origin, string path)
    {
        using var preflight = await SendAsync(HttpMethod.Options, path, ("Origin", origin), ("Access-Control-Request-Method", "POST"), Tls);
        using var answer = await SendAsync(HttpMethod.Get, path, ("Origin", origin), Tls);

        Assert.False(preflight.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_configured_site_does_not_act_by_the_cookie()
    {
        using var registered = await RegisterAsync("203.0.113.7");
        using var message = Message(HttpMethod.Post, "/api/contacts", ("Origin", "https://app.example"), ("Cookie", CookieOf(registered)), Tls);
        message.Content = JsonContent.Create(new { phone_number = TestUser.NewPhone() });
        using var answer = await Http().SendAsync(message);

        Assert.Equal("/problems/cross-site-request", (await answer.ProblemAsync(403)).Type);
    }

    [Theory]
    [InlineData("TRUSTED_PROXIES", "proxy.example", "TRUSTED_PROXIES: \"proxy.example\" is not an address")]
    [InlineData("TRUSTED_PROXIES", "10.0.0.0/8,10.0.0.1/33", "TRUSTED_PROXIES: \"10.0.0.1/33\" is not an address")]
    [InlineData("CORS_ORIGINS", "*", "CORS_ORIGINS: \"*\" is not an origin")]
    [InlineData("CORS_ORIGINS", "https://app.example/", "CORS_ORIGINS: \"https://app.example/\" is not an origin")]
    [InlineData("HTTPS_ONLY", "yes", "HTTPS_ONLY must be true or false.")]
    [InlineData("HTTPS_ONLY", "true", "HTTPS_ONLY needs a PUBLIC_URL that begins with https://")]
    [InlineData("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true", "Name the proxies in TRUSTED_PROXIES instead.")]
    public async Task A_wrong_setting_stops_the_start_with_one_line(string name, string value, string message)
    {
        using var database = TestDatabase.Create();
        await using var process = ServerProcess.Launch(database, (name, value));

        Assert.Equal(1, await process.ExitAsync(TimeSpan.FromMinutes(2)));
        Assert.Contains(message, process.Output, StringComparison.Ordinal);
    }

    private static (string Name, string Value) Tls => ("X-Forwarded-Proto", "https");

    private HttpClient Http() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Process.Address };

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var http = Http();
        return await http.SendAsync(Message(method, path, headers));
    }

    private HttpRequestMessage Message(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        // Not by the constructor that resolves it: the path may begin with two slashes.
        var message = new HttpRequestMessage(method, new Uri(server.Process.Address.GetLeftPart(UriPartial.Authority) + path));
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
        return message;
    }

    private async Task<HttpResponseMessage> RegisterAsync(string forwardedFor)
    {
        using var http = Http();
        var message = Message(HttpMethod.Post, "/api/auth/register", ("X-Forwarded-For", forwardedFor), Tls);
        message.Content = JsonContent.Create(TestServer.NewRegistration(), options: CallAgentJson.Lenient);
        return await http.SendAsync(message);
    }

    private async Task<string?> AddressAsync(HttpResponseMessage registered)
    {
        using var http = Http();
        http.DefaultRequestHeaders.Add("Cookie", CookieOf(registered));
        http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        return (await new CallAgentClient(http).Sessions.ListAsync()).Data.Single().Address;
    }

    private static string CookieOf(HttpResponseMessage answer) =>
        answer.Headers.GetValues("Set-Cookie").Single(c => c.Contains("session=", StringComparison.Ordinal)).Split(';')[0];

    private static string Header(HttpResponseMessage answer, string name) => string.Join(',', answer.Headers.GetValues(name));
}
