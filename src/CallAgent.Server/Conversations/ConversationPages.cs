namespace CallAgent.Server;

internal static class ConversationPages
{
    public static void MapConversationPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/conversations", () => PageRoutes.ShowProblem(Problem.NotFound)).Needs(Permission.Read);
    }
}
