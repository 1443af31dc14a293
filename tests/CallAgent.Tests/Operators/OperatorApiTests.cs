using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CallAgent.Client;
using CallAgent.Server;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>The operator's API: what it does, and that its credentials and those of users open nothing of each other.</summary>
public sealed class OperatorApiTests(TestServer server)
{
    [Fact]
    public async Task Users_are_listed_in_pages_searched_and_shown_with_their_usage()
    {
        var api = await OperatorAsync();
        var company = $"Company {Guid.CreateVersion7():N}";
        var users = new List<TestUser>();
        for (var i = 0; i < 3; i++)
        {
            users.Add(await server.NewUserAsync());
            await users[i].Api.Auth.UpdateProfileAsync(new() { CompanyName = company });
        }
        await users[1].NewContactAsync();
        await users[1].NewCampaignAsync();

        var first = await api.ListUsersAsync(company.ToUpperInvariant(), limit: 2);
        var second = await api.ListUsersAsync(company, first.NextCursor, limit: 2);

        Assert.Equal((true, false), (first.HasMore, second.HasMore));
        Assert.Equal(users.Select(u => u.Id), first.Data.Concat(second.Data).Select(u => u.Id));
        Assert.Equal(users[2].Id, Assert.Single((await api.ListUsersAsync(users[2].Registration.Email[..20])).Data, u => u.Email == users[2].Registration.Email).Id);
        var shown = await api.GetUserAsync(users[1].Id);
        Assert.Equal((users[1].Registration.Email, 1, 1, 0), (shown.Email, shown.Contacts, shown.Campaigns, shown.Calls));
        Assert.Equal(users[1].Registration.Email, Assert.Single((await api.ListMembersAsync(users[1].Id)).Data).Email);
    }

