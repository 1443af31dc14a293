using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using CallAgent.Client;
using CallAgent.Server;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace CallAgent.Tests;

public sealed class PermissionTests(TestServer server)
{
    [Fact]
    public void Every_route_declares_a_permission_or_that_it_is_open_or_the_operators()
    {
        Assert.All(Routes.Of(server), route => Assert.True(IsDeclared(route), $"{route.Method} {route.Pattern} declares nothing."));
    }

    [Fact]
    public void A_route_that_declares_nothing_is_noticed()
    {
        var bare = new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse("/api/forgotten"), 0, EndpointMetadataCollection.Empty, null);

        Assert.False(IsDeclared(new("GET", "/api/forgotten", null, null, bare)));
    }

    [Fact]
    public async Task Each_role_may_exactly_what_the_policy_says_on_every_route()
    {
        var estate = await Estate.CreateAsync(server);
        var findings = new List<string>();
        foreach (var role in Enum.GetValues<MemberRole>())
        {
            var http = await SignInAsync(estate, role);
            foreach (var route in Routes.Of(server).Where(r => r.IsData && !ChangesTheCaller(r)))
            {
                // Ids that never existed: allowed requests answer 404 or 400 and change nothing that matters here.
                var attack = route.Attacks(estate, estate).FirstOrDefault();
                var request = attack?.WithRandom ?? new Request(route.Method, route.Pattern, route.BodyOf(estate));
                using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Path) { Content = request.Body is null ? null : JsonContent.Create(request.Body) };
                using var response = await http.SendAsync(message);
                var refused = response.StatusCode == HttpStatusCode.Forbidden
                    && (await response.Content.ReadAsStringAsync()).Contains("/problems/forbidden", StringComparison.Ordinal);
                var allowed = Permissions.Allows(role, route.Endpoint.Metadata.GetMetadata<NeedsPermission>()!.Permission);
                if (refused == allowed)
                {
                    findings.Add($"{role} on {route.Method} {route.Pattern}: {(int)response.StatusCode}");
                }
            }
        }

        Assert.Empty(findings);
    }

    [Fact]
    public async Task A_key_reaches_exactly_the_routes_of_its_scopes()
    {
        var estate = await Estate.CreateAsync(server);
        var findings = new List<string>();
        foreach (var scope in ApiScopes.All)
        {
            var http = server.Anonymous();
            http.DefaultRequestHeaders.Add("X-API-Key", (await estate.User.Api.ApiKeys.CreateAsync(new() { Name = scope, Scopes = [scope] })).Key);
            foreach (var route in Routes.Of(server).Where(r => r.IsData))
            {
                var needed = route.Endpoint.Metadata.GetMetadata<NeedsPermission>()!.Permission == Permission.Self ? null : Permissions.ScopeOf(route.Pattern, route.Method);
                var request = route.Attacks(estate, estate).FirstOrDefault()?.WithRandom ?? new Request(route.Method, route.Pattern, route.BodyOf(estate));
                using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Path) { Content = request.Body is null ? null : JsonContent.Create(request.Body) };
                using var response = await http.SendAsync(message);
                var said = await response.Content.ReadAsStringAsync();
                var refused = said.Contains("/problems/scope-missing", StringComparison.Ordinal) || said.Contains("/problems/key-not-allowed", StringComparison.Ordinal);
                if (refused == (needed is not null && (scope == ApiScopes.Everything || scope == needed)))
                {
                    findings.Add($"{scope} on {route.Name}, which needs {needed}: {(int)response.StatusCode}");
                }
            }
        }

        Assert.Empty(findings);
        await new CallAgentClient(estate.User.Http).Auth.GetProfileAsync();
    }

    [Fact]
    public async Task No_key_opens_a_page_or_does_by_a_form_what_the_api_refuses_it()
    {
        var estate = await Estate.CreateAsync(server);
        var other = await estate.User.Api.ApiKeys.CreateAsync(new() { Name = "Other" });
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Add("X-API-Key", (await estate.User.Api.ApiKeys.CreateAsync(new() { Name = "Everything" })).Key);

        Assert.All(Routes.Of(server).Where(r => r.IsData && r.Endpoint.Metadata.GetMetadata<PageRoute>() is not null), r => Assert.Null(Permissions.ScopeOf(r.Pattern, r.Method)));
        foreach (var path in new[] { $"/settings/keys/{other.Id}/revoke", "/settings/account/erase" })
        {
            using var form = new FormUrlEncodedContent([new("password", "password123")]);
            Assert.Equal(HttpStatusCode.Forbidden, (await http.PostAsync(path, form)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.Forbidden, (await http.GetAsync("/contacts")).StatusCode);
        Assert.Contains((await estate.User.Api.ApiKeys.ListAsync()).Data, k => k.Id == other.Id);
    }

    [Fact]
    public void Every_resource_has_scopes_or_is_none_for_keys()
    {
        string[] people = ["account", "password", "email", "logout", "sessions", "two-factor", "step-up"];
        var without = Routes.Of(server).Where(r => r.IsData && r.Pattern.StartsWith("/api/", StringComparison.Ordinal) && Permissions.ScopeOf(r.Pattern, r.Method) is null)
            .Where(r => !people.Any(p => r.Pattern.Split('/').Contains(p)) && !(r.Pattern.StartsWith("/api/api-keys", StringComparison.Ordinal) && r.Method != "GET"));

        Assert.Empty(without.Select(r => r.Name));
    }

    [Fact]
    public void The_documents_show_the_policy_as_it_is()
    {
        var rows = Repository.Read("docs/access.md").Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal))
            .Select(l => l.Split('|', StringSplitOptions.TrimEntries)).Where(c => Enum.TryParse<Permission>(c[1].Trim('`'), ignoreCase: true, out _))
            .ToDictionary(c => Enum.Parse<Permission>(c[1].Trim('`'), ignoreCase: true), c => c[^5..^1].Select(cell => cell.Length > 0));

        var roles = new[] { MemberRole.Viewer, MemberRole.Agent, MemberRole.Admin, MemberRole.Owner };
        Assert.All(Enum.GetValues<Permission>(), p => Assert.Equal(roles.Select(r => Permissions.Allows(r, p)), rows[p]));
    }

    // What ends the caller's own sign-in is left to tests of its own.
    private static bool ChangesTheCaller(Routes route) =>
        route.Pattern is "/api/auth/account" or "/api/auth/password" or "/api/auth/logout" or "/api/members/leave";

    private static bool IsDeclared(Routes route) =>
        new[] { route.IsData, route.Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null, route.Endpoint.Metadata.GetMetadata<OperatorRoute>() is not null }.Count(d => d) == 1;

    private async Task<HttpClient> SignInAsync(Estate estate, MemberRole role)
    {
        if (role == MemberRole.Owner)
        {
            return estate.User.Http; // There is never a second one.
        }
        var email = await Members.AddAsync(server, estate.User.Id, role);
        var token = await new CallAgentClient(server.Anonymous()).Auth.CreateTokenAsync(new() { Email = email, Password = Members.Password });
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
        return http;
    }
}
