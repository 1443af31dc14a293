using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>The team: who is in it, who is invited, and what each may.</summary>
internal static class MemberPages
{
    private const string Home = "/settings/members";

    public static void MapMemberPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Home, (PageList list, Visitor visitor, Workspace w, CancellationToken c) => ShowListAsync(w, visitor, list.Query, null, null, null, c))
            .Needs(Permission.Read).WithMetadata(CallAgent.Members.Parameters);
        pages.MapPost(Home + "/invite", InviteAsync).Needs(Permission.Manage).NeedsRecentSignInForAdmins();
        pages.MapPost("/settings/invitations/{id:guid}/revoke", async (Guid id, Workspace w, CancellationToken c) =>
                await w.Invitations.DeleteAsync(id, c) is { } problem ? PageRoutes.ShowProblem(problem) : PageRoutes.Go(Home, "The invitation is taken back."))
            .Needs(Permission.Manage);
        pages.MapPost(Home + "/leave", LeaveAsync).Needs(Permission.Self);

        pages.MapGet(Home + "/{id:guid}", (Guid id, Workspace w, CancellationToken c) => ShowAsync(w, id, null, c)).Needs(Permission.Manage);
        pages.MapPost(Home + "/{id:guid}", (Guid id, PageForm form, Workspace w, CancellationToken c) =>
            form.Choice<MemberRole>("role") is { } role
                ? ChangeAsync(w, id, w.Members.UpdateAsync(id, new() { Role = role }, c), m => $"{m.FullName} is {Article(m.Role)} now.", c)
                : ShowAsync(w, id, Problem.Invalid("role", "Choose a role."), c)).Needs(Permission.Manage).NeedsRecentSignInForAdmins();
        pages.MapPost(Home + "/{id:guid}/name", (Guid id, PageForm form, Workspace w, CancellationToken c) =>
            ChangeAsync(w, id, w.Members.UpdateAsync(id, new() { FirstName = form.Text("first_name"), LastName = form.Text("last_name") }, c),
                m => $"{m.FullName} is the name now.", c)).Needs(Permission.Manage);
        pages.MapPost(Home + "/{id:guid}/deactivate", (Guid id, Workspace w, CancellationToken c) =>
            ChangeAsync(w, id, w.Members.DeactivateAsync(id, c), m => $"{m.FullName} is deactivated and signed out.", c)).Needs(Permission.Manage);
        pages.MapPost(Home + "/{id:guid}/reactivate", (Guid id, Workspace w, CancellationToken c) =>
            ChangeAsync(w, id, w.Members.ReactivateAsync(id, c), m => $"{m.FullName} can sign in again.", c)).Needs(Permission.Manage);
        pages.MapPost(Home + "/{id:guid}/make-owner", (Guid id, PageForm form, Workspace w, CancellationToken c) =>
            ChangeAsync(w, id, w.Members.MakeOwnerAsync(id, new() { Password = form["password"] }, c), m => $"{m.FullName} is the owner now, and you are an admin.", c))
            .Needs(Permission.Own);
        pages.MapPost(Home + "/{id:guid}/remove", RemoveAsync).Needs(Permission.Manage);
    }

    private static async Task<IResult> InviteAsync(PageForm form, Visitor visitor, Workspace w, CancellationToken cancellation)
    {
        var invited = form.Choice<MemberRole>("role") is { } role
            ? await w.Invitations.CreateAsync(new() { Email = form["email"], Role = role }, cancellation)
            : Problem.Invalid("role", "Choose a role.");
        return invited.Problem is { } problem
            ? await ShowListAsync(w, visitor, new() { Limit = PageList.Rows }, form, problem, null, cancellation)
            : PageRoutes.Go(Home, w.Mailed($"{(form.IsOn("again") ? "A new invitation" : "An invitation")} is on its way to {invited.Value.Email}."));
    }

    private static async Task<IResult> LeaveAsync(PageForm form, HttpContext context, Visitor visitor, Workspace w, CancellationToken cancellation)
    {
        if (await w.Members.LeaveAsync(new() { Password = form["password"] }, cancellation) is { } problem)
        {
            return await ShowListAsync(w, visitor, new() { Limit = PageList.Rows }, null, null, problem, cancellation);
        }
        SessionCookie.Remove(context);
        return PageRoutes.Go("/sign-in", "You have left the team.");
    }

    private static async Task<IResult> RemoveAsync(Guid id, PageForm form, Workspace w, CancellationToken cancellation)
    {
        if (await w.Members.FindAsync(id, cancellation) is not { } member)
        {
            return PageRoutes.ShowProblem(Problem.NotFound);
        }
        var problem = form.IsOn("sure") ? await w.Members.RemoveAsync(id, cancellation) : Problem.Invalid("sure", "Tick this to go on.");
        return problem is null ? PageRoutes.Go(Home, $"{member.FullName} is removed.") : await ShowAsync(w, id, problem, cancellation);
    }

    private static async Task<IResult> ChangeAsync(
        Workspace w, Guid id, Task<Result<Client.Member>> change, Func<Client.Member, string> said, CancellationToken cancellation)
    {
        var changed = await change;
        return changed.Problem is { } problem ? await ShowAsync(w, id, problem, cancellation) : PageRoutes.Go($"{Home}/{id}", said(changed.Value));
    }

    private static async Task<IResult> ShowAsync(Workspace w, Guid id, Problem? problem, CancellationToken cancellation) =>
        await w.Members.FindAsync(id, cancellation) is { } member
            ? PageRoutes.Show<SettingsMember>(new { Member = member, Problem = problem }, problem?.Status ?? StatusCodes.Status200OK)
            : PageRoutes.ShowProblem(Problem.NotFound);

    private static async Task<IResult> ShowListAsync(
        Workspace w, Visitor visitor, ListQuery query, PageForm? form, Problem? problem, Problem? leaving, CancellationToken cancellation)
    {
        // Whoever has been here longest comes first.
        var members = await w.Members.ListAsync(query with { Sort = query.Sort ?? "created_at" }, cancellation);
        if (members.Problem is { } refused)
        {
            return PageRoutes.ShowProblem(refused);
        }
        var open = visitor.MayManage ? (await w.Invitations.ListAsync(new() { Limit = 100 }, cancellation)).OrThrow() : null;
        return PageRoutes.Show<SettingsMembers>(
            new { Page = members.Value, Invitations = open, Form = form, Problem = problem, Leaving = leaving }, (problem ?? leaving)?.Status ?? StatusCodes.Status200OK);
    }

    private static string Article(MemberRole role) => role is MemberRole.Admin or MemberRole.Agent ? $"an {role.ToText()}" : $"a {role.ToText()}";
}
