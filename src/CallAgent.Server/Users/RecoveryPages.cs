namespace CallAgent.Server;

/// <summary>A lost password, and where links in mails lead. A link that does not work any more says what to do instead.</summary>
internal static class RecoveryPages
{
    private const string Security = "/settings/security";

    public static void MapRecoveryPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/forgot-password", () => PageRoutes.Show<ForgotPasswordPage>()).AllowAnonymous();
        // Not redirected to, so that the typed address stands in no address.
        pages.MapPost("/forgot-password", (PageForm form, CallAgentHost host) =>
            host.Recovery.ForgotPassword(new() { Email = form["email"] }) is { } problem
                ? PageRoutes.Show<ForgotPasswordPage>(new { Form = form, Problem = problem }, problem.Status)
                : PageRoutes.Show<ForgotPasswordPage>(new { Sent = form.Text("email") })).AllowAnonymous();

        pages.MapGet("/reset-password", (HttpContext context, CallAgentHost host, CancellationToken c) =>
            ShowAsync<ResetPasswordPage>(host, TokenOf(context), MailedPurpose.ResetPassword, null, c)).AllowAnonymous();
        pages.MapPost("/reset-password", ResetAsync).AllowAnonymous();

        pages.MapGet("/verify-email", (HttpContext context, CallAgentHost host, CancellationToken c) =>
            ShowAsync<VerifyEmailPage>(host, TokenOf(context), MailedPurpose.VerifyEmail, null, c)).AllowAnonymous();
        pages.MapPost("/verify-email", async (PageForm form, HttpContext context, CallAgentHost host, CancellationToken c) =>
            await host.Recovery.VerifyEmailAsync(new() { Token = form["token"] }, c) is { } problem
                ? await ShowAsync<VerifyEmailPage>(host, form["token"], MailedPurpose.VerifyEmail, problem, c)
                : GoOn(context, "Thank you, your address is confirmed.")).AllowAnonymous();

        pages.MapGet("/confirm-email", (HttpContext context, CallAgentHost host, CancellationToken c) =>
            ShowAsync<ConfirmEmailPage>(host, TokenOf(context), MailedPurpose.ChangeEmail, null, c)).AllowAnonymous();
        pages.MapPost("/confirm-email", ConfirmAsync).AllowAnonymous();
    }

    private static async Task<IResult> ResetAsync(PageForm form, HttpContext context, CallAgentHost host, CancellationToken cancellation)
    {
        if (await host.Recovery.ResetPasswordAsync(new() { Token = form["token"], NewPassword = form["new_password"] }, cancellation) is { } problem)
        {
            return await ShowAsync<ResetPasswordPage>(host, form["token"], MailedPurpose.ResetPassword, problem, cancellation);
        }
        SessionCookie.Remove(context);
        return PageRoutes.Go("/sign-in", "Your new password is set. Sign in with it.");
    }

    private static async Task<IResult> ConfirmAsync(PageForm form, HttpContext context, CallAgentHost host, CancellationToken cancellation)
    {
        var email = await host.Recovery.FindAsync(form["token"], MailedPurpose.ChangeEmail, cancellation);
        return await host.Recovery.ConfirmEmailAsync(new() { Token = form["token"] }, cancellation) is { } problem
            ? await ShowAsync<ConfirmEmailPage>(host, form["token"], MailedPurpose.ChangeEmail, problem, cancellation)
            : GoOn(context, $"From now on you sign in with {email}.");
    }

    // What was wrong with the token is said by the page for dead links, whether it was found out now or before.
    private static async Task<IResult> ShowAsync<TPage>(
        CallAgentHost host, string token, MailedPurpose purpose, Problem? problem, CancellationToken cancellation) where TPage : Microsoft.AspNetCore.Components.IComponent
    {
        if (await host.Recovery.FindAsync(token, purpose, cancellation) is { } email)
        {
            return PageRoutes.Show<TPage>(new { Token = token, Email = email, Problem = problem }, problem?.Status ?? StatusCodes.Status200OK);
        }
        var (path, label) = purpose == MailedPurpose.ResetPassword ? ("/forgot-password", "Mail me a new link") : (Security, "To your sign-in settings");
        return ShowDead(
            purpose == MailedPurpose.ResetPassword ? "It was used already, or is older than 30 minutes. A new one is quickly sent."
            : "It was used already, or is older than 30 minutes. In your settings you see how it is now, and can have a new mail sent.", path, label);
    }

    /// <summary>The page for a link that does not work any more.</summary>
    internal static IResult ShowDead(string why, string path, string label) =>
        PageRoutes.Show<DeadLink>(new { Why = why, Path = path, Label = label }, StatusCodes.Status404NotFound);

    internal static string TokenOf(HttpContext context) => context.Request.Query["token"].ToString();

    private static IResult GoOn(HttpContext context, string message) =>
        PageRoutes.Go(context.Features.Get<Principal>() is null ? "/sign-in" : Security, message);
}
