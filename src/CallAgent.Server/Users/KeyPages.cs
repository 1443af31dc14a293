using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>API keys: made, narrowed, replaced and revoked. A key itself is part of one answer, so that nothing is redirected to.</summary>
internal static class KeyPages
{
    public static void MapKeyPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/settings/keys", async (PageList list, Workspace w, CancellationToken c) =>
                PageRoutes.ShowResult<SettingsKeys, Page<Client.ApiKey>>(await w.ApiKeys.ListAsync(list.Query, c), page => new { Page = page }))
            .Needs(Permission.Manage).WithMetadata(CallAgent.ApiKeys.Parameters);
        pages.MapGet("/settings/keys/new", () => PageRoutes.Show<SettingsKeyNew>()).Needs(Permission.Manage);
        pages.MapPost("/settings/keys", CreateAsync).Needs(Permission.Manage).NeedsRecentSignIn();

        pages.MapGet("/settings/keys/{id:guid}", async (Guid id, Visitor visitor, Workspace w, CancellationToken c) =>
                await w.ApiKeys.FindAsync(id, c) is { } key ? Show(key, ApiKeyForm.Of(key, visitor), null) : PageRoutes.ShowProblem(Problem.NotFound))
            .Needs(Permission.Manage);
        pages.MapPost("/settings/keys/{id:guid}", UpdateAsync).Needs(Permission.Manage).NeedsRecentSignIn();
        pages.MapPost("/settings/keys/{id:guid}/rotate", RotateAsync).Needs(Permission.Manage).NeedsRecentSignIn();
        pages.MapPost("/settings/keys/{id:guid}/revoke", async (Guid id, Workspace w, CancellationToken c) =>
                await w.ApiKeys.DeleteAsync(id, c) is { } problem ? PageRoutes.ShowProblem(problem) : PageRoutes.Go("/settings/keys", "The key is revoked."))
            .Needs(Permission.Manage);
    }

    private static async Task<IResult> CreateAsync(PageForm form, HttpContext context, Visitor visitor, Workspace w, CancellationToken cancellation)
    {
        var request = ApiKeyForm.ToCreate(form, visitor);
        var made = request.Problem is { } malformed ? malformed : await w.ApiKeys.CreateAsync(request.Value, cancellation);
        return made.Problem is { } problem
            ? PageRoutes.Show<SettingsKeyNew>(new { Form = form, Problem = problem }, problem.Status)
            : PageRoutes.Show<SettingsKeyMade>(new { Key = made.Value, Site = SiteOf(context.Request) });
    }

    private static async Task<IResult> UpdateAsync(Guid id, PageForm form, Visitor visitor, Workspace w, CancellationToken cancellation)
    {
        if (await w.ApiKeys.FindAsync(id, cancellation) is not { } key)
        {
            return PageRoutes.ShowProblem(Problem.NotFound);
        }
        var request = ApiKeyForm.ToUpdate(form, key, visitor);
        var changed = request.Problem is { } malformed ? malformed : await w.ApiKeys.UpdateAsync(id, request.Value, cancellation);
        return changed.Problem is { } problem ? Show(key, form, problem) : PageRoutes.Go("/settings/keys", $"“{changed.Value.Name}” is saved.");
    }

    private static async Task<IResult> RotateAsync(Guid id, PageForm form, HttpContext context, Workspace w, CancellationToken cancellation)
    {
        var made = await w.ApiKeys.RotateAsync(id, new() { OverlapSeconds = form.Number("overlap_seconds") }, cancellation);
        return made.Problem is { } problem
            ? PageRoutes.ShowProblem(problem)
            : PageRoutes.Show<SettingsKeyMade>(new { Key = made.Value, Site = SiteOf(context.Request), Replaced = await w.ApiKeys.FindAsync(id, cancellation) });
    }

    private static IResult Show(Client.ApiKey key, PageForm form, Problem? problem) =>
        PageRoutes.Show<SettingsKey>(new { Key = key, Form = form, Problem = problem }, problem?.Status ?? StatusCodes.Status200OK);

    // As the browser reached it: shown to that browser alone.
    private static string SiteOf(HttpRequest request) => $"{request.Scheme}://{request.Host}";
}
