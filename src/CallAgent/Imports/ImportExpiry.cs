using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>Forgets imports: those whose upload broke off, soon; the others after their time.</summary>
internal sealed class ImportExpiry : IJobHandler
{
    public const string Name = "imports.expiry";

    /// <summary>How long an upload may stand still.</summary>
    public static readonly TimeSpan UploadPatience = TimeSpan.FromHours(1);

    private const int BatchRows = 5_000;

    private static readonly TimeSpan LaterWhenBusy = TimeSpan.FromHours(1);

    public string Queue => Name;

    // Personal data is not kept beyond its time because somebody cannot sign in, or because the database did not answer for a while.
    public bool IsUpkeep => true;

    public async Task<DateTimeOffset?> WorkAsync(Workspace workspace, JobLease lease, CancellationToken cancellation)
    {
        var import = await workspace.Db.Imports.AsNoTracking().FirstOrDefaultAsync(i => i.Id == lease.PayloadId, cancellation);
        if (import is { State: Client.ImportState.Running or Client.ImportState.Cancelling or Client.ImportState.Undoing })
        {
            return workspace.Now + LaterWhenBusy;
        }
        if (import is not null)
        {
            await RemoveAsync(workspace, import.Id, () => lease.ExtendAsync(cancellation), cancellation);
        }
        return null;
    }

    public Task GiveUpAsync(Workspace workspace, JobLease lease, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Removes an import with its rows, a part at a time so that nobody waits long for the database.</summary>
    public static async Task RemoveAsync(Workspace workspace, Guid id, Func<Task> between, CancellationToken cancellation)
    {
        var db = workspace.Db;
        for (var removed = 1; removed > 0; await between())
        {
            await using var part = await db.BeginWriteAsync(cancellation);
            var last = await db.ImportRows.Where(r => r.ImportId == id).OrderBy(r => r.Number).Skip(BatchRows).Select(r => (int?)r.Number).FirstOrDefaultAsync(cancellation);
            removed = await db.ImportRows.Where(r => r.ImportId == id && (last == null || r.Number < last)).ExecuteDeleteAsync(cancellation);
            await part.CommitAsync(cancellation);
        }
        await using var transaction = await db.BeginWriteAsync(cancellation);
        await db.Jobs.Where(j => j.PayloadId == id).ExecuteDeleteAsync(cancellation);
        if (await db.Imports.FirstOrDefaultAsync(i => i.Id == id, cancellation) is { } import)
        {
            db.Remove(import);
            await db.SaveChangesAsync(cancellation);
        }
        await transaction.CommitAsync(cancellation);
        db.Forget();
    }
}
