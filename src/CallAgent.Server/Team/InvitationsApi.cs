using CallAgent.Client;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallAgent.Server;

internal static class InvitationsApi
{
    public static void MapInvitations(this IEndpointRouteBuilder app)
    {
        var invitations = app.MapGroup("/api/invitations").WithTags("Team");

        invitations.MapGet("/", async (ListRequest list, Workspace w, CancellationToken c) => Answers.Of(await w.Invitations.ListAsync(list.Query, c)))
            .Needs(Permission.Manage).Lists(CallAgent.Invitations.Parameters).WithName("ListInvitations").WithSummary("List open invitations");

        invitations.MapPost("/", async (CreateInvitation request, Workspace w, CancellationToken c) =>
                Answers.Created(await w.Invitations.CreateAsync(request, c), invitation => $"/api/invitations/{invitation.Id}"))
            .Needs(Permission.Manage).NeedsRecentSignInForAdmins().WithName("CreateInvitation").WithSummary("Invite somebody by e-mail")
            .WithDescription("The mail's link works once, for 72 hours. An earlier invitation of the same address ends. To invite an admin takes a sign-in of the last 15 minutes, and no API key does.");

        invitations.MapDelete("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Nothing(await w.Invitations.DeleteAsync(id, c)))
            .Needs(Permission.Manage).WithName("DeleteInvitation").WithSummary("Revoke an invitation");

        app.MapPost("/api/auth/invitations/accept", AcceptAsync).WithTags("Team").AllowAnonymous()
            .WithName("AcceptInvitation").WithSummary("Accept an invitation")
            .WithDescription("Makes a member with the invited address, and sets a session cookie. One address signs in to one account (409 `email-taken`).");
    }

    private static async Task<Results<Created<SignedIn>, ProblemAnswer>> AcceptAsync(
        AcceptInvitation request, CallAgentHost host, HttpContext context, CancellationToken cancellation)
    {
        var accepted = await host.Joining.AcceptAsync(request, cancellation);
        return accepted.Problem is { } problem
            ? problem.ToAnswer()
            : TypedResults.Created("/api/auth/profile", await AuthApi.SignInAsync(context, host, accepted.Value, "Welcome.", cancellation));
    }
}
