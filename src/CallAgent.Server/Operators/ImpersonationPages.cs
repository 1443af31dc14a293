using Microsoft.AspNetCore.Http.Features;

namespace CallAgent.Server;

/// <summary>The way out of a user, for the operator who is at work within it.</summary>
internal static class ImpersonationPages
{
    public const string End = "/impersonation/end";

    // Whoever is there may see, so that nothing less is asked; for everybody else there is nothing to end.
    public static void MapImpersonationPages(this IEndpointRouteBuilder pages) => pages.MapPost(End, EndAsync).Needs(Permission.Read);

    /// <summary>Ends the impersonation of this request.</summary>
    internal static async Task<IResult> EndAsync(HttpContext context, CallAgentHost host, CancellationToken cancellation)
    {
        if (context.Features.GetRequiredFeature<Principal>().Impersonation is not { } impersonation)
        {
            return PageRoutes.ShowProblem(Problem.NotFound);
        }
        await host.Operators!.Impersonations.EndAsync(impersonation, cancellation);
        ImpersonationCookie.Remove(context);
        return PageRoutes.Go($"{ConsolePages.Home}/users/{impersonation.UserId}", "You are out again.");
    }
}
