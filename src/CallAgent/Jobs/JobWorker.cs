namespace CallAgent;

/// <summary>
/// Works off jobs until it is stopped: a few at a time, each for a few seconds and then to the end of its queue, so that
/// one user's long job does not keep the others waiting.
/// </summary>
internal sealed class JobWorker(CallAgentHost host, Action<Exception> failed)
{
    private const int Lanes = 2;
    private const int MostAttempts = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PauseOfInactive = TimeSpan.FromHours(1);

    private static readonly IJobHandler[] Handlers = [new ImportRuns(), new ImportExpiry(), new AuditUpkeep()];

    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => Task.Run(() => RunLaneAsync(cancellation), CancellationToken.None)).Append(LookAsync(cancellation)));

    // A look now and then is what metrics need; each costs the end of an index.
    private async Task LookAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var due = new Dictionary<string, long>();
                foreach (var handler in Handlers)
                {
                    due[handler.Queue] = await host.Jobs.CountDueAsync(handler.Queue, cancellation);
                }
                Meters.Waiting(due);
            }
            catch (Exception e) when (e is System.Data.Common.DbException or InvalidOperationException or OperationCanceledException)
            {
                // Whoever works on jobs says that the database does not answer.
            }
            await Task.Delay(Look, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunLaneAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var worked = false;
                foreach (var handler in Handlers)
                {
                    worked |= await WorkOneAsync(handler, cancellation);
                }
                if (!worked)
                {
                    await host.Jobs.WaitAsync(Pause, cancellation);
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The database does not answer, most likely; it will be asked again.
                failed(e);
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    private async Task<bool> WorkOneAsync(IJobHandler handler, CancellationToken cancellation)
    {
        if (await host.Jobs.TakeAsync(handler.Queue, cancellation) is not var (lease, attempts))
        {
            return false;
        }
        await using var workspace = await host.AsAsync(lease.UserId, cancellation);
        if (workspace is null)
        {
            return true; // The user was erased, and the job with it.
        }
        if (!workspace.Principal.IsActive && !handler.IsUpkeep)
        {
            await lease.ReturnAsync(workspace.Now + PauseOfInactive, cancellation);
            return true;
        }
        await WorkAsync(handler, workspace, lease, attempts, cancellation);
        return true;
    }

    private async Task WorkAsync(IJobHandler handler, Workspace workspace, JobLease lease, int attempts, CancellationToken cancellation)
    {
        using var turn = Meters.Turn(handler.Queue);
        try
        {
            if (attempts >= MostAttempts && !handler.IsUpkeep)
            {
                await handler.GiveUpAsync(workspace, lease, cancellation);
                await lease.FinishAsync(cancellation);
            }
            else if (await handler.WorkAsync(workspace, lease, cancellation) is { } due)
            {
                await lease.ReturnAsync(due, cancellation);
                turn.Outcome = "again";
            }
            else
            {
                await lease.FinishAsync(cancellation);
                turn.Outcome = "done";
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            turn.Outcome = "returned";
            // Another node need not wait for the end of the lease.
            await lease.ReturnAsync(workspace.Now, CancellationToken.None);
            throw;
        }
        catch (Exception e)
        {
            failed(e);
            await lease.PostponeAsync(workspace.Now + PauseAfter(attempts), cancellation);
        }
    }

    // Upkeep may have failed any number of times.
    private static TimeSpan PauseAfter(int attempts) =>
        attempts < MostAttempts ? Pause * Math.Pow(2, attempts) : LongestPause;
}
