using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>
/// Carries imports out and undoes them, a batch of rows at a time. A batch is one transaction: contacts, tokens, timeline,
/// counters, the rows' outcomes, the import's counts. Killed in the middle, it never happened, and is done by the next.
/// </summary>
internal sealed class ImportRuns : IJobHandler
{
    public const string Name = "imports";

    private const int BatchRows = 500;

    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(3);

    public string Queue => Name;

    public async Task<DateTimeOffset?> WorkAsync(Workspace workspace, JobLease lease, CancellationToken cancellation)
    {
        if (await workspace.Imports.ReadAsync(lease.PayloadId, cancellation) is not { } import)
        {
            return null;
        }
        // The timeline names who asked for it, not the machine.
        await using var own = workspace.Host.As(workspace.Principal with { ActorName = import.Actor });
        var end = workspace.Now + Slice;
        while (workspace.Now < end)
        {
            if (!await lease.ExtendAsync(cancellation) || !await StepAsync(own, lease, cancellation))
            {
                return null;
            }
        }
        return workspace.Now;
    }

    public async Task GiveUpAsync(Workspace workspace, JobLease lease, CancellationToken cancellation)
    {
        var problem = await workspace.RepeatAsync(async () =>
        {
            if (await workspace.Db.Imports.FirstOrDefaultAsync(i => i.Id == lease.PayloadId, cancellation) is not { } import)
            {
                return null;
            }
            (import.State, import.FinishedAt) = (Client.ImportState.Failed, workspace.Now);
            import.Problem = "It was stopped after failing several times. What was done so far is in the counts; run it again to go on.";
            return await workspace.Db.TrySaveAsync(cancellation);
        });
        if (problem is not null)
        {
            throw new ProblemException(problem);
        }
    }

    /// <summary>Works off one batch.</summary>
    /// <returns>Whether there is more to do.</returns>
    public static async Task<bool> StepAsync(Workspace workspace, JobLease lease, CancellationToken cancellation)
    {
        var more = false;
        var problem = await workspace.RepeatAsync(async () =>
        {
            var import = await workspace.Db.Imports.FirstOrDefaultAsync(i => i.Id == lease.PayloadId, cancellation);
            switch (import?.State)
            {
                case Client.ImportState.Running:
                    more = true;
                    return await RunBatchAsync(workspace, import, lease, cancellation);
                case Client.ImportState.Undoing:
                    more = true;
                    return await ImportUndo.RunBatchAsync(workspace, import, lease, cancellation);
                case Client.ImportState.Cancelling:
                    more = false;
                    return await CancelAsync(workspace, import, lease, cancellation);
                default:
                    more = false;
                    return null;
            }
        });
        return problem is null ? more && !lease.IsLost : throw new ProblemException(problem);
    }

    /// <summary>Saves what a batch changed, and the end of the job when it was the last; refused when the lease was lost.</summary>
    public static async Task<Problem?> SaveAsync(Workspace workspace, JobLease lease, bool isLast, CancellationToken cancellation)
    {
        // A number that somebody else took at the same moment, or a contact that went: decide the batch anew.
        if (await workspace.Db.TrySaveAsync(cancellation) is { } problem)
        {
            return problem.Status == 409 ? Problem.Stale : problem;
        }
        await (isLast ? lease.FinishAsync(workspace.Db, cancellation) : workspace.Db.CommitLazilyAsync(cancellation));
        await workspace.Db.Database.CurrentTransaction!.CommitAsync(cancellation);
        return null;
    }

    private static async Task<Problem?> RunBatchAsync(Workspace workspace, Import import, JobLease lease, CancellationToken cancellation)
    {
        var db = workspace.Db;
        var batch = new ImportBatch(workspace, import, import.DryRun);
        var found = await db.ImportRows.AsNoTracking().Where(r => r.ImportId == import.Id && r.Number > import.Done)
            .OrderBy(r => r.Number).Take(BatchRows).ToListAsync(cancellation);
        var rows = found.ConvertAll(batch.Prepare);

        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (!await lease.HoldAsync(db, cancellation))
        {
            return null;
        }
        await db.ForgetPlansAsync(cancellation);
        await batch.DecideAsync(rows, import.Done, import.Created, cancellation);
        batch.Stage(rows);
        rows.ForEach(r => import.Count(r.Row.Outcome!.Value));
        var isLast = found.Count < BatchRows || import.Done >= import.Rows;
        if (isLast)
        {
            (import.State, import.FinishedAt) = (import.DryRun ? Client.ImportState.Uploaded : Client.ImportState.Completed, workspace.Now);
        }
        return await SaveAsync(workspace, lease, isLast, cancellation);
    }

    private static async Task<Problem?> CancelAsync(Workspace workspace, Import import, JobLease lease, CancellationToken cancellation)
    {
        await using var transaction = await workspace.Db.BeginWriteAsync(cancellation);
        if (import.DryRun)
        {
            import.Reset();
        }
        (import.State, import.FinishedAt) = (import.DryRun ? Client.ImportState.Uploaded : Client.ImportState.Cancelled, workspace.Now);
        return await SaveAsync(workspace, lease, isLast: true, cancellation);
    }
}
