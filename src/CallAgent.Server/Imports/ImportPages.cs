using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>A file of contacts on its way in: upload, look and choose, run, report.</summary>
internal static class ImportPages
{
    private const int LastImports = 10;
    private const int ShownRows = 20;

    public static void MapImportPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/contacts/import", (Workspace w, CancellationToken c) => ShowUploadAsync(w, null, c)).Needs(Permission.Work);
        pages.MapPost("/contacts/import", UploadAsync).Needs(Permission.Work).WithMetadata(new TakesFile());

        pages.MapGet("/contacts/imports/{id:guid}", (Guid id, Visitor visitor, Workspace w, CancellationToken c) => ShowAsync(id, w, visitor, null, null, c)).Needs(Permission.Read).IsLive();
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
    private static async Task<IResult> SaveAsync(Guid id, PageForm form, Visitor visitor, Workspace workspace, CancellationToken cancellation)
    {
        if (await workspace.Imports.FindAsync(id, cancellation) is not { } import)
        {
            return PageRoutes.ShowProblem(Problem.NotFound);
        }
        var saved = import.State == ImportState.Uploaded ? await workspace.Imports.UpdateAsync(id, ImportForm.ToUpdate(form, import), cancellation) : import;
        if (saved.Problem is { } problem)
        {
            return await ShowAsync(id, workspace, visitor, form, problem, cancellation);
        }
        return form["go"] is "run" or "dry"
            ? After(id, (await workspace.Imports.StartAsync(id, new() { DryRun = form["go"] == "dry" }, cancellation)).Problem)
            : PageRoutes.Go($"/contacts/imports/{id}");
    }

    private static async Task<IResult> ShowAsync(Guid id, Workspace workspace, Visitor visitor, PageForm? form, Problem? problem, CancellationToken cancellation)
    {
        if (await workspace.Imports.FindAsync(id, cancellation) is not { } import)
        {
            return PageRoutes.ShowProblem(Problem.NotFound);
        }
        var preview = import.State == ImportState.Uploaded ? (await workspace.Imports.PreviewAsync(id, cancellation)).Value : null;
        var usage = preview is null ? null : await workspace.Dashboards.UsageAsync(cancellation);
        var address = new PageQuery(visitor.PathAndQuery);
        var outcome = EnumTexts.FromText<RowOutcome>(address["outcome"] ?? "") ?? RowOutcome.Failed;
        var rows = CountOf(import, outcome) == 0 ? null : (Result<Page<ImportRow>>?)await workspace.Imports.RowsAsync(
            id, new() { Limit = ShownRows, Cursor = address["cursor"], Filters = new Dictionary<string, string> { ["outcome"] = outcome.ToText() } }, cancellation);
        var contacts = await workspace.Contacts.ManyAsync(rows is { Problem: null } ? rows.Value.Value.Data.Select(r => r.ContactId).OfType<Guid>() : [], cancellation);
        return rows?.Problem is { } refused
            ? PageRoutes.ShowProblem(refused)
            : PageRoutes.Show<ImportPage>(
                new { Import = import, Preview = preview, Room = usage?.Limits.Contacts - usage?.Figures.Contacts, Outcome = outcome, Rows = rows?.Value, Contacts = contacts, Form = form ?? ImportForm.Of(import), Problem = problem },
                problem?.Status ?? StatusCodes.Status200OK);
    }

    private static int CountOf(Import import, RowOutcome outcome) => outcome switch
    {
        RowOutcome.Created => import.Counts.Created,
        RowOutcome.Updated => import.Counts.Updated,
        RowOutcome.Skipped => import.Counts.Skipped,
        _ => import.Counts.Failed,
    };

    private static IResult After(Guid id, Problem? problem) =>
        problem is null ? PageRoutes.Go($"/contacts/imports/{id}") : PageRoutes.ShowProblem(problem);
}
