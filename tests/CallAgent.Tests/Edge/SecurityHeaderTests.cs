using System.Data.Common;
using System.Net;
using System.Net.Http.Json;
using CallAgent.Server;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace CallAgent.Tests;

/// <summary>A server whose database fails when it is told to.</summary>
public sealed class FailingServer : TestServer
{
    private readonly Failure failure = new();

    public bool Fails
    {
        set => failure.IsOn = value;
    }

    protected override void Configure(DbContextOptionsBuilder options)
    {
        base.Configure(options);
        options.AddInterceptors(failure);
    }

    private sealed class Failure : DbCommandInterceptor
    {
        public bool IsOn { get; set; }

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default) =>
            IsOn ? throw new InvalidOperationException("select secret from place") : new(result);
    }
}

/// <summary>No answer is without the headers that tell browsers what not to do (S-08).</summary>
public sealed class SecurityHeaderTests(FailingServer server) : IClassFixture<FailingServer>
{
    private static readonly Dictionary<string, string> Expected = new()
    {
        ["X-Content-Type-Options"] = "nosniff",
        ["X-Frame-Options"] = "DENY",
        ["Referrer-Policy"] = "same-origin",
        ["Cross-Origin-Opener-Policy"] = "same-origin",
        ["Cross-Origin-Resource-Policy"] = "same-origin",
    };

    [Fact]
    public async Task Every_kind_of_answer_carries_them()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();
        var (path, body) = ($"/api/contacts/{contact.Id}", (Func<HttpContent>)(() => JsonContent.Create(new { company = "Navy" })));

        await CheckAsync(200, user.Http, HttpMethod.Get, path);
        await CheckAsync(200, server.Anonymous(), HttpMethod.Get, "/sign-in", headers: ("Accept", "text/html"));
        await CheckAsync(200, server.Anonymous(), HttpMethod.Get, "/favicon.svg");
        await CheckAsync(201, user.Http, HttpMethod.Post, "/api/contacts", JsonContent.Create(new { phone_number = TestUser.NewPhone() }));
        await CheckAsync(304, user.Http, HttpMethod.Get, path, headers: ("If-None-Match", "\"1\""));
        await CheckAsync(400, user.Http, HttpMethod.Patch, path, new StringContent("{", System.Text.Encoding.UTF8, "application/json"));
        await CheckAsync(401, server.Anonymous(), HttpMethod.Get, path);
        await CheckAsync(404, user.Http, HttpMethod.Get, $"/api/contacts/{Guid.CreateVersion7()}");
        await CheckAsync(404, user.Http, HttpMethod.Get, "/nowhere", headers: ("Accept", "text/html"));
        await CheckAsync(405, user.Http, HttpMethod.Put, path);
        await CheckAsync(412, user.Http, HttpMethod.Patch, path, body(), ("If-Match", "\"9\""));
        await CheckAsync(414, user.Http, HttpMethod.Get, $"/api/contacts?q={new string('x', 9_000)}");
        await CheckAsync(415, user.Http, HttpMethod.Patch, path, body(), ("Content-Encoding", "gzip"));
        await CheckAsync(431, user.Http, HttpMethod.Get, path, headers: ("X-Large", new string('x', 40_000)));
        server.Fails = true;
        try
        {
            await CheckAsync(500, user.Http, HttpMethod.Patch, path, body());
            await CheckAsync(500, user.Http, HttpMethod.Get, "/campaigns", headers: ("Accept", "text/html"));
        }
        finally
        {
            server.Fails = false;
        }
    }

    [Fact]
    public async Task No_change_by_a_cookie_is_made_for_another_site()
    {
        var estate = await Estate.CreateAsync(server);
        var (browser, findings) = (estate.Credentials[2], new List<string>());
        var before = await Snapshot.OfAsync(server.Database, estate.User.Id);
        foreach (var route in Unsafe())
        {
            foreach (var (name, value) in new[] { ("Origin", "https://evil.example"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site") })
            {
                using var answer = await SendAsync(browser, new(route.Method), route.Path(estate), JsonContent.Create(new { }), (name, value));
                if (answer.StatusCode != HttpStatusCode.Forbidden)
                {
                    findings.Add($"{route.Method} {route.Pattern} with {name}: {value}: {(int)answer.StatusCode}");
                }
            }
            // What a foreign form can send without asking.
            using var form = await SendAsync(browser, new(route.Method), route.Path(estate), new StringContent("a=b", System.Text.Encoding.UTF8, "text/plain"));
            if (form.StatusCode != HttpStatusCode.Forbidden)
            {
                findings.Add($"{route.Method} {route.Pattern} as text/plain: {(int)form.StatusCode}");
            }
        }
        var after = await Snapshot.OfAsync(server.Database, estate.User.Id);

        Assert.Empty(findings);
        Assert.Empty(before.Where(table => table.Key != "sessions" && after[table.Key] != table.Value).Select(table => table.Key));
    }

    // Every route and page that changes something for somebody who is signed in.
    private IEnumerable<(string Method, string Pattern, Func<Estate, string> Path)> Unsafe() =>
        from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<NeedsPermission>() is not null
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        where method is not ("GET" or "HEAD")
        let pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        select (method, pattern, (Func<Estate, string>)(estate => endpoint.RoutePattern.Parameters.Aggregate(pattern, (path, parameter) =>
            System.Text.RegularExpressions.Regex.Replace(path, $"\\{{{parameter.Name}[^}}]*\\}}", parameter.Name == "id" ? IdOf(estate, pattern).ToString() : "x"))));

    private static Guid IdOf(Estate estate, string pattern) => estate.Ids.GetValueOrDefault(pattern.Split('/').First(part => part is not ("" or "api" or "settings" or "auth")), Guid.CreateVersion7());

    private static async Task CheckAsync(int status, HttpClient http, HttpMethod method, string path, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync(http, method, path, body, headers);
        Assert.True(status == (int)answer.StatusCode, $"{method} {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        foreach (var (name, value) in Expected)
        {
            Assert.True(answer.Headers.TryGetValues(name, out var values) && values.Single() == value, $"{status} of {method} {path} has no {name}.");
        }
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.All(new[] { "default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'" }, part => Assert.Contains(part, policy));
        Assert.DoesNotContain("unsafe", policy);
        Assert.Contains("geolocation=()", answer.Headers.GetValues("Permissions-Policy").Single());
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync());
        Assert.True(answer.Headers.CacheControl is { NoStore: true } || status == 200, $"{status} of {method} {path} may be stored.");
    }

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        var message = new HttpRequestMessage(method, path) { Content = body };
        foreach (var (name, value) in headers)
        {
            _ = message.Headers.TryAddWithoutValidation(name, value) || message.Content!.Headers.TryAddWithoutValidation(name, value);
        }
        return http.SendAsync(message);
    }
}
