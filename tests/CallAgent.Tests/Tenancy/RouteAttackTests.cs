using System.Net.Http.Json;
using System.Text.RegularExpressions;

namespace CallAgent.Tests;

/// <summary>
/// Attacks every route of the server with another user's ids (T-01). The routes are those the server maps, so that a new
/// one is attacked the day it is added, and the attack fails when it does not know how to fill one.
/// </summary>
public sealed partial class RouteAttackTests(TestServer server)
{
    [Fact]
    public async Task No_route_reaches_another_users_rows() => Assert.Empty(await AttackAllAsync(server));

    [Fact]
    public async Task The_attack_notices_a_forgotten_filter_where_no_other_net_holds()
    {
        await using var weak = new WeakServer { WithoutFilter = true };

        var findings = await AttackAllAsync(weak);

        if (TestDatabase.IsPostgres)
        {
            // Row-level security alone holds.
            Assert.Empty(findings);
        }
        else
        {
            Assert.Contains(findings, f => f.StartsWith("GET /api/contacts/{id:guid} by path: shows", StringComparison.Ordinal));
            Assert.Contains(findings, f => f.StartsWith("GET /api/calls by query contact_id", StringComparison.Ordinal));
            Assert.Contains(findings, f => f.StartsWith("PATCH /api/contacts/{id:guid} by path: answers 500", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Every_route_can_be_attacked()
    {
        var routes = Routes.Of(server).Where(r => r.IsData).ToList();
        var (attacker, victim) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));

        Assert.True(routes.Count > 35, $"Only {routes.Count} routes were found.");
        Assert.All(routes.Where(r => r.Pattern.Contains('{', StringComparison.Ordinal)), r => Assert.NotEmpty(r.Attacks(attacker, victim)));
        Assert.All(routes.Where(r => r.List is not null), r => _ = r.FillOwn(attacker));
    }

    [Fact]
    public async Task Cursors_serve_only_the_user_and_query_they_were_made_for()
    {
        var (user, other) = (await server.NewUserAsync(), await server.NewUserAsync());
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await user.NewContactAsync();
        }
        var cursor = (await user.Api.Contacts.ListAsync(new() { Limit = 1 })).NextCursor;

        await Refusals.InvalidAsync("cursor", () => other.Api.Contacts.ListAsync(new() { Limit = 1, Cursor = cursor }));
        await Refusals.InvalidAsync("cursor", () => user.Api.Contacts.ListAsync(new() { Limit = 1, Cursor = cursor, Sort = "created_at" }));
        await Refusals.InvalidAsync("cursor", () => user.Api.Contacts.ListAsync(new() { Limit = 1, Cursor = cursor![..^2] + "AA" }));
        Assert.Single((await user.Api.Contacts.ListAsync(new() { Limit = 1, Cursor = cursor })).Data);
    }

    private static async Task<List<string>> AttackAllAsync(TestServer server)
    {
        var (victim, attacker) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        var before = await Snapshot.OfAsync(server.Database, victim.User.Id);
        var findings = new List<string>();
        foreach (var attack in Routes.Of(server).Where(r => r.IsData).SelectMany(r => r.Attacks(attacker, victim)))
        {
            foreach (var http in attacker.Credentials)
            {
                findings.AddRange(await AttackAsync(http, victim, attack));
            }
        }
        var after = await Snapshot.OfAsync(server.Database, victim.User.Id);
        findings.AddRange(before.Where(table => after[table.Key] != table.Value).Select(table => $"Rows of {table.Key} were changed."));
        return findings;
    }

    // Foreign and random ids must be answered alike, and nothing of the victim's may come back.
    private static async Task<IEnumerable<string>> AttackAsync(HttpClient http, Estate victim, Attack attack)
    {
        var (foreign, random) = (await SendAsync(http, attack.WithForeign), await SendAsync(http, attack.WithRandom));
        var findings = new List<string>();
        if (foreign.Body.Contains(victim.Canary, StringComparison.Ordinal))
        {
            findings.Add("shows the other user's data");
        }
        if (foreign.Status != random.Status || Anonymise(foreign.Body) != Anonymise(random.Body))
        {
            findings.Add($"tells a foreign id from a random one: {foreign} {random}");
        }
        if (foreign.Status >= 500 || (attack.MustFail && foreign.Status < 400))
        {
            findings.Add($"answers {foreign.Status} to a foreign id");
        }
        return findings.Select(f => $"{attack.Name}: {f}.");
    }

    private static async Task<(int Status, string Body)> SendAsync(HttpClient http, Request request)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Path);
        if (request.Body is not null)
        {
            message.Content = JsonContent.Create(request.Body);
        }
        using var response = await http.SendAsync(message);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static string Anonymise(string body) => Varying().Replace(body, "…");

    [GeneratedRegex("\"trace_id\":\"[^\"]*\"|[0-9a-f]{8}-[0-9a-f-]{27}")]
    private static partial Regex Varying();
}
