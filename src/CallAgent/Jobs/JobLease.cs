using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>
/// The right to work on a job until <see cref="Until"/>. The end of the lease is also its proof: whoever takes the job
/// after that writes another one, and what the late worker still wants to write is refused.
/// </summary>
internal sealed class JobLease(Database database, Guid userId, Guid jobId, Guid payloadId, DateTimeOffset until, TimeProvider clock)
{
    /// <summary>How long a job lies still after its worker died.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(10);

    public Guid UserId => userId;

    public Guid PayloadId => payloadId;

    public DateTimeOffset Until { get; private set; } = until;

    /// <summary>Somebody else has the job, or it is gone.</summary>
    public bool IsLost { get; private set; }

    /// <summary>
    /// Holds the job within the transaction that writes the work's result: true at most for one worker at a time, until
    /// the transaction ends. What it writes with that is progress, so the attempts begin anew.
    /// </summary>
    public async Task<bool> HoldAsync(CrmDb db, CancellationToken cancellation)
    {
        IsLost = await Own(db).ExecuteUpdateAsync(s => s.SetProperty(j => j.Attempts, 0), cancellation) == 0;
        return !IsLost;
    }

    /// <summary>Lengthens the lease when a good part of it is over; false when it was lost.</summary>
    public async Task<bool> ExtendAsync(CancellationToken cancellation)
    {
        var now = clock.Now();
        return Until - now > Length * 0.6 || await MoveAsync(now + Length, cancellation);
    }

    /// <summary>Gives the job back on purpose, to be taken again at a time: that it was taken was no failed attempt.</summary>
    public Task<bool> ReturnAsync(DateTimeOffset due, CancellationToken cancellation) => MoveAsync(due, cancellation, isAttempt: false);

    /// <summary>Gives the job back because it failed; the attempt counts.</summary>
    public Task<bool> PostponeAsync(DateTimeOffset due, CancellationToken cancellation) => MoveAsync(due, cancellation);

    /// <summary>The work is done, within the transaction that says so; false when the lease was lost.</summary>
    public async Task<bool> FinishAsync(CrmDb db, CancellationToken cancellation) => await Own(db).ExecuteDeleteAsync(cancellation) == 1;

    /// <summary>The work is done, or was already.</summary>
    public async Task FinishAsync(CancellationToken cancellation)
    {
        await using var db = database.Open(TenantScope.Of(userId));
        await using var transaction = await db.BeginWriteAsync(cancellation);
        await FinishAsync(db, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private async Task<bool> MoveAsync(DateTimeOffset due, CancellationToken cancellation, bool isAttempt = true)
    {
        await using var db = database.Open(TenantScope.Of(userId));
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var isOwn = await Own(db).ExecuteUpdateAsync(
            s => s.SetProperty(j => j.DueAt, due).SetProperty(j => j.Attempts, j => isAttempt ? j.Attempts : 0), cancellation) == 1;
        await transaction.CommitAsync(cancellation);
        Until = isOwn ? due : Until;
        return isOwn;
    }

    private IQueryable<Job> Own(CrmDb db) => db.Jobs.Where(j => j.Id == jobId && j.DueAt == Until);
}
