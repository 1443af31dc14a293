using System.Net;
using System.Net.Http.Json;

namespace CallAgent.Tests;

/// <summary>
/// Attacks every route of the server with another user's ids. The routes are those the server maps, so that a new one is
/// attacked the day it is added, and the attack fails when it does not know how to fill one.
/// </summary>
public sealed class RouteAttackTests(TestServer server)
{
    [Fact]
    public async Task No_route_reaches_another_users_rows()
    {
        var (victim, attacker) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        var before = await Snapshot.OfAsync(server.Database, victim.User.Id);

        var findings = new List<string>();
        foreach (var route in Routes.Of(server).Where(r => r.IsData))
        {
            foreach (var attack in route.Attacks(attacker, victim))
            {
                findings.AddRange(await AttackAsync(attacker, victim, attack));
            }
        }

        Assert.Empty(findings);
        Assert.Equal(before, await Snapshot.OfAsync(server.Database, victim.User.Id));
    }

    [Fact]
    public async Task The_attack_notices_a_route_that_leaks()
    {
        // The control: the victim's own client in place of the attacker's is what a leak looks like.
        var (victim, attacker) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        var get = Routes.Of(server).Single(r => r is { Method: "GET", Pattern: "/api/contacts/{id:guid}" });

        var findings = await AttackAsync(victim, victim, get.Attacks(attacker, victim).First());

        Assert.NotEmpty(findings);
    }

    [Fact]
    public void Every_data_route_with_an_id_is_attacked()
    {
        var routes = Routes.Of(server).ToList();

        Assert.True(routes.Count > 40, $"Only {routes.Count} routes were found.");
        Assert.All(routes.Where(r => r.Pattern.Contains("{id", StringComparison.Ordinal)), r => Assert.True(r.IsData));
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

    // Foreign and random ids must be answered alike, and nothing of the victim's may come back.
    private static async Task<List<string>> AttackAsync(Estate attacker, Estate victim, Attack attack)
    {
        var findings = new List<string>();
        foreach (var http in attacker.Credentials)
        {
            var foreign = await SendAsync(http, attack.WithForeign);
            var random = await SendAsync(http, attack.WithRandom);
            if (foreign.Status != random.Status)
            {
                findings.Add($"{attack.Name}: a foreign id answers {foreign.Status}, a random one {random.Status}.");
            }
            if (attack.MustFail && (int)foreign.Status is < 400 or >= 500)
            {
                findings.Add($"{attack.Name}: answers {(int)foreign.Status} to a foreign id.");
            }
            if (foreign.Body.Contains(victim.Canary, StringComparison.Ordinal))
            {
                findings.Add($"{attack.Name}: shows the other user's data.");
            }
        }
        return findings;
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpClient http, Request request)
    {
        using var message = new HttpRequestMessage(new HttpMethod(request.Method), request.Path);
        if (request.Body is not null)
        {
            message.Content = JsonContent.Create(request.Body);
        }
        using var response = await http.SendAsync(message);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
