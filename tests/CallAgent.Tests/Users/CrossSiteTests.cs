using System.Net;
using System.Net.Http.Json;
using System.Text;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>Another site cannot make a signed-in browser change anything (S-08).</summary>
public sealed class CrossSiteTests(TestServer server)
{
    [Theory]
    [InlineData("text/plain", null, null)]
    [InlineData("application/x-www-form-urlencoded", null, null)]
    [InlineData("application/json", "https://evil.example", null)]
    [InlineData("application/json", null, "cross-site")]
    public async Task A_request_that_another_site_could_send_is_refused(string type, string? origin, string? fetchSite)
    {
        var response = await SendAsync(await CookieAsync(), type, origin, fetchSite);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("/problems/cross-site-request", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("http://localhost", "same-origin")]
    [InlineData(null, null)]
    public async Task The_own_page_and_a_program_with_a_cookie_may(string? origin, string? fetchSite) =>
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(await CookieAsync(), "application/json", origin, fetchSite)).StatusCode);

    [Fact]
    public async Task Every_answer_carries_the_security_headers()
    {
        foreach (var path in new[] { "/", "/docs/", "/api/contacts", "/nowhere", "/health/live", "/openapi/v1.json" })
        {
            var response = await server.Anonymous().GetAsync(path);

            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
            Assert.Contains("frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
        }
    }

    private async Task<string> CookieAsync()
    {
        var response = await server.Anonymous().PostAsJsonAsync("/api/auth/register", TestServer.NewRegistration(), CallAgentJson.Lenient);
        return response.Headers.GetValues("Set-Cookie").Single(c => c.Contains("session=", StringComparison.Ordinal)).Split(';')[0];
    }

    private Task<HttpResponseMessage> SendAsync(string cookie, string type, string? origin, string? fetchSite)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/contacts")
        {
            Content = new StringContent($$"""{"phone_number":"{{TestUser.NewPhone()}}"}""", Encoding.UTF8, type),
        };
        request.Headers.Add("Cookie", cookie);
        foreach (var (name, value) in new[] { ("Origin", origin), ("Sec-Fetch-Site", fetchSite) }.Where(h => h.Item2 is not null))
        {
            request.Headers.Add(name, value);
        }
        return server.Anonymous().SendAsync(request);
    }
}
