using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>
/// A user's log once a day: entries that a node left unsealed when it died, and entries whose time is over. The job is
/// made with the user and goes with it.
/// </summary>
internal sealed class AuditUpkeep : IJobHandler
{
    public const string Name = "audit";

    private static readonly TimeSpan Period = TimeSpan.FromDays(1);

    public string Queue => Name;

    public bool IsUpkeep => true;

    /// <summary>For the save that makes the user.</summary>
    public static Job JobOf(Guid userId, DateTimeOffset now) => JobQueue.New(Name, userId, now, now + Period);

    /// <summary>When a server starts, another one may have died: looks at every user's log, one after another.</summary>
    public static async Task SweepAsync(CallAgentHost host, CancellationToken cancellation)
    {
        const int Page = 500;
        var after = DateTimeOffset.UnixEpoch;
        while (true)
        {
            await using var db = host.Database.Open(TenantScope.Naming(Name));
            var jobs = await db.Jobs.OfAnyUser().AsNoTracking().Where(j => j.Queue == Name && j.DueAt >= after)
                .OrderBy(j => j.DueAt).Take(Page).Select(j => new { j.UserId, j.DueAt }).ToListAsync(cancellation);
            foreach (var job in jobs)
            {
                host.AuditSealer.Written(job.UserId, AuditSealer.Leftovers);
            }
            if (jobs.Count < Page || jobs[^1].DueAt == after)
            {
                return;
            }
            after = jobs[^1].DueAt;
        }
    }

    public async Task<DateTimeOffset?> WorkAsync(Workspace workspace, JobLease lease, CancellationToken cancellation)
    {
        var (database, userId, now) = (workspace.Host.Database, lease.UserId, workspace.Now);
        await AuditSealer.SealAsync(database, userId, AuditSealer.Leftovers, cancellation);
        if (await AuditRetention.PruneAsync(database, userId, now - workspace.Host.AuditLife, cancellation) > 0)
        {
            await AuditSealer.SealAsync(database, userId, ListingParts.FirstIdAt(now), cancellation);
        }
        return now + Period;
    }

    public Task GiveUpAsync(Workspace workspace, JobLease lease, CancellationToken cancellation) => Task.CompletedTask;
}
