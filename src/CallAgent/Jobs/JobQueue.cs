using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>Puts jobs in and takes them out, whoever's they are.</summary>
internal sealed class JobQueue(Database database, TimeProvider clock) : IDisposable
{
    private const int Candidates = 8;

    private readonly SemaphoreSlim added = new(0);

    /// <summary>A job for the next save; call <see cref="Wake"/> after it.</summary>
    public static Job New(string queue, Guid payloadId, DateTimeOffset now, DateTimeOffset due) => new()
    {
        Id = Guid.CreateVersion7(now),
        Queue = queue,
        PayloadId = payloadId,
        DueAt = due,
        CreatedAt = now,
    };

    /// <summary>A job was added on this node; waiting workers look at once.</summary>
    public void Wake() => added.Release();

    /// <summary>Waits for <see cref="Wake"/>, but no longer than a while: other nodes add jobs too.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken cancellation) => added.WaitAsync(longest, cancellation);

    /// <summary>Takes the job of a queue that has been due longest; <c>null</c> when none is.</summary>
    public async Task<(JobLease Lease, int Attempts)?> TakeAsync(string queue, CancellationToken cancellation)
    {
        foreach (var job in await DueAsync(queue, cancellation))
        {
            if (await TakeAsync(job, cancellation) is { } lease)
            {
                return (lease, job.Attempts);
            }
        }
        return null;
    }

    /// <summary>Takes a certain job of a user; <c>null</c> when somebody else has it.</summary>
    public async Task<JobLease?> TakeAsync(Guid userId, string queue, Guid payloadId, CancellationToken cancellation)
    {
        var now = clock.Now();
        await using var db = database.Open(TenantScope.Of(userId));
        var job = await db.Jobs.AsNoTracking().FirstOrDefaultAsync(j => j.Queue == queue && j.PayloadId == payloadId && j.DueAt <= now, cancellation);
        return job is null ? null : await TakeAsync(job, cancellation);
    }

    /// <summary>How many jobs of a queue are due and nobody's.</summary>
    public async Task<long> CountDueAsync(string queue, CancellationToken cancellation)
    {
        var now = clock.Now();
        await using var db = database.Open(TenantScope.Naming(queue));
        return await db.Jobs.OfAnyUser().LongCountAsync(j => j.Queue == queue && j.DueAt <= now, cancellation);
    }

    private async Task<List<Job>> DueAsync(string queue, CancellationToken cancellation)
    {
        var now = clock.Now();
        await using var db = database.Open(TenantScope.Naming(queue));
        return await db.Jobs.OfAnyUser().AsNoTracking()
            .Where(j => j.Queue == queue && j.DueAt <= now).OrderBy(j => j.DueAt).Take(Candidates).ToListAsync(cancellation);
    }

    // Of several nodes that saw it due, the one whose update still finds it so has it.
    private async Task<JobLease?> TakeAsync(Job job, CancellationToken cancellation)
    {
        var until = clock.Now() + JobLease.Length;
        await using var db = database.Open(TenantScope.Of(job.UserId));
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var taken = await db.Jobs.Where(j => j.Id == job.Id && j.DueAt == job.DueAt)
            .ExecuteUpdateAsync(s => s.SetProperty(j => j.DueAt, until).SetProperty(j => j.Attempts, j => j.Attempts + 1), cancellation);
        await transaction.CommitAsync(cancellation);
        return taken == 1 ? new JobLease(database, job.UserId, job.Id, job.PayloadId, until, clock) : null;
    }

    public void Dispose() => added.Dispose();
}
