using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>A file of contacts on its way in: upload, look and choose, run, report.</summary>
internal static class ImportPages
{
    private const int LastImports = 10;
    private const int ShownFailures = 20;

    public static void MapImportPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/contacts/import", (Workspace w, CancellationToken c) => ShowUploadAsync(w, null, c)).Needs(Permission.Work);
        pages.MapPost("/contacts/import", UploadAsync).Needs(Permission.Work).WithMetadata(new TakesFile());

        pages.MapGet("/contacts/imports/{id:guid}", (Guid id, Workspace w, CancellationToken c) => ShowAsync(id, w, null, null, c)).Needs(Permission.Read).IsLive();
        pages.MapPost("/contacts/imports/{id:guid}", SaveAsync).Needs(Permission.Work);
        pages.MapPost("/contacts/imports/{id:guid}/cancel", async (Guid id, Workspace w, CancellationToken c) =>
            After(id, (await w.Imports.CancelAsync(id, c)).Problem)).Needs(Permission.Work);
        pages.MapPost("/contacts/imports/{id:guid}/undo", async (Guid id, Workspace w, CancellationToken c) =>
            After(id, (await w.Imports.UndoAsync(id, c)).Problem)).Needs(Permission.Work);
        pages.MapPost("/contacts/imports/{id:guid}/delete", async (Guid id, Workspace w, CancellationToken c) =>
            await w.Imports.DeleteAsync(id, c) is { } problem
                ? PageRoutes.ShowProblem(problem)
                : PageRoutes.Go("/contacts/import", "The import is forgotten. Its contacts stay.")).Needs(Permission.Work);
    }

    // The form token stands in the address, so that the file is read once, as it comes.
    private static async Task<IResult> UploadAsync(HttpRequest request, Workspace workspace, CancellationToken cancellation)
    {
        var uploaded = await ImportBody.ReceiveAsync(request, null, null, workspace, cancellation);
        return uploaded.Problem is { } problem
            ? await ShowUploadAsync(workspace, problem, cancellation)
            : PageRoutes.Go($"/contacts/imports/{uploaded.Value.Id}");
    }

    private static async Task<IResult> ShowUploadAsync(Workspace workspace, Problem? problem, CancellationToken cancellation)
    {
        var earlier = await workspace.Imports.ListAsync(new() { Limit = LastImports }, cancellation);
        return PageRoutes.Show<ImportUploadPage>(new { Earlier = earlier.Value.Data, Problem = problem }, problem?.Status ?? StatusCodes.Status200OK);
    }

    /// <summary>Keeps the choices, and goes on as the pressed button says.</summary>
    private static async Task<IResult> SaveAsync(Guid id, PageForm form, Workspace workspace, CancellationToken cancellation)
    {
        if (await workspace.Imports.FindAsync(id, cancellation) is not { } import)
        {
            return PageRoutes.ShowProblem(Problem.NotFound);
        }
        var saved = import.State == ImportState.Uploaded ? await workspace.Imports.UpdateAsync(id, ImportForm.ToUpdate(form, import), cancellation) : import;
        if (saved.Problem is { } problem)
        {
            return await ShowAsync(id, workspace, form, problem, cancellation);
        }
        return form["go"] is "run" or "dry"
            ? After(id, (await workspace.Imports.StartAsync(id, new() { DryRun = form["go"] == "dry" }, cancellation)).Problem)
            : PageRoutes.Go($"/contacts/imports/{id}");
    }

    private static async Task<IResult> ShowAsync(Guid id, Workspace workspace, PageForm? form, Problem? problem, CancellationToken cancellation)
    {
        if (await workspace.Imports.FindAsync(id, cancellation) is not { } import)
        {
            return PageRoutes.ShowProblem(Problem.NotFound);
        }
        var preview = import.State == ImportState.Uploaded ? (await workspace.Imports.PreviewAsync(id, cancellation)).Value : null;
        var usage = preview is null ? null : await workspace.Dashboards.UsageAsync(cancellation);
        var failed = import.Counts.Failed == 0 ? [] : (await workspace.Imports.RowsAsync(
            id, new() { Limit = ShownFailures, Filters = new Dictionary<string, string> { ["outcome"] = "failed" } }, cancellation)).Value.Data;
        return PageRoutes.Show<ImportPage>(
            new { Import = import, Preview = preview, Room = usage?.Limits.Contacts - usage?.Figures.Contacts, Failed = failed, Form = form ?? ImportForm.Of(import), Problem = problem },
            problem?.Status ?? StatusCodes.Status200OK);
    }

    private static IResult After(Guid id, Problem? problem) =>
        problem is null ? PageRoutes.Go($"/contacts/imports/{id}") : PageRoutes.ShowProblem(problem);
}
