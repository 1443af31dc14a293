namespace CallAgent.Server;

internal static class WelcomePages
{
    public static void MapWelcomePages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/welcome", () => PageRoutes.ShowProblem(Problem.NotFound)).Needs(Permission.Read);
    }
}
