using Microsoft.AspNetCore.Http.Features;

namespace CallAgent.Server;

/// <summary>Changes of a user's rows as server-sent events: what kind of rows, never what is in them.</summary>
internal static class LiveApi
{
    public const string Path = "/events";

    public static void MapLive(this IEndpointRouteBuilder app)
    {
        app.MapGet(Path, Follow).Needs(Permission.Read).ExcludeFromDescription();
    }

    private static IResult Follow(HttpContext context, CallAgentHost host)
    {
        if (LiveTopicNames.Parse(context.Request.Query["topics"].ToString()) is not { } topics)
        {
            return Problem.Invalid("topics", $"Is not a list of {string.Join(", ", LiveTopicNames.All)}.").ToAnswer();
        }
        var since = context.Request.Query.TryGetValue("since", out var given) ? given.ToString() : null;
        var feed = host.Live.Follow(context.Features.GetRequiredFeature<Principal>(), topics == LiveTopics.None ? LiveTopics.All : topics, since);
        return feed.Problem is { } problem ? problem.ToAnswer() : new LiveEvents(feed.Value);
    }
}
