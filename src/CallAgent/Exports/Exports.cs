using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>Lists as files: with the filters, the search and the order of the list, and without pages.</summary>
public sealed class Exports
{
    /// <summary>As many conversations' turns are read by one query.</summary>
    internal const int ConversationsAtOnce = 50;

    private const int CallsAtOnce = 500;

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
        workspace.AuditRead(AuditActions.ContactExport, query: query);
        var records = rows.Value.Select(c => c.ToRecord());
        if (format == Client.ExportFormat.Jsonl)
        {
            return Export.Jsonl("contacts", records);
        }
        var columns = await ContactTable.FindAsync(await CallAgent.Contacts.Listing.RowsAsync(Db, query ?? new(), cancellation), cancellation);
        return Export.Csv("contacts", RowsAsync(columns.Header, records, columns.CellsOf, cancellation));
    }

    public Result<Export> Calls(Client.ExportFormat format = default, Client.ListQuery? query = null) =>
        Of(AuditActions.CallExport, query, "calls", CallAgent.Calls.Listing.Stream(Db, query ?? new()),
            calls => calls.Select(c => c.ToRecord()), format, c => (c.ContactId, c.CampaignId), CallsAtOnce);

    /// <summary>Conversations with what was said in them.</summary>
    public Result<Export> Conversations(Client.ExportFormat format = default, Client.ListQuery? query = null) =>
        Of(AuditActions.ConversationExport, query, "conversations", CallAgent.Conversations.Listing.Stream(Db, query ?? new()),
            rows => WithTurnsAsync(rows), format, c => (c.ContactId, c.CampaignId), ConversationsAtOnce);

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
        workspace.AuditRead(AuditActions.ImportExport, importId);
        // A part at a time, so that a slow reader holds no connection.
        var failed = CallAgent.Imports.RowListing.Stream(
            Db, new(), rows => rows.Where(r => r.ImportId == importId && r.Outcome == Client.RowOutcome.Failed && r.Number <= import.Done)).OrThrow();
        return Export.Csv("failed", RowsAsync([.. import.Columns, ImportFields.ProblemColumn], failed, row => Padded(row, import), cancellation), import.Delimiter[0]);
    }

    private async IAsyncEnumerable<Client.Conversation> WithTurnsAsync(IAsyncEnumerable<Conversation> rows, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var some in rows.Chunk(ConversationsAtOnce).WithCancellation(cancellation))
        {
            var ids = Array.ConvertAll(some, c => c.Id);
            var turns = (await Db.Turns.AsNoTracking().Where(t => ids.Contains(t.ConversationId)).OrderBy(t => t.Position).ToListAsync(cancellation))
                .ToLookup(t => t.ConversationId, t => t.ToRecord());
            foreach (var conversation in some)
            {
                yield return conversation.ToRecord([.. turns[conversation.Id]]);
            }
        }
    }

    private Result<Export> Of<T, TRecord>(string? action, Client.ListQuery? query, string name, Result<IAsyncEnumerable<T>> rows, Func<T, TRecord> toRecord, Client.ExportFormat format)
        where TRecord : class => Of(action, query, name, rows, all => all.Select(toRecord), format);

    private Result<Export> Of<T, TRecord>(
        string? action, Client.ListQuery? query, string name, Result<IAsyncEnumerable<T>> rows, Func<IAsyncEnumerable<T>, IAsyncEnumerable<TRecord>> toRecords,
        Client.ExportFormat format, Func<TRecord, (Guid Contact, Guid? Campaign)>? about = null, int namedAtOnce = 0)
        where TRecord : class
    {
        if (rows.Problem is { } problem)
        {
            return problem;
        }
        if (action is not null)
        {
            workspace.AuditRead(action, query: query);
        }
        var records = toRecords(rows.Value);
        return format == Client.ExportFormat.Jsonl
            ? Export.Jsonl(name, records)
            : Export.Csv(name, about is null ? RowsAsync(RecordColumns.HeaderOf<TRecord>(), records, RecordColumns.CellsOf) : NamedRowsAsync(records, about, namedAtOnce));
    }

    private async IAsyncEnumerable<IEnumerable<string>> NamedRowsAsync<T>(
        IAsyncEnumerable<T> records, Func<T, (Guid Contact, Guid? Campaign)> about, int atOnce, [EnumeratorCancellation] CancellationToken cancellation = default)
        where T : class
    {
        yield return [.. RecordColumns.HeaderOf<T>(), .. RowNames.Header];
        var names = new RowNames(workspace);
        await foreach (var some in records.Chunk(atOnce).WithCancellation(cancellation))
        {
            foreach (var (record, cells) in some.Zip(await names.OfAsync(Array.ConvertAll(some, r => about(r)), cancellation)))
            {
                yield return RecordColumns.CellsOf(record).Concat(cells);
            }
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
