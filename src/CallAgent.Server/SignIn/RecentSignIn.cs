using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>Asks for the password or a code again before what a stolen session must not do.</summary>
internal static class RecentSignIn
{
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(15);

    private static readonly Problem Needed = new("recent-sign-in-needed", 403, "Show once more who is there",
        "This needs a sign-in of the last 15 minutes. Send the password or a code to /api/auth/step-up, or get a new token by the password.");

    /// <summary>Lets only people through who proved within the last 15 minutes who they are.</summary>
    public static RouteHandlerBuilder NeedsRecentSignIn(this RouteHandlerBuilder route) => route.WithMetadata(new Mark());

    /// <summary>The same where somebody becomes an admin, who may do all that a stolen session must not. API keys the service refuses.</summary>
    public static RouteHandlerBuilder NeedsRecentSignInForAdmins(this RouteHandlerBuilder route) => route.AddEndpointFilter(async (context, next) =>
        context.Arguments.Any(MakesAdmin) && context.HttpContext.Features.Get<Principal>() is { Kind: not CredentialKind.ApiKey }
            && await AskAsync(context.HttpContext) is { } question ? question : await next(context));

    /// <summary>Before an answer that was kept is sent again: that of a new key shows the key.</summary>
    public static void UseRecentSignIn(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Mark>() is not null && await AskAsync(context) is { } question)
        {
            await question.ExecuteAsync(context);
            return;
        }
        await next(context);
    });

    // The question who is there, or the API's refusal.
    private static async Task<IResult?> AskAsync(HttpContext http)
    {
        var now = http.RequestServices.GetRequiredService<CallAgentHost>().Now;
        return http.Features.Get<Principal>()?.ProvedAt > now - Recent ? null
            : PageRoutes.IsForPerson(http) ? await StepUpPages.AskAsync(http)
            : Needed.ToAnswer();
    }

    private static bool MakesAdmin(object? argument) => argument is CreateInvitation { Role: MemberRole.Admin }
        or UpdateMember { Role: { IsSet: true, Value: MemberRole.Admin } }
        || (argument is PageForm form && form.Choice<MemberRole>("role") == MemberRole.Admin);

    private sealed class Mark;
}
