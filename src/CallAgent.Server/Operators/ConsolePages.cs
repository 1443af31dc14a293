using CallAgent.Client;
using Microsoft.AspNetCore.Authorization;

namespace CallAgent.Server;

/// <summary>The operator's console: who may see it, and its list of users.</summary>
internal static class ConsolePages
{
    public const string Home = "/operator";
    public const string SignIn = "/operator/sign-in";

    private const int Rows = 50;

    public static void MapConsole(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup(Home).WithMetadata(new PageRoute(), new OperatorRoute()).ExcludeFromDescription();
        pages.MapGet("/sign-in", ShowSignIn).AllowAnonymous();
        pages.MapPost("/sign-in", SignInAsync).AllowAnonymous();
        // The code in the link is what lets in, once.
        pages.MapGet("/enter", (CallAgentHost host, string? code) =>
            host.Operators is null ? ShowClosed() : PageRoutes.Show<ImpersonationEnter>(new { Code = code ?? "" })).AllowAnonymous();
        pages.MapPost("/enter", EnterAsync).AllowAnonymous();

        var own = pages.MapGroup("")
            .RequireAuthorization(new AuthorizationPolicyBuilder(ConsoleHandler.SchemeName).RequireAuthenticatedUser().Build());
        own.AddEndpointFilter(OperatorApi.NoteAsync);
        own.MapGet("/", ListAsync);
        own.MapPost("/sign-out", SignOutAsync);
        own.MapConsoleUsers();
    }

    /// <summary>What stands where the server was given no connection that may look across users.</summary>
    public static IResult ShowClosed() => PageRoutes.Show<ConsoleClosed>(status: OperatorHandler.Closed.Status);

    private static IResult ShowSignIn(HttpContext context, CallAgentHost host) =>
        host.Operators is null ? ShowClosed() : PageRoutes.Show<ConsoleSignIn>(new { Return = WayBack(context.Request.Query["return"]) });

    private static async Task<IResult> SignInAsync(PageForm form, HttpContext context, CallAgentHost host, CancellationToken cancellation)
    {
        if (host.Operators is not { } operators)
        {
            return ShowClosed();
        }
        var begun = await operators.Sessions.SignInAsync(form["token"], Origins.Address(context)?.ToString(), cancellation);
        if (begun.Problem is { } problem)
        {
            return PageRoutes.Show<ConsoleSignIn>(new { Problem = problem, Return = WayBack(form["return"]) }, problem.Status);
        }
        OperatorCookie.Write(context, begun.Value.Token, begun.Value.ExpiresAt);
        return PageRoutes.Go(WayBack(form["return"]));
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, CallAgentHost host, CancellationToken cancellation)
    {
        await host.Operators!.Sessions.EndAsync(OperatorCookie.Read(context)!, cancellation);
        OperatorCookie.Remove(context);
        return PageRoutes.Go(SignIn, "You are signed out.");
    }

    private static async Task<IResult> EnterAsync(PageForm form, HttpContext context, CallAgentHost host, CancellationToken cancellation)
    {
        if (host.Operators is not { } operators)
        {
            return ShowClosed();
        }
        var entered = await operators.Impersonations.EnterAsync(form["code"], cancellation);
        if (entered.Problem is { } problem)
        {
            return PageRoutes.Show<ImpersonationEnter>(new { Code = form["code"], Problem = problem }, problem.Status);
        }
        ImpersonationCookie.Write(context, entered.Value.Token, entered.Value.Impersonation.ExpiresAt);
        return PageRoutes.Go("/dashboard");
    }

    private static async Task<IResult> ListAsync(CallAgentHost host, CancellationToken cancellation, string? q = null, string? cursor = null) =>
        PageRoutes.ShowResult<ConsoleUsers, Page<OperatedUser>>(
            await host.Operators!.PageAsync(q, string.IsNullOrEmpty(cursor) ? null : cursor, Rows, cancellation), page => new { Page = page, Search = q });

    // Back to a page of the console and to nothing else.
    private static string WayBack(string? path) =>
        PageRoutes.LocalPath(path) is var local && (local == Home || local.StartsWith(Home + "/", StringComparison.Ordinal) || local.StartsWith(Home + "?", StringComparison.Ordinal))
            && !local.StartsWith(SignIn, StringComparison.Ordinal) ? local : Home;
}
