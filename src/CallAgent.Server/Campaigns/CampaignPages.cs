namespace CallAgent.Server;

internal static class CampaignPages
{
    public static void MapCampaignPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/campaigns", () => PageRoutes.ShowProblem(Problem.NotFound)).Needs(Permission.Read);
    }
}
