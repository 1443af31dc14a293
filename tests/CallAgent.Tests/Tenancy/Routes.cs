using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using CallAgent.Client;
using CallAgent.Server;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CallAgent.Tests;

internal sealed record Request(string Method, string Path, JsonNode? Body);

/// <summary>The same request with another user's id and with one that never existed.</summary>
internal sealed record Attack(string Name, Request WithForeign, Request WithRandom, bool MustFail);

/// <summary>A route of the server, with what can be put into it; one that cannot be filled is an error.</summary>
internal sealed record Routes(string Method, string Pattern, Type? Body, ListParameters? List, RouteEndpoint Endpoint)
{
    private const string Stage = "introduction";

    /// <summary>Whether it belongs to a signed-in user.</summary>
    public bool IsData => Endpoint.Metadata.GetMetadata<NeedsPermission>() is not null;

    /// <summary>Whether it belongs to those who run the installation.</summary>
    public bool IsOperators => Endpoint.Metadata.GetMetadata<OperatorRoute>() is not null;

    /// <summary>Whether it asks for the password again, because it cannot be undone or changes who signs in.</summary>
    public bool TakesPassword => Body?.GetProperties().Any(p => p.Name is "Password" or "CurrentPassword" or "Code") == true;

    public string Name => $"{Method} {Pattern}";

    /// <summary>What the <c>id</c> in its path is of.</summary>
    private string Resource => Pattern.Split('/')[2];

    public static IEnumerable<Routes> Of(TestServer server) =>
        from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        let pattern = "/" + endpoint.RoutePattern.RawText!.Trim('/')
        where pattern.StartsWith("/api", StringComparison.Ordinal) || pattern.StartsWith("/health", StringComparison.Ordinal)
        select new Routes(
            method, pattern, endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType, endpoint.Metadata.GetMetadata<ListParameters>(), endpoint);

    /// <summary>Every place of the route that takes an id, filled with one of the victim's.</summary>
    public IEnumerable<Attack> Attacks(Estate attacker, Estate victim)
    {
        if (PathParameters().Contains("id"))
        {
            var (foreign, random) = (Known(victim, Resource), Guid.CreateVersion7());
            yield return new($"{Name} by path", Fill(foreign, BodyOf(attacker)), Fill(random, BodyOf(attacker)), MustFail: true);
        }
        foreach (var field in IdFields())
        {
            foreach (var alone in new[] { false, true })
            {
                yield return new(
                    $"{Name} by body {field}{(alone ? " alone" : "")}",
                    FillOwn(attacker, With(field, Known(victim, field), alone)), FillOwn(attacker, With(field, Guid.CreateVersion7(), alone)), MustFail: true);
            }
        }
        foreach (var field in IdListFields())
        {
            // A list takes what is there and names what is not, so that it need not fail; what counts is that nothing foreign changes.
            yield return new(
                $"{Name} by body {field}", FillOwn(attacker, WithList(field, Of(victim, field))), FillOwn(attacker, WithList(field, Guid.CreateVersion7())), MustFail: false);
        }
        foreach (var name in QueryIds())
        {
            yield return ByQuery(name, Known(victim, name).ToString(), Guid.CreateVersion7().ToString(), mustFail: List is null);
        }
        foreach (var name in QueryTexts())
        {
            yield return ByQuery(name, victim.Canary, "nothing", mustFail: false);
        }

        Attack ByQuery(string name, string foreign, string random, bool mustFail) => new(
            $"{Name} by query {name}", FillOwn(attacker, null, $"{name}={foreign}"), FillOwn(attacker, null, $"{name}={random}"), mustFail);

        JsonNode With(string field, Guid id, bool alone)
        {
            var body = BodyOf(attacker)!;
            foreach (var other in IdFields().Where(f => alone && f != field))
            {
                body.AsObject().Remove(other);
            }
            body[field] = id.ToString();
            return body;
        }

        JsonNode WithList(string field, Guid id)
        {
            var body = BodyOf(attacker)!;
            body[field] = new JsonArray(id.ToString());
            return body;
        }
    }

    /// <summary>The request to one's own row, which a sound server grants.</summary>
    public Request FillOwn(Estate estate, JsonNode? body = null, string query = "") =>
        Fill(PathParameters().Contains("id") ? Known(estate, Resource) : Guid.Empty, body, query);

