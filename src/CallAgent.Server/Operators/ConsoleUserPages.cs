using CallAgent.Client;
using Microsoft.AspNetCore.Http.Features;

namespace CallAgent.Server;

/// <summary>One user at the console, and what may be done to it.</summary>
internal static class ConsoleUserPages
{
    public static void MapConsoleUsers(this IEndpointRouteBuilder pages)
    {
        var user = pages.MapGroup("/users/{id:guid}");
        user.MapGet("/", (Guid id, CallAgentHost host, CancellationToken c) => ShowAsync(host, id, null, null, c));
        user.MapPost("/plan", ChangePlanAsync);
        user.MapPost("/suspend", (Guid id, CallAgentHost host, HttpContext http, CancellationToken c) =>
            SetStatusAsync(id, UserStatus.Suspended, "is suspended. Every way of signing in ends within five seconds.", host, http, c));
        user.MapPost("/reactivate", (Guid id, CallAgentHost host, HttpContext http, CancellationToken c) =>
            SetStatusAsync(id, UserStatus.Active, "is let in again.", host, http, c));
        user.MapPost("/members/{memberId:guid}/reset-two-factor", ResetTwoFactorAsync);
        user.MapPost("/impersonate", ImpersonateAsync);
        user.MapPost("/impersonations/end", async (Guid id, CallAgentHost host, HttpContext http, CancellationToken c) =>
            PageRoutes.Go(PathOf(id), await host.Operators!.Impersonations.EndAsync(id, Me(http), c) == 0 ? "Nobody was at work there any more." : "Ended."));
        user.MapPost("/erase", EraseAsync);
    }

    private static OperatorAccount Me(HttpContext http) => http.Features.GetRequiredFeature<OperatorAccount>();

    private static string PathOf(Guid id) => $"{ConsolePages.Home}/users/{id}";

    private static async Task<IResult> ShowAsync(CallAgentHost host, Guid id, PageForm? form, Problem? problem, CancellationToken cancellation)
    {
        var operators = host.Operators!;
        if (await operators.FindAsync(id, cancellation) is not { } user)
        {
            return PageRoutes.ShowProblem(Problem.NotFound);
        }
        var members = await operators.MembersAsync(id, cancellation);
        return PageRoutes.Show<ConsoleUser>(
            new
            {
                User = user,
                Members = members.Problem is null ? members.Value : [],
                Impersonations = await operators.Impersonations.ListAsync(id, cancellation),
                Form = form,
                Problem = problem,
            },
            problem?.Status ?? StatusCodes.Status200OK);
    }

    private static async Task<IResult> ChangePlanAsync(Guid id, PageForm form, CallAgentHost host, HttpContext http, CancellationToken cancellation)
    {
        if (form.Choice<Plan>("plan") is not { } plan)
        {
            return await ShowAsync(host, id, form, Problem.Invalid("plan", "Choose a plan."), cancellation);
        }
        var changed = await host.Operators!.SetPlanAsync(id, plan, Me(http), cancellation);
        return changed.Problem is { } problem
            ? await ShowAsync(host, id, form, problem, cancellation)
            : PageRoutes.Go(PathOf(id), $"{changed.Value.Email} is on the {plan.ToText()} plan.");
    }

    private static async Task<IResult> SetStatusAsync(
        Guid id, UserStatus status, string words, CallAgentHost host, HttpContext http, CancellationToken cancellation)
    {
        var changed = await host.Operators!.SetStatusAsync(id, status, Me(http), cancellation);
        return changed.Problem is { } problem
            ? await ShowAsync(host, id, null, problem, cancellation)
            : PageRoutes.Go(PathOf(id), $"{changed.Value.Email} {words}");
    }

    private static async Task<IResult> ResetTwoFactorAsync(Guid id, Guid memberId, CallAgentHost host, HttpContext http, CancellationToken cancellation)
    {
        await using var workspace = await host.AsOperatorAsync(id, Me(http), cancellation);
        var problem = workspace is null ? Problem.NotFound : await workspace.TwoFactor.ResetAsync(memberId, cancellation);
        return problem is null
            ? PageRoutes.Go(PathOf(id), "The member signs in by the password alone now, and is told so by mail.")
            : problem.Status == StatusCodes.Status404NotFound ? PageRoutes.ShowProblem(problem) : await ShowAsync(host, id, null, problem, cancellation);
    }

    // Begun and entered at once: this browser is the operator's.
    private static async Task<IResult> ImpersonateAsync(Guid id, PageForm form, CallAgentHost host, HttpContext http, CancellationToken cancellation)
    {
        var impersonations = host.Operators!.Impersonations;
        if (form.Has("minutes") && form.Number("minutes") is null)
        {
            return await ShowAsync(host, id, form, Problem.Invalid("minutes", "Must be between 1 and 60."), cancellation);
        }
        var begun = await impersonations.BeginAsync(id, new() { Reason = form["reason"], Minutes = form.Number("minutes") }, Me(http), cancellation);
        if (begun.Problem is { } problem)
        {
            return await ShowAsync(host, id, form, problem, cancellation);
        }
        var entered = (await impersonations.EnterAsync(Impersonations.CodeOf(begun.Value), cancellation)).OrThrow();
        ImpersonationCookie.Write(http, entered.Token, entered.Impersonation.ExpiresAt);
        return PageRoutes.Go("/dashboard");
    }

    private static async Task<IResult> EraseAsync(Guid id, PageForm form, CallAgentHost host, HttpContext http, CancellationToken cancellation)
    {
        if (await host.Operators!.FindAsync(id, cancellation) is not { } user)
        {
            return PageRoutes.ShowProblem(Problem.NotFound);
        }
        if (!string.Equals(form.Text("confirmation"), user.Email, StringComparison.OrdinalIgnoreCase))
        {
            return await ShowAsync(host, id, form, Problem.Invalid("confirmation", "Is not the e-mail of the account."), cancellation);
        }
        await using var workspace = await host.AsOperatorAsync(id, Me(http), cancellation);
        return workspace is null
            ? PageRoutes.ShowProblem(Problem.NotFound)
            : PageRoutes.Show<ConsoleErased>(new { user.Email, Certificate = await workspace.Account.EraseAsync(cancellation) });
    }
}
