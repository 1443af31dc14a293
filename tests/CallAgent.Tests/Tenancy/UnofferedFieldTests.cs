using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>Fields that a request does not offer cannot be set (T-09): every column and every member of an answer, in every body.</summary>
public sealed class UnofferedFieldTests(TestServer server)
{
    private static readonly string[] Everything = [.. EverythingThereIs().Distinct()];

    [Fact]
    public async Task A_field_that_is_not_offered_is_refused_by_name_and_stores_nothing()
    {
        Assert.Superset(new HashSet<string> { "id", "user_id", "version", "plan", "role", "created_at", "password_hash" }, new HashSet<string>(Everything));

        Assert.Empty(await ForgeAsync(server));
    }

    [Fact]
    public async Task The_check_notices_bodies_that_are_read_leniently()
    {
        await using var weak = new WeakServer { WithLenientBodies = true };

        var findings = await ForgeAsync(weak);

        // Every resource takes a forged body and answers as if nothing were wrong with it; a refusal for another reason proves nothing.
        var taken = findings.Where(f => f.Contains(": 2", StringComparison.Ordinal)).Select(f => f.Split('/', ' ')[3]);
        Assert.Equal(WithBody(weak).Select(r => r.Pattern.Split('/')[2]).Distinct().Order(), taken.Distinct().Order());
    }

    // What ends the account or its sign-ins comes last: a server that does it would hide what the others do.
    private static IEnumerable<Routes> WithBody(TestServer server) =>
        Routes.Of(server).Where(r => r.Body is not null).OrderBy(r => r.Pattern switch
        {
            "/api/members/leave" => 3,
            _ when r.Pattern.StartsWith("/api/auth/", StringComparison.Ordinal) => 2,
            _ => r.TakesPassword ? 1 : 0,
        });

    private static async Task<List<string>> ForgeAsync(TestServer server)
    {
        var estate = await Estate.CreateAsync(server);
        var before = await Snapshot.OfAsync(server.Database, estate.User.Id);
        var findings = new List<string>();
        foreach (var route in WithBody(server))
        {
            foreach (var (body, field) in Forgeries(route.BodyOf(estate)!, route.Body!))
            {
                var request = route.FillOwn(estate, body);
                using var answer = await estate.User.Http.SendAsync(new(new(request.Method), request.Path) { Content = JsonContent.Create(body) });
                var said = await answer.Content.ReadAsStringAsync();
                // Only a refusal has problem details; an answer to what was accepted may have no body at all.
                var names = (int)answer.StatusCode == 400 ? JsonNode.Parse(said)?["errors"]?.AsObject().Select(e => e.Key) ?? [] : [];
                if (!names.Contains(field))
                {
                    findings.Add($"{route.Name} with {field}: {(int)answer.StatusCode} {said}");
                }
            }
        }
        var after = await Snapshot.OfAsync(server.Database, estate.User.Id);
        return [.. findings, .. before.Where(t => after[t.Key] != t.Value).Select(t => $"{t.Key} was changed.")];
    }

    // The valid body with one more member, at its top and inside each record in it.
    private static IEnumerable<(JsonNode Body, string Field)> Forgeries(JsonNode body, Type type) =>
        from place in Records("", body, type)
        from name in Everything.Except(Offered(place.Type))
        select (Forge(body, place.Path, name), string.Join('.', new[] { place.Path, name }.Where(p => p.Length > 0)));

    private static JsonNode Forge(JsonNode body, string path, string name)
    {
        var forged = body.DeepClone();
        var place = path.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate(forged, (node, part) => node[part]!);
        place[name] = Guid.CreateVersion7().ToString();
        return forged;
    }

    private static IEnumerable<(string Path, Type Type)> Records(string path, JsonNode? node, Type type)
    {
        if (node is not JsonObject members)
        {
            yield break;
        }
        var values = type.IsGenericType ? type.GenericTypeArguments[^1] : null;
        if (values is null)
        {
            yield return (path, type);
        }
        foreach (var (name, member) in members)
        {
            var inner = values ?? type.GetProperties().Single(p => JsonName(p.Name) == name).PropertyType;
            foreach (var found in Routes.Unwrap(inner) is var t && t != typeof(JsonElement) ? Records($"{path}.{name}".TrimStart('.'), member, t) : [])
            {
                yield return found;
            }
        }
    }

    private static IEnumerable<string> Offered(Type type) => type.GetProperties().Select(p => JsonName(p.Name));

    private static IEnumerable<string> EverythingThereIs()
    {
        using var db = new SqliteDesignTime().CreateDbContext([]);
        var columns = db.Model.GetEntityTypes().SelectMany(e => e.GetProperties()).Select(p => JsonName(p.Name)).ToList();
        var answers = new[] { typeof(Profile), typeof(Client.Contact), typeof(Client.Campaign), typeof(Client.Call), typeof(Client.Conversation), typeof(Client.ApiKey), typeof(Client.Member), typeof(Client.Invitation), typeof(Client.Session), typeof(Client.TwoFactor) };
        return columns.Concat(answers.SelectMany(Offered));
    }

    private static string JsonName(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
