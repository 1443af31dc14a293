namespace CallAgent.Server;

/// <summary>Where the link of an invitation leads.</summary>
internal static class JoinPages
{
    public static void MapJoinPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/accept-invitation", (HttpContext context, CallAgentHost host, CancellationToken c) =>
            ShowAsync(host, RecoveryPages.TokenOf(context), null, null, c)).AllowAnonymous();
        pages.MapPost("/accept-invitation", AcceptAsync).AllowAnonymous();
    }

    private static async Task<IResult> AcceptAsync(PageForm form, CallAgentHost host, HttpContext context, CancellationToken cancellation)
    {
        var accepted = await host.Joining.AcceptAsync(
            new() { Token = form["token"], Password = form["password"], FirstName = form.Text("first_name"), LastName = form.Text("last_name") }, cancellation);
        if (accepted.Problem is { } problem)
        {
            return await ShowAsync(host, form["token"], form, problem, cancellation);
        }
        await SignInPages.StartAsync(host, context, accepted.Value, cancellation);
        return PageRoutes.Go("/dashboard", $"Welcome to {accepted.Value.CompanyName ?? "the team"}.");
    }

    private static async Task<IResult> ShowAsync(CallAgentHost host, string token, PageForm? form, Problem? problem, CancellationToken cancellation) =>
        await host.Joining.FindAsync(token, cancellation) is { } invitation
            ? PageRoutes.Show<AcceptInvitationPage>(
                new { Token = token, Invitation = invitation, Form = form, Problem = problem }, problem?.Status ?? StatusCodes.Status200OK)
            : RecoveryPages.ShowDead(
                "The invitation was accepted already, taken back or replaced by a newer one, or it is older than 72 hours. If you have joined, sign in; if not, ask whoever invited you for a new one.",
                "/sign-in", "Sign in");
}
