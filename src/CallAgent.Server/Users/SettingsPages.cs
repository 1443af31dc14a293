namespace CallAgent.Server;

internal static class SettingsPages
{
    public static void MapSettingsPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/settings", () => PageRoutes.ShowProblem(Problem.NotFound)).Needs(Permission.Read);
    }
}
