using CallAgent.Client;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallAgent.Server;

internal static class MembersApi
{
    public static void MapMembers(this IEndpointRouteBuilder app)
    {
        var members = app.MapGroup("/api/members").WithTags("Team");

        members.MapGet("/", async (ListRequest list, Workspace w, CancellationToken c) => Answers.Of(await w.Members.ListAsync(list.Query, c)))
            .Needs(Permission.Read).Lists(CallAgent.Members.Parameters).WithName("ListMembers").WithSummary("List members");

        members.MapGet("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Found(await w.Members.FindAsync(id, c)))
            .Needs(Permission.Read).WithName("GetMember").WithSummary("Get a member");

        members.MapPatch("/{id:guid}", async (Guid id, UpdateMember request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Members.UpdateAsync(id, request, c)))
            .Needs(Permission.Manage).NeedsRecentSignInForAdmins().WithName("UpdateMember").WithSummary("Change a member's role or name")
            .WithDescription("In force within five seconds. The owner's role changes only by passing the ownership on, and its name by the profile. "
                + "To make somebody an admin takes a sign-in of the last 15 minutes, and no API key does.");

        members.MapPost("/{id:guid}/deactivate", async (Guid id, Workspace w, CancellationToken c) => Answers.Of(await w.Members.DeactivateAsync(id, c)))
            .Needs(Permission.Manage).WithName("DeactivateMember").WithSummary("Deactivate a member")
            .WithDescription("Its sessions and tokens end, and its keys serve nobody until it is reactivated.");

        members.MapPost("/{id:guid}/reactivate", async (Guid id, Workspace w, CancellationToken c) => Answers.Of(await w.Members.ReactivateAsync(id, c)))
            .Needs(Permission.Manage).WithName("ReactivateMember").WithSummary("Let a deactivated member in again");

        members.MapDelete("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Nothing(await w.Members.RemoveAsync(id, c)))
            .Needs(Permission.Manage).WithName("DeleteMember").WithSummary("Remove a member")
            .WithDescription("With its sessions, tokens and keys. What it did stays, under its name.");

        members.MapPost("/{id:guid}/make-owner", async (Guid id, TransferOwnership request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Members.MakeOwnerAsync(id, request, c)))
            .Needs(Permission.Own).WithName("TransferOwnership").WithSummary("Pass the ownership on")
            .WithDescription("The owner becomes an admin. There is always exactly one owner.");

        members.MapPost("/leave", LeaveAsync).Needs(Permission.Self).WithName("LeaveTeam").WithSummary("Leave the team")
            .WithDescription("Removes the signed-in member. The owner passes the ownership on first.");
    }

    private static async Task<Results<NoContent, ProblemAnswer>> LeaveAsync(LeaveTeam request, Workspace workspace, HttpContext context, CancellationToken cancellation)
    {
        var problem = await workspace.Members.LeaveAsync(request, cancellation);
        if (problem is null)
        {
            SessionCookie.Remove(context);
        }
        return Answers.Nothing(problem);
    }
}