    [Fact]
    public async Task A_plan_is_changed_and_a_user_suspended_and_reactivated()
    {
        var (api, user) = (await OperatorAsync(), await server.NewUserAsync());

        Assert.Equal(Plan.Professional, (await api.ChangePlanAsync(user.Id, new() { Plan = Plan.Professional })).Plan);
        await SoonAsync(async () => (await user.Api.GetUsageAsync()).Plan == Plan.Professional);
        Assert.Equal(UserStatus.Suspended, (await api.SuspendAsync(user.Id)).Status);
        await SoonAsync(async () => (await user.SendAsync("GET", "/api/usage")).StatusCode == HttpStatusCode.Unauthorized);
        Assert.Equal(UserStatus.Active, (await api.ReactivateAsync(user.Id)).Status);
        await SoonAsync(async () => (await user.SendAsync("GET", "/api/usage")).StatusCode == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_lost_second_factor_is_taken_away_from_a_member_of_that_user_only()
    {
        var (api, user, other) = (await OperatorAsync(), await server.NewUserAsync(), await server.NewUserAsync());
        var secret = (await user.Api.TwoFactor.BeginAsync(new() { Password = user.Registration.Password })).Secret;
        await user.Api.TwoFactor.ConfirmAsync(new() { Code = Authenticator.Code(secret) });
        var member = (await api.ListMembersAsync(user.Id)).Data.Single().Id;
        var login = new Login { Email = user.Registration.Email, Password = user.Registration.Password };

        await RefusedAsync(404, () => api.ResetTwoFactorAsync(other.Id, member));
        await RefusedAsync(401, () => new CallAgentClient(server.Anonymous()).Auth.LoginAsync(login));
        await api.ResetTwoFactorAsync(user.Id, member);

        await new CallAgentClient(server.Anonymous()).Auth.LoginAsync(login);
        await server.Mailbox.ReadAsync(user.Registration.Email, "Two-factor sign-in is off");
    }

    [Fact]
    public async Task A_user_is_erased_with_a_certificate_and_nobody_else()
    {
        var (api, gone, other) = (await OperatorAsync(), await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        var others = await Snapshot.OfAsync(server.Database, other.User.Id);

        var certificate = await api.EraseAsync(gone.User.Id);

        Assert.True(Installation.IsOwn(server.Database.Settings, certificate));
        Assert.All(await Snapshot.CountAsync(server.Database, gone.User.Id), table => Assert.Equal(0, table.Value));
        Assert.Equal(others, await Snapshot.OfAsync(server.Database, other.User.Id));
        await RefusedAsync(404, () => api.GetUserAsync(gone.User.Id));
        await RefusedAsync(404, () => api.EraseAsync(gone.User.Id));
        await RefusedAsync(404, () => api.SuspendAsync(gone.User.Id));
        await RefusedAsync(404, () => api.ListMembersAsync(gone.User.Id));
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_by_name()
    {
        var (api, user) = (await OperatorAsync(), await server.NewUserAsync());

        await InvalidAsync("limit", () => api.ListUsersAsync(limit: 0));
        await InvalidAsync("limit", () => api.ListUsersAsync(limit: 201));
        await InvalidAsync("cursor", () => api.ListUsersAsync(cursor: "x"));
        await InvalidAsync("q", () => api.ListUsersAsync("a\0b"));
        await RefusedAsync(409, async () => await api.ResetTwoFactorAsync(user.Id, (await api.ListMembersAsync(user.Id)).Data.Single().Id));
    }

    [Fact]
    public async Task No_credential_of_a_user_opens_a_route_of_the_operator()
    {
        var estate = await Estate.CreateAsync(server);
        var routes = Routes.Of(server).Where(r => r.Endpoint.Metadata.GetMetadata<OperatorRoute>() is not null).ToList();
        var member = (await estate.User.Api.Members.ListAsync()).Data[0].Id;
        var before = await Snapshot.OfAsync(server.Database, estate.User.Id);
        var findings = new List<string>();
        Assert.True(routes.Count >= 8, $"Only {routes.Count} routes of the operator were found.");
        foreach (var http in estate.Credentials.Append(server.Anonymous()))
        {
            foreach (var route in routes)
            {
                var path = route.Pattern.Replace("{id:guid}", estate.User.Id.ToString(), StringComparison.Ordinal).Replace("{memberId:guid}", member.ToString(), StringComparison.Ordinal);
                using var request = new HttpRequestMessage(new(route.Method), path) { Content = route.Body is null ? null : JsonContent.Create(route.BodyOf(estate)) };
                using var answer = await http.SendAsync(request);
                var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync());
                if (answer.StatusCode != HttpStatusCode.Unauthorized || !problem!["type"]!.GetValue<string>().EndsWith("operator-token-needed", StringComparison.Ordinal))
                {
                    findings.Add($"{route.Name}: {(int)answer.StatusCode}");
                }
            }
        }

        Assert.Empty(findings);
        Assert.Equal(before, await Snapshot.OfAsync(server.Database, estate.User.Id));
    }

    [Fact]
    public async Task No_token_of_an_operator_opens_a_route_or_page_of_a_user()
    {
        var (estate, http) = (await Estate.CreateAsync(server), await HttpOfOperatorAsync());
        var findings = new List<string>();
        foreach (var route in Routes.Of(server).Where(r => r.IsData))
        {
            var request = route.FillOwn(estate, route.BodyOf(estate));
            using var message = new HttpRequestMessage(new(request.Method), request.Path) { Content = request.Body is null ? null : JsonContent.Create(request.Body) };
            using var answer = await http.SendAsync(message);
            if (answer.StatusCode != HttpStatusCode.Unauthorized)
            {
                findings.Add($"{route.Name}: {(int)answer.StatusCode}");
            }
        }
        foreach (var page in PageWalk.Of(server).Where(p => p is { Method: "GET", IsOpen: false }))
        {
            using var answer = await http.GetAsync(page.For(estate));
            if (answer.Headers.Location?.OriginalString.StartsWith("/sign-in", StringComparison.Ordinal) != true)
            {
                findings.Add($"{page.Name}: {(int)answer.StatusCode}");
            }
        }

        Assert.Empty(findings);
    }

    [Fact]
    public async Task A_token_is_stored_as_a_hash_and_ends_when_its_operator_is_removed()
    {
        var (accounts, name) = (server.Host.Operators!.Accounts, NewName());
        var token = (await accounts.AddAsync(name)).OrThrow();
        Assert.Equal("operator-exists", (await accounts.AddAsync(name)).Problem?.Name);
        var api = new OperatorClient(WithToken(token));
        await api.ListUsersAsync(limit: 1);

        Assert.Null(await accounts.RemoveAsync(name));

        await RefusedAsync(401, () => api.ListUsersAsync(limit: 1));
        await RefusedAsync(401, () => new OperatorClient(WithToken(token[..^1] + "!")).ListUsersAsync());
        Assert.Equal(404, (await accounts.RemoveAsync(name))?.Status);
        Assert.StartsWith("co_", token, StringComparison.Ordinal);
    }

    private static string NewName() => $"operator {Guid.CreateVersion7():N}";

    private static async Task SoonAsync(Func<Task<bool>> isSo)
    {
        for (var tries = 0; !await isSo(); tries++)
        {
            Assert.True(tries < 50, "It was not in force within 5 s.");
            await Task.Delay(100);
        }
    }

    private async Task<OperatorClient> OperatorAsync() => new(await HttpOfOperatorAsync());

    private async Task<HttpClient> HttpOfOperatorAsync() => WithToken((await server.Host.Operators!.Accounts.AddAsync(NewName())).OrThrow());

    private HttpClient WithToken(string token)
    {
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }
}

/// <summary>PostgreSQL: a server without a connection of its own for the operator says so, and cannot look across users.</summary>
[Trait("database", "postgres")]
public sealed class OperatorConnectionTests
{
    [Fact]
    public async Task A_server_that_has_only_the_runtime_role_has_no_operator_api()
    {
        using var database = TestDatabase.Create();
        await Installation.MigrateAsync(database.Settings);
        await using var operators = Operators.Open(database.Settings);
        var token = (await operators.Accounts.AddAsync("Ada")).OrThrow();
        await using var server = new RuntimeOnlyServer(database);
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);

        var problem = await RefusedAsync(503, () => new OperatorClient(http).ListUsersAsync());

        Assert.Contains("DATABASE_ADMIN_URL", problem.Detail, StringComparison.Ordinal);
    }

    private sealed class RuntimeOnlyServer(TestDatabase migrated) : TestServer
    {
        protected override CallAgentSettings Settings => migrated.Settings with { DatabaseAdminUrl = null, MigrateAtStart = false };
    }
}