    public Request Fill(Guid id, JsonNode? body = null, string query = "")
    {
        var path = Pattern;
        foreach (var parameter in Endpoint.RoutePattern.Parameters)
        {
            var part = Pattern[Pattern.IndexOf('{' + parameter.Name, StringComparison.Ordinal)..];
            path = path.Replace(part[..(part.IndexOf('}') + 1)], parameter.Name switch
            {
                "id" => id.ToString(),
                "tag" => "stolen",
                var other => throw new InvalidOperationException($"The attack does not know the parameter {other} of {Name}."),
            }, StringComparison.Ordinal);
        }
        var texts = HandlerQuery().Where(p => p.ParameterType == typeof(string)).Select(p => p.Name switch
        {
            "stage" => $"stage={Stage}",
            "filename" => "filename=contacts.csv",
            "encoding" => "encoding=utf-8",
            var other => throw new InvalidOperationException($"The attack does not know the query parameter {other} of {Name}."),
        });
        var all = string.Join('&', texts.Append(query).Where(q => q.Length > 0));
        return new(Method, all.Length > 0 ? $"{path}?{all}" : path, body);
    }

    /// <summary>A body that would do, with the estate's own ids.</summary>
    public JsonNode? BodyOf(Estate estate)
    {
        if (Body is null)
        {
            return null;
        }
        var body = Examples.Of(Body) ?? throw new InvalidOperationException($"There is no example of {Body.Name}.");
        foreach (var field in IdFields().Where(f => body[f] is not null))
        {
            body[field] = Known(estate, field).ToString();
        }
        foreach (var field in IdListFields())
        {
            body[field] = new JsonArray(Of(estate, field).ToString());
        }
        return body;
    }

    /// <summary>The names of the members of the body that are ids.</summary>
    public IEnumerable<string> IdFields()
    {
        foreach (var property in Body?.GetProperties() ?? [])
        {
            var type = Unwrap(property.PropertyType);
            if (type == typeof(Guid))
            {
                yield return JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            }
            else if (Mentions(type) && !IsIdList(type))
            {
                throw new InvalidOperationException($"{Body!.Name}.{property.Name} has ids inside; the attack must learn to fill them.");
            }
        }
    }

    /// <summary>The names of the members of the body that are lists of ids.</summary>
    public IEnumerable<string> IdListFields() => (Body?.GetProperties() ?? [])
        .Where(p => IsIdList(Unwrap(p.PropertyType))).Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name));

    /// <summary>The type inside <c>Optional</c> and <c>Nullable</c>.</summary>
    public static Type Unwrap(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Optional<>) || type.GetGenericTypeDefinition() == typeof(Nullable<>))
            ? Unwrap(type.GenericTypeArguments[0])
            : type;

    private static bool IsIdList(Type type) => type.IsAssignableTo(typeof(IEnumerable<Guid>));

    private static bool Mentions(Type type) => type == typeof(Guid)
        || type.GenericTypeArguments.Any(Mentions)
        || (type.Assembly == typeof(Optional<>).Assembly && type.IsClass && type.GetProperties().Any(p => Mentions(Unwrap(p.PropertyType))));

    private static Guid Known(Estate estate, string name) =>
        estate.Ids.TryGetValue(name, out var id) ? id : throw new InvalidOperationException($"The estate has no {name}.");

    // "ids" alone are of what the route is about.
    private Guid Of(Estate estate, string listField) => Known(estate, listField == "ids" ? Resource : listField[..^1]);

    private IEnumerable<string> PathParameters() => Endpoint.RoutePattern.Parameters.Select(p => p.Name);

    private IEnumerable<string> QueryIds() => (List?.Filters.Where(f => f.EndsWith("_id", StringComparison.Ordinal)) ?? [])
        .Concat(HandlerQuery().Where(p => Unwrap(p.ParameterType) == typeof(Guid)).Select(p => p.Name!));

    private IEnumerable<string> QueryTexts() => List is null ? [] : List.Filters
        .Where(f => f is "tag" or "email" or "company" or "name" or "stage").Concat(List.CanSearch ? ["q"] : []);

    // What the handler takes from the query string: simple values that are not in the path.
    private IEnumerable<ParameterInfo> HandlerQuery() => Endpoint.Metadata.GetMetadata<MethodInfo>()?.GetParameters()
        .Where(p => !PathParameters().Contains(p.Name) && Unwrap(p.ParameterType) is var type && (type == typeof(string) || type == typeof(Guid) || type.IsPrimitive)) ?? [];
}
