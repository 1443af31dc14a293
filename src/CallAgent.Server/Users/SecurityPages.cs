namespace CallAgent.Server;

/// <summary>How the signed-in member signs in: password, address, second factor, and where it is signed in.</summary>
internal static class SecurityPages
{
    private const string Home = "/settings/security";

    public static void MapSecurityPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Home, ShowAsync).Needs(Permission.Self).WithMetadata(CallAgent.Sessions.Parameters);
        pages.MapPasswordPages();
        pages.MapTwoFactorPages();

        pages.MapPost("/settings/sessions/{id:guid}/end", async (Guid id, Workspace w, CancellationToken c) =>
                await w.Sessions.DeleteAsync(id, c) is { } problem ? PageRoutes.ShowProblem(problem) : PageRoutes.Go(Home, "That browser is signed out."))
            .Needs(Permission.Self);
        pages.MapPost("/settings/sessions/end-others", async (Workspace w, CancellationToken c) =>
        {
            await w.Sessions.DeleteOthersAsync(c);
            return PageRoutes.Go(Home, "You are signed out everywhere else.");
        }).Needs(Permission.Self);
    }

    private static void MapPasswordPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Home + "/password", async (Workspace w, CancellationToken c) =>
            PageRoutes.Show<SecurityPassword>(new { (await w.Account.ProfileAsync(c)).Email })).Needs(Permission.Self);
        pages.MapPost(Home + "/password", async (PageForm form, Workspace w, CancellationToken c) =>
                await w.Account.ChangePasswordAsync(new() { CurrentPassword = form["current_password"], NewPassword = form["new_password"] }, c) is { } problem
                    ? PageRoutes.Show<SecurityPassword>(new { (await w.Account.ProfileAsync(c)).Email, Problem = problem }, problem.Status)
                    : PageRoutes.Go(Home, "Your password is changed. You are signed out everywhere else."))
            .Needs(Permission.Self);

        pages.MapGet(Home + "/email", async (Workspace w, CancellationToken c) =>
            PageRoutes.Show<SecurityEmail>(new { (await w.Account.ProfileAsync(c)).Email })).Needs(Permission.Self);
        pages.MapPost(Home + "/email", async (PageForm form, Workspace w, CancellationToken c) =>
                await w.Account.ChangeEmailAsync(new() { Email = form["email"], Password = form["password"] }, c) is { } problem
                    ? PageRoutes.Show<SecurityEmail>(new { (await w.Account.ProfileAsync(c)).Email, Form = form, Problem = problem }, problem.Status)
                    : PageRoutes.Go(Home, w.Mailed($"A link is on its way to {form.Text("email")}. Follow it within 30 minutes; until then nothing changes.")))
            .Needs(Permission.Self);
        pages.MapPost(Home + "/email/verification", async (Workspace w, CancellationToken c) =>
        {
            await w.Account.SendVerificationAsync(c);
            return PageRoutes.Go(Home, w.Mailed("A link is on its way. Follow it within 30 minutes."));
        }).Needs(Permission.Self);
    }

    private static async Task<IResult> ShowAsync(PageList list, Workspace w, CancellationToken cancellation)
    {
        var sessions = await w.Sessions.ListAsync(list.Query, cancellation);
        return sessions.Problem is { } problem
            ? PageRoutes.ShowProblem(problem)
            : PageRoutes.Show<SettingsSecurity>(
                new { Profile = await w.Account.ProfileAsync(cancellation), TwoFactor = await w.TwoFactor.StatusAsync(cancellation), Sessions = sessions.Value });
    }
}
