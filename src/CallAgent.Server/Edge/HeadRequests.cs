namespace CallAgent.Server;

/// <summary>
/// Answers HEAD as GET (RFC 9110, section 9.3.2), which monitors and load balancers send: the server underneath knows what was
/// asked and sends no body. A stream of events has no end that one could wait for and keeps its 405.
/// </summary>
internal static class HeadRequests
{
    public static void UseHeadRequests(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method) && !context.Request.Path.StartsWithSegments(LiveApi.Path))
        {
            context.Request.Method = HttpMethods.Get;
        }
        return next(context);
    });
}
