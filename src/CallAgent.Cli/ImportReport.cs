using System.Globalization;
using CallAgent.Client;
using Spectre.Console;

namespace CallAgent.Cli;

/// <summary>What an import did, as a table; and its exit code.</summary>
internal static class ImportReport
{
    private const int SomeFailed = 3;
    private const int ShownRows = 10;

    public static async Task<int> ShowAsync(Workspace workspace, Import import, FileInfo? failed, CancellationToken cancellation)
    {
        var counts = import.Counts;
        var table = new Table().RoundedBorder().AddColumn(import.DryRun ? "Would be" : "Rows").AddColumn(new TableColumn("").RightAligned());
        foreach (var (name, value) in new[]
        {
            ("[green]created[/]", counts.Created), ("[green]updated[/]", counts.Updated), ("[grey]skipped[/]", counts.Skipped), ("[red]failed[/]", counts.Failed),
            ("done", counts.Done), ("in the file", counts.Rows),
        })
        {
            table.AddRow(name, value.ToString("N0", CultureInfo.InvariantCulture));
        }
        Run.Out.Write(table);
        await ShowFailedAsync(workspace, import, failed, cancellation);
        if (import.State is ImportState.Cancelled or ImportState.Failed)
        {
            return Run.Fail(import.Problem ?? "Stopped. What is done stays done.");
        }
        Run.Out.WriteLine($"Import {import.Id}");
        return counts.Failed > 0 ? SomeFailed : Run.Success;
    }

    private static async Task ShowFailedAsync(Workspace workspace, Import import, FileInfo? failed, CancellationToken cancellation)
    {
        if (import.Counts.Failed == 0)
        {
            return;
        }
        var query = new ListQuery { Limit = ShownRows, Filters = new Dictionary<string, string> { ["outcome"] = "failed" } };
        foreach (var row in (await workspace.Imports.RowsAsync(import.Id, query, cancellation)).OrThrow().Data)
        {
            Run.Out.MarkupLine($"[grey]Row {row.Number}[/]  {Markup.Escape(row.Reason ?? "")}");
        }
        if (import.Counts.Failed > ShownRows)
        {
            Run.Out.MarkupLine($"[grey]and {import.Counts.Failed - ShownRows} more[/]");
        }
        if (failed is not null)
        {
            await using var file = failed.Create();
            await (await workspace.Exports.FailedRowsAsync(import.Id, cancellation)).OrThrow().WriteToAsync(file, cancellation);
            Run.Out.WriteLine($"The rows that failed are in {failed.FullName}.");
        }
    }
}
