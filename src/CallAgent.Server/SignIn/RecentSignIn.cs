namespace CallAgent.Server;

/// <summary>Asks for the password or a code again before what a stolen session must not do.</summary>
internal static class RecentSignIn
{
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(15);

    private static readonly Problem Needed = new("recent-sign-in-needed", 403, "Show once more who is there",
        "This needs a sign-in of the last 15 minutes. Send the password or a code to /api/auth/step-up, or get a new token by the password.");

    /// <summary>Lets only people through who proved within the last 15 minutes who they are.</summary>
    public static RouteHandlerBuilder NeedsRecentSignIn(this RouteHandlerBuilder route) => route.AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        var now = http.RequestServices.GetRequiredService<CallAgentHost>().Now;
        return http.Features.Get<Principal>()?.ProvedAt > now - Recent ? await next(context)
            : PageRoutes.IsForPerson(http) ? await StepUpPages.AskAsync(http)
            : Needed.ToAnswer();
    });
}
