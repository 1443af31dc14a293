namespace CallAgent.Server;

internal static class DashboardPages
{
    public static void MapDashboardPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/dashboard", () => PageRoutes.ShowProblem(Problem.NotFound)).Needs(Permission.Read);
        pages.MapGet("/usage", () => PageRoutes.ShowProblem(Problem.NotFound)).Needs(Permission.Read);
    }
}
