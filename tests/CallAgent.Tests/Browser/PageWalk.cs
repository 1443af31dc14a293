using CallAgent.Server;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CallAgent.Tests;

/// <summary>The pages of the server, from its routes, so that a new page is walked the day it is added.</summary>
internal sealed record PageWalk(string Method, string Pattern, RouteEndpoint Endpoint)
{
    public bool IsOpen => Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    public Permission? Permission => Endpoint.Metadata.GetMetadata<NeedsPermission>()?.Permission;

    public bool HasId => Pattern.Contains("{id", StringComparison.Ordinal);

    public string Name => $"{Method} {Pattern}";

    /// <summary>The pages of users; those of the operator's console are walked by tests of their own.</summary>
    public static IReadOnlyList<PageWalk> Of(TestServer server) => [.. All(server).Where(p => !p.IsOperators)];

    /// <summary>The pages of the operator's console.</summary>
    public static IReadOnlyList<PageWalk> OfConsole(TestServer server) => [.. All(server).Where(p => p.IsOperators)];

    private bool IsOperators => Endpoint.Metadata.GetMetadata<OperatorRoute>() is not null;

    private static IReadOnlyList<PageWalk> All(TestServer server) =>
    [
        .. from endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
           where endpoint.Metadata.GetMetadata<PageRoute>() is not null
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
           select new PageWalk(method, "/" + endpoint.RoutePattern.RawText!.Trim('/'), endpoint),
    ];

    /// <summary>The page's address with the estate's own rows.</summary>
    public string For(Estate estate) => For(estate.Ids);

    /// <summary>The page's address with these rows, by the segment that comes before an id.</summary>
    public string For(IReadOnlyDictionary<string, Guid> ids) =>
        For(name => ids.TryGetValue(name, out var id) ? id : throw new InvalidOperationException($"There is no id of {name} for {Name}."));

    /// <summary>The page's address with ids that never existed.</summary>
    public string ForNobody(Estate estate)
    {
        _ = For(estate);
        return For(_ => Guid.CreateVersion7());
    }

    private string For(Func<string, Guid> idOf)
    {
        var path = Pattern;
        foreach (var parameter in Endpoint.RoutePattern.Parameters)
        {
            var part = Pattern[Pattern.IndexOf('{' + parameter.Name, StringComparison.Ordinal)..];
            path = path.Replace(part[..(part.IndexOf('}') + 1)], parameter.Name switch
            {
                "id" => idOf(ResourceOf(Pattern, "{id")).ToString(),
                "stage" => "introduction",
                "tag" => "stolen",
                "position" => "1",
                var other when other.EndsWith("Id", StringComparison.Ordinal) => idOf(ResourceOf(Pattern, '{' + other)).ToString(),
                var other => throw new InvalidOperationException($"The walk does not know the parameter {other} of {Name}."),
            }, StringComparison.Ordinal);
        }
        return path;
    }

    // What an id is of: the segment before it.
    private static string ResourceOf(string pattern, string parameter) =>
        pattern[..pattern.IndexOf(parameter, StringComparison.Ordinal)].Trim('/').Split('/')[^1];
}

internal static class PageWalkKinds
{
    /// <summary>Whether the answer is no page but something that goes on or is kept, such as events or a file.</summary>
    public static bool IsStream(this PageWalk page) =>
        page.Pattern is "/events" || page.Pattern.Contains("export", StringComparison.Ordinal) || page.Pattern.EndsWith(".csv", StringComparison.Ordinal)
        || page.Pattern.EndsWith("/events", StringComparison.Ordinal);
}
