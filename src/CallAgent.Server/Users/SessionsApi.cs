namespace CallAgent.Server;

internal static class SessionsApi
{
    public static void MapSessions(this IEndpointRouteBuilder app)
    {
        var sessions = app.MapGroup("/api/sessions").WithTags("Sign-in");

        sessions.MapGet("/", async (ListRequest list, Workspace w, CancellationToken c) => Answers.Of(await w.Sessions.ListAsync(list.Query, c)))
            .Needs(Permission.Self).Lists(CallAgent.Sessions.Parameters).WithName("ListSessions").WithSummary("List your sessions")
            .WithDescription("Sign-ins of the web page that are in force. A session ends after 14 days without a request, and after 30 days in any case.");

        sessions.MapDelete("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Nothing(await w.Sessions.DeleteAsync(id, c)))
            .Needs(Permission.Self).WithName("DeleteSession").WithSummary("End a session of yours");

        sessions.MapDelete("/", DeleteOthersAsync).Needs(Permission.Self).WithName("DeleteOtherSessions").WithSummary("End all your other sessions")
            .WithDescription("And the access and refresh tokens of your programs. API keys stay.");
    }

    private static async Task<Microsoft.AspNetCore.Http.HttpResults.NoContent> DeleteOthersAsync(Workspace workspace, CancellationToken cancellation)
    {
        await workspace.Sessions.DeleteOthersAsync(cancellation);
        return TypedResults.NoContent();
    }
}
