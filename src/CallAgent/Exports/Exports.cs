using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>Lists as files: with the filters, the search and the order of the list, and without pages.</summary>
public sealed class Exports
{
    private readonly Workspace workspace;

    internal Exports(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    /// <summary>Contacts; what import takes back exactly.</summary>
    public async Task<Result<Export>> ContactsAsync(
        Client.ExportFormat format = default, Client.ListQuery? query = null, CancellationToken cancellation = default)
    {
        var rows = CallAgent.Contacts.Listing.Stream(Db, query ?? new());
        if (rows.Problem is { } problem)
        {
            return problem;
        }
        workspace.NoteRead(AuditActions.ContactExport, query: query);
        var records = RecordsAsync(rows.Value, (Contact c) => c.ToRecord(), cancellation);
        if (format == Client.ExportFormat.Jsonl)
        {
            return Export.Jsonl("contacts", records);
        }
        var columns = await ContactColumns.FindAsync(await CallAgent.Contacts.Listing.RowsAsync(Db, query ?? new(), cancellation), cancellation);
        return Export.Csv("contacts", RowsAsync(columns.Header, records, columns.CellsOf, cancellation));
    }

    public Result<Export> Calls(Client.ExportFormat format = default, Client.ListQuery? query = null) =>
        Of(AuditActions.CallExport, query, "calls", CallAgent.Calls.Listing.Stream(Db, query ?? new()), (Call c) => c.ToRecord(), format);

    /// <summary>Conversations without their transcripts, as they are listed.</summary>
    public Result<Export> Conversations(Client.ExportFormat format = default, Client.ListQuery? query = null) =>
        Of(AuditActions.ConversationExport, query, "conversations", CallAgent.Conversations.Listing.Stream(Db, query ?? new()), (Conversation c) => c.ToRecord(), format);

    public Result<Export> Campaigns(Client.ExportFormat format = default, Client.ListQuery? query = null) =>
        Of(null, query, "campaigns", CallAgent.Campaigns.Listing.Stream(Db, query ?? new()), (Campaign c) => c.ToRecord(), format);

    /// <summary>The audit log; that it was handed out is an entry too.</summary>
    public Result<Export> Audit(Client.ExportFormat format = default, Client.ListQuery? query = null) =>
        Of(AuditActions.AuditExport, query, "audit", AuditLog.Listing.Stream(Db, query ?? new()), (AuditEntry e) => e.ToRecord(), format);

    /// <summary>
    /// Everything of the user in one file: records as JSON Lines, the lists also as CSV, and at the end a manifest that counts
    /// them. It is read while it is written, so that what others change meanwhile may be in one of its files and not in another.
    /// </summary>
    public Export Account() => new AccountExport(workspace).Open();

    /// <summary>The rows of an import that failed, in the columns of its file and with the reason, to be mended and sent again.</summary>
    public async Task<Result<Export>> FailedRowsAsync(Guid importId, CancellationToken cancellation = default)
    {
        if (await workspace.Imports.ReadAsync(importId, cancellation) is not { } import)
        {
            return Problem.NotFound;
        }
        workspace.NoteRead(AuditActions.ImportExport, importId);
        var failed = Db.ImportRows.AsNoTracking()
            .Where(r => r.ImportId == importId && r.Outcome == Client.RowOutcome.Failed && r.Number <= import.Done).OrderBy(r => r.Number);
        return Export.Csv("failed", RowsAsync([.. import.Columns, ImportFields.ProblemColumn], failed.AsAsyncEnumerable(), row => Padded(row, import), cancellation), import.Delimiter[0]);
    }

    private Result<Export> Of<T, TRecord>(string? action, Client.ListQuery? query, string name, Result<IAsyncEnumerable<T>> rows, Func<T, TRecord> toRecord, Client.ExportFormat format)
        where TRecord : class
    {
        if (rows.Problem is { } problem)
        {
            return problem;
        }
        if (action is not null)
        {
            workspace.NoteRead(action, query: query);
        }
        var records = RecordsAsync(rows.Value, toRecord);
        return format == Client.ExportFormat.Jsonl
            ? Export.Jsonl(name, records)
            : Export.Csv(name, RowsAsync(RecordColumns.HeaderOf<TRecord>(), records, RecordColumns.CellsOf));
    }

    private static async IAsyncEnumerable<TRecord> RecordsAsync<T, TRecord>(
        IAsyncEnumerable<T> rows, Func<T, TRecord> toRecord, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            yield return toRecord(row);
        }
    }

    private static async IAsyncEnumerable<IEnumerable<string>> RowsAsync<T>(
        IReadOnlyList<string> header, IAsyncEnumerable<T> records, Func<T, IEnumerable<string>> cellsOf, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        yield return header;
        await foreach (var record in records.WithCancellation(cancellation))
        {
            yield return cellsOf(record);
        }
    }

    // A row that failed because it is too short or too long still has its reason under the right name.
    private static IEnumerable<string> Padded(ImportRow row, Import import) =>
        [.. row.Cells.Take(import.Columns.Count), .. Enumerable.Repeat("", Math.Max(0, import.Columns.Count - row.Cells.Count)), row.Reason ?? "", .. row.Cells.Skip(import.Columns.Count)];
}
