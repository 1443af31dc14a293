using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CallAgent.Client;
using CallAgent.Server;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CallAgent.Tests;

internal sealed record Request(string Method, string Path, JsonNode? Body);

/// <summary>The same request with another user's id and with one that never existed.</summary>
internal sealed record Attack(string Name, Request WithForeign, Request WithRandom, bool MustFail);

/// <summary>A route of the server, with what can be put into it.</summary>
internal sealed partial record Routes(string Method, string Pattern, Type? Body, ListParameters? List, RouteEndpoint Endpoint)
{
    /// <summary>Whether it belongs to a signed-in user.</summary>
    public bool IsData => Endpoint.Metadata.GetMetadata<NeedsPermission>() is not null;

    private string Resource => Pattern.Split('/')[2];

    public static IEnumerable<Routes> Of(TestServer server) =>
        from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        let pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        where pattern.StartsWith("/api", StringComparison.Ordinal) || pattern.StartsWith("/health", StringComparison.Ordinal)
        select new Routes(
            method, pattern, endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType, endpoint.Metadata.GetMetadata<ListParameters>(), endpoint);

    public IEnumerable<Attack> Attacks(Estate attacker, Estate victim)
    {
        var (foreign, random) = (victim.Ids, new Dictionary<string, Guid>());
        if (Pattern.Contains("{id", StringComparison.Ordinal))
        {
            yield return Make("path", foreign.GetValueOrDefault(Resource), BodyOf(attacker), BodyOf(attacker), "", "");
        }
        foreach (var field in IdFields())
        {
            var (a, b) = (BodyOf(attacker), BodyOf(attacker));
            a![field] = foreign[field].ToString();
            b![field] = Guid.CreateVersion7().ToString();
            yield return Make($"body {field}", null, a, b, "", "", attacker);
        }
        foreach (var filter in (List?.Filters ?? QueryIds()).Where(f => f.EndsWith("_id", StringComparison.Ordinal)))
        {
            yield return Make($"query {filter}", null, null, null, $"{filter}={foreign[filter]}", $"{filter}={Guid.CreateVersion7()}", attacker) with
            {
                MustFail = List is null,
            };
        }
        if (List is not null)
        {
            // The victim's words, tags and values: nothing of it may be found.
            foreach (var text in List.Filters.Where(f => f is "tag" or "email" or "company" or "name").Append("q").Where(f => f != "q" || List.CanSearch))
            {
                yield return Make($"query {text}", null, null, null, $"{text}={victim.Canary}", $"{text}=nothing", attacker) with { MustFail = false };
            }
        }

        Attack Make(string what, Guid? id, JsonNode? body, JsonNode? other, string query, string otherQuery, Estate? own = null)
        {
            var name = $"{Method} {Pattern} by {what}";
            return new(
                name,
                new(Method, Path(id ?? own?.Ids.GetValueOrDefault(Resource), query), body),
                new(Method, Path(id is null ? own?.Ids.GetValueOrDefault(Resource) : Guid.CreateVersion7(), otherQuery), other),
                MustFail: true);
        }
    }

    /// <summary>A body that would do, were it not for the ids.</summary>
    public JsonNode? BodyOf(Estate estate)
    {
        if (Body is null)
        {
            return null;
        }
        var body = (Examples.Of(Body) ?? throw new InvalidOperationException($"There is no example of {Body.Name}.")).DeepClone();
        foreach (var field in IdFields().Where(f => body[f] is not null))
        {
            body[field] = estate.Ids[field].ToString();
        }
        return body;
    }

    private IEnumerable<string> IdFields() => (Body?.GetProperties() ?? [])
        .Where(p => p.PropertyType == typeof(Guid) || p.PropertyType == typeof(Guid?) || p.PropertyType == typeof(Optional<Guid?>))
        .Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name));

    private IEnumerable<string> QueryIds() => Method == "GET" && Pattern.EndsWith("/script", StringComparison.Ordinal) ? ["contact_id"] : [];

    private string Path(Guid? id, string query)
    {
        var path = Parameter().Replace(Pattern, match => match.Groups[1].Value switch
        {
            "id" => (id ?? throw new InvalidOperationException($"No id is known for {Pattern}.")).ToString(),
            "tag" => "stolen",
            var other => throw new InvalidOperationException($"The attack does not know the parameter {other} of {Pattern}."),
        });
        var parts = new[] { Method == "GET" && (Pattern.EndsWith("/script", StringComparison.Ordinal) || Pattern.EndsWith("/next-stage", StringComparison.Ordinal)) ? "stage=introduction" : "", query };
        return string.Join('?', new[] { path, string.Join('&', parts.Where(p => p.Length > 0)) }.Where(p => p.Length > 0));
    }

    [GeneratedRegex(@"\{(\w+)[^}]*\}")]
    private static partial Regex Parameter();
}
