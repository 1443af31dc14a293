using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>
/// Takes an import back: removes the contacts it created and restores those it updated, but only those that nobody has
/// changed or called since. The others stay as they are, and their rows say why.
/// </summary>
internal static class ImportUndo
{
    private const int BatchRows = 200;

    public static async Task<Problem?> RunBatchAsync(Workspace workspace, Import import, JobLease lease, CancellationToken cancellation)
    {
        var db = workspace.Db;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (!await lease.HoldAsync(db, cancellation))
        {
            return null;
        }
        var rows = await db.ImportRows.AsNoTracking()
            .Where(r => r.ImportId == import.Id && r.Number > import.UndoDone && r.Number <= import.Done && r.ContactVersion != null)
            .OrderBy(r => r.Number).Take(BatchRows).ToListAsync(cancellation);
        await UndoAsync(workspace, rows, cancellation);
        db.UpdateInBulk(rows, nameof(ImportRow.Undo), nameof(ImportRow.Reason));
        import.Undone += rows.Count(r => r.Undo == Client.RowUndo.Undone);
        import.Kept += rows.Count(r => r.Undo == Client.RowUndo.Kept);
        var isLast = rows.Count < BatchRows;
        import.UndoDone = isLast ? import.Done : rows[^1].Number;
        if (isLast)
        {
            (import.State, import.FinishedAt) = (Client.ImportState.Undone, workspace.Now);
        }
        return await ImportRuns.SaveAsync(workspace, lease, isLast, cancellation);
    }

    private static async Task UndoAsync(Workspace workspace, List<ImportRow> rows, CancellationToken cancellation)
    {
        var db = workspace.Db;
        var ids = rows.ConvertAll(r => r.ContactId!.Value);
        var contacts = await db.Contacts.Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, cancellation);
        var called = await db.Calls.Where(c => ids.Contains(c.ContactId)).Select(c => c.ContactId)
            .Union(db.Conversations.Where(c => ids.Contains(c.ContactId)).Select(c => c.ContactId)).ToHashSetAsync(cancellation);
        foreach (var row in rows)
        {
            var contact = contacts.GetValueOrDefault(row.ContactId!.Value);
            row.Reason = contact switch
            {
                null => "Kept: the contact was deleted since.",
                _ when contact.Version != row.ContactVersion => "Kept: the contact was changed since.",
                _ when row.Outcome == Client.RowOutcome.Created && called.Contains(contact.Id) => "Kept: the contact has calls or conversations.",
                _ => null,
            };
            row.Undo = row.Reason is null ? Client.RowUndo.Undone : Client.RowUndo.Kept;
            if (row.Undo == Client.RowUndo.Undone)
            {
                Undo(workspace, row, contact!);
            }
        }
    }

    private static void Undo(Workspace workspace, ImportRow row, Contact contact)
    {
        if (row.Outcome == Client.RowOutcome.Created)
        {
            // Through the change tracker and not by a bulk statement, so that the counters follow.
            workspace.Db.Remove(contact);
            return;
        }
        var (before, tokens) = (contact.ToRecord(), ContactTokens.Of(contact));
        ContactSnapshot.Restore(contact, row.Before!);
        ContactTokens.Update(workspace.Db, contact, tokens);
        workspace.AddToTimeline(contact.Id, Client.TimelineKind.ContactUpdated, Timeline.Changes(before, contact.ToRecord()));
    }
}
