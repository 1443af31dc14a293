namespace CallAgent.Server;

/// <summary>Asks who is there before what a stolen session must not do; the form that was sent goes on afterwards.</summary>
internal static class StepUpPages
{
    public static void MapStepUpPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/step-up", async (HttpContext context, Workspace w, CancellationToken c) =>
            await ShowAsync(w, PageRoutes.LocalPath(context.Request.Query["return"]), null, null, StatusCodes.Status200OK, c)).Needs(Permission.Self);
        pages.MapPost("/step-up", ProveAsync).Needs(Permission.Self);
    }

    /// <summary>What a form that comes too late after a sign-in is answered.</summary>
    public static async Task<IResult> AskAsync(HttpContext context) => await ShowAsync(
        context.RequestServices.GetRequiredService<Workspace>(), "/dashboard", await KeptForm.OfAsync(context), null,
        StatusCodes.Status403Forbidden, context.RequestAborted);

    private static async Task<IResult> ProveAsync(PageForm form, Workspace w, CancellationToken cancellation)
    {
        var (kept, back) = (KeptForm.Of(form), PageRoutes.LocalPath(form["return"]));
        var problem = await w.Account.StepUpAsync(new() { Password = form.Has("password") ? form["password"] : null, Code = form.Text("code") }, cancellation);
        return problem is not null ? await ShowAsync(w, back, kept, problem, problem.Status, cancellation)
            // Only a form of this session with its token gets here, so that what it carries is the person's own.
            : kept is not null ? PageRoutes.Show<GoOn>(new { Kept = kept, Sends = true })
            : PageRoutes.Go(back);
    }

    private static async Task<IResult> ShowAsync(Workspace w, string back, KeptForm? kept, Problem? problem, int status, CancellationToken cancellation) =>
        PageRoutes.Show<StepUpForm>(
            new { Return = back, Kept = kept, Problem = problem, HasCodes = (await w.TwoFactor.StatusAsync(cancellation)).IsOn }, status);
}
