namespace CallAgent.Server;

/// <summary>How the user's rows stood before the page was made, for the feed that the page opens a moment later.</summary>
internal static class PageMark
{
    /// <summary>The page follows changes by <see cref="LiveUpdates"/>.</summary>
    public static RouteHandlerBuilder IsLive(this RouteHandlerBuilder route) => route.AddEndpointFilter(async (invocation, next) =>
    {
        var context = invocation.HttpContext;
        // A part that is fetched anew stands in a page that follows already.
        if (!context.Request.Headers.ContainsKey("HX-Request") && context.Features.Get<Principal>() is { } principal)
        {
            context.Items[typeof(PageMark)] = await context.RequestServices.GetRequiredService<CallAgentHost>().Live.MarkAsync(principal, context.RequestAborted);
        }
        return await next(invocation);
    });

    public static string? Read(HttpContext context) => context.Items[typeof(PageMark)] as string;
}
