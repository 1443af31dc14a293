namespace CallAgent.Server;

internal static class CallPages
{
    public static void MapCallPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/calls", () => PageRoutes.ShowProblem(Problem.NotFound)).Needs(Permission.Read);
    }
}
