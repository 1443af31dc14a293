using System.Net;
using System.Net.Http.Json;
using AngleSharp.Html.Dom;
using CallAgent.Server;

namespace CallAgent.Tests;

/// <summary>
/// No credential of a user opens the console and none of an operator a page or route of a user, whatever cookie it is put
/// in; and no form of the console can be sent from elsewhere.
/// </summary>
public sealed class ConsoleAttackTests(TestServer server)
{
    // What stands on a page only while something is going on, and what is for those who are not signed in.
    private static readonly string[] Passing = ["/operator/users/{id:guid}/reactivate", "/operator/users/{id:guid}/impersonations/end"];

    [Fact]
    public async Task No_credential_of_a_user_opens_a_page_of_the_console()
    {
        var (estate, console) = (await Estate.CreateAsync(server), await OperatorBrowser.OfAsync(server));
        var session = await SessionOfAsync(estate.User);
        await console.ImpersonateAsync(estate.User.Id);
        var before = await Snapshot.OfAsync(server.Database, estate.User.Id);
        var findings = new List<string>();
        var disguised = new[] { $"callagent_session={session}", $"callagent_operator={session}", $"callagent_operator={console.Token}", $"callagent_impersonation={session}" };
        var strangers = estate.Credentials.Append(server.Anonymous()).Append(estate.Operator).Concat(disguised.Select(WithCookie)).ToList();
        Assert.True(Closed().Count >= 10, $"Only {Closed().Count} pages of the console were found.");
        foreach (var page in Closed())
        {
            foreach (var (http, n) in strangers.Select((h, n) => (h, n)))
            {
                using var request = new HttpRequestMessage(new(page.Method), page.For(estate)) { Headers = { { "Accept", "text/html" } } };
                request.Content = page.Method == "GET" ? null : new FormUrlEncodedContent([]);
                using var answer = await http.SendAsync(request);
                // Some of them follow where they are sent.
                var refused = page.Method == "GET"
                    ? (answer.Headers.Location?.OriginalString ?? answer.RequestMessage!.RequestUri!.PathAndQuery).StartsWith("/operator/sign-in?return=", StringComparison.Ordinal)
                    : answer.StatusCode == HttpStatusCode.Unauthorized;
                if (!refused)
                {
                    findings.Add($"{page.Name} for credential {n}: {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Empty(findings);
        Assert.Equal(before, await Snapshot.OfAsync(server.Database, estate.User.Id));
    }

    [Fact]
    public async Task No_session_of_the_console_opens_a_page_or_route_of_a_user()
    {
        var (estate, console) = (await Estate.CreateAsync(server), await OperatorBrowser.OfAsync(server));
        var secret = (await server.Host.Operators!.Sessions.SignInAsync(console.Token, null)).OrThrow().Token;
        var findings = new List<string>();
        var strangers = new[] { $"callagent_operator={secret}", $"callagent_session={secret}", $"callagent_impersonation={secret}", $"callagent_session={console.Token}" }
            .Select(WithCookie).Append(server.WithBearer(secret)).Append(server.WithBearer(console.Token)).ToList();
        foreach (var (http, n) in strangers.Select((h, n) => (h, n)))
        {
            foreach (var route in Routes.Of(server).Where(r => r.IsData))
            {
                var request = route.FillOwn(estate, route.BodyOf(estate));
                using var message = new HttpRequestMessage(new(request.Method), request.Path) { Content = request.Body is null ? null : JsonContent.Create(request.Body) };
                using var answer = await http.SendAsync(message);
                if (answer.StatusCode != HttpStatusCode.Unauthorized)
                {
                    findings.Add($"{route.Name} for credential {n}: {(int)answer.StatusCode}");
                }
            }
            foreach (var page in PageWalk.Of(server).Where(p => p is { Method: "GET", IsOpen: false }))
            {
                using var answer = await http.GetAsync(page.For(estate));
                if (answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.SeeOther))
                {
                    findings.Add($"{page.Name} for credential {n}: {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Empty(findings);
    }

    [Fact]
    public async Task Every_form_of_the_console_is_on_a_page_and_refused_without_its_token_or_from_elsewhere()
    {
        var (estate, console) = (await Estate.CreateAsync(server), await OperatorBrowser.OfAsync(server));
        var other = await OperatorBrowser.OfAsync(server);
        var token = (await console.Pages.GetAsync("/operator")).Document.QuerySelector("meta[name=form-token]")!.GetAttribute("content")!;
        var anothers = (await other.Pages.GetAsync("/operator")).Document.QuerySelector("meta[name=form-token]")!.GetAttribute("content")!;
        var forms = await FormsAsync(console, estate);
        var (before, user) = (await Snapshot.OfAsync(server.Database, estate.User.Id), await console.Api.GetUserAsync(estate.User.Id));
        foreach (var page in Closed().Where(p => p.Method == "POST"))
        {
            Assert.True(Passing.Contains(page.Pattern) || forms.Contains(page.For(estate)), $"No page has a form for {page.Pattern}.");
            foreach (var (given, origin) in new[] { ("", null), (anothers, null), (token, "https://evil.example") })
            {
                Assert.Equal((HttpStatusCode.Forbidden, page.Pattern), (await SendAsync(console, page.For(estate), given, origin), page.Pattern));
            }
        }
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(console, "/operator/sign-in", "", "https://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await SendAsync(console, "/operator/enter", "", "https://evil.example"));

        Assert.Equal(before, await Snapshot.OfAsync(server.Database, estate.User.Id));
        Assert.Equal(user, await console.Api.GetUserAsync(estate.User.Id));
        Assert.Equal(HttpStatusCode.OK, (await console.Pages.GetAsync("/operator")).Status);
    }

    private List<PageWalk> Closed() => [.. PageWalk.OfConsole(server).Where(p => !p.IsOpen)];

    private async Task<HashSet<string>> FormsAsync(OperatorBrowser console, Estate estate)
    {
        var forms = new HashSet<string>();
        foreach (var page in Closed().Where(p => p.Method == "GET"))
        {
            var answer = await console.Pages.GetAsync(page.For(estate));
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            forms.UnionWith(answer.Document.Forms.OfType<IHtmlFormElement>().Where(f => f.Method == "post").Select(f => f.GetAttribute("action")!));
            Assert.All(answer.Document.Forms.Where(f => f.Method == "post"), f => Assert.NotEmpty(f.QuerySelector($"[name={FormToken.Field}]")!.GetAttribute("value")!));
        }
        return forms;
    }

    private static async Task<HttpStatusCode> SendAsync(OperatorBrowser console, string path, string token, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create(FormToken.Field, token)]),
            Headers = { { "Accept", "text/html" } },
        };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }
        using var answer = await console.Http.SendAsync(request);
        return answer.StatusCode;
    }

    private HttpClient WithCookie(string cookie)
    {
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Add("Cookie", cookie);
        return http;
    }

    private async Task<string> SessionOfAsync(TestUser user)
    {
        var principal = (await server.Host.SignIn.WithPasswordAsync(user.Registration.Email, user.Registration.Password)).OrThrow();
        return (await server.Host.SignIn.StartSessionAsync(principal, new(null, null))).Token;
    }
}

/// <summary>PostgreSQL: where there is no connection for it, the console says what to do.</summary>
[Trait("database", "postgres")]
public sealed class ClosedConsoleTests
{
    [Fact]
    public async Task A_server_that_has_only_the_runtime_role_says_what_the_console_needs()
    {
        using var database = TestDatabase.Create();
        await Installation.MigrateAsync(database.Settings);
        await using var server = new RuntimeOnlyServer(database);
        var pages = new PageClient(server.Anonymous(), Guid.Empty);

        foreach (var path in new[] { "/operator", "/operator/sign-in", "/operator/enter?code=x", $"/operator/users/{Guid.CreateVersion7()}" })
        {
            var answer = await pages.GetAsync(path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.Contains("DATABASE_ADMIN_URL", answer.Text);
        }
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await pages.PostAsync("/operator/sign-in", "/operator/sign-in", ("token", "co_x"))).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await pages.PostAsync("/operator/enter", "/operator/enter", ("code", "x"))).Status);
    }

    private sealed class RuntimeOnlyServer(TestDatabase migrated) : TestServer
    {
        protected override CallAgentSettings Settings => migrated.Settings with { DatabaseAdminUrl = null, MigrateAtStart = false };
    }
}
