using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>
/// Removes entries after their time, from the beginning of the chain on, and notes the last seal that went as its anchor:
/// what is left can still be checked. The database lets nothing else be removed, and nothing younger than
/// <see cref="ShortestDays"/> days in any case.
/// </summary>
internal static class AuditRetention
{
    public const int ShortestDays = 30;

    private const int BatchSeals = 5_000;

    /// <returns>How many entries went.</returns>
    public static async Task<long> PruneAsync(Database database, Guid userId, DateTimeOffset before, CancellationToken cancellation)
    {
        long total = 0;
        for (var (gone, more) = (0L, true); more; total += gone)
        {
            (gone, more) = await PruneBatchAsync(database, userId, before, cancellation);
        }
        return total;
    }

    private static async Task<(long Gone, bool More)> PruneBatchAsync(Database database, Guid userId, DateTimeOffset before, CancellationToken cancellation)
    {
        await using var db = database.Open(TenantScope.Of(userId));
        db.IsBehind = true;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await AuditSealer.HoldAsync(db, cancellation) is not { } chain)
        {
            return (0, false);
        }
        var seals = await db.AuditSeals.Where(s => s.Sequence > chain.AnchorSequence).OrderBy(s => s.Sequence).Take(BatchSeals)
            .Join(db.AuditEntries, s => s.EntryId, e => e.Id, (s, e) => new { s.Sequence, s.Hash, e.OccurredAt })
            .OrderBy(s => s.Sequence).ToListAsync(cancellation);
        // The database keeps what is younger; with an anchor behind it, it would not be checked any more.
        var youngest = db.Clock.Now().AddDays(-ShortestDays);
        var old = seals.TakeWhile(s => s.OccurredAt < before && s.OccurredAt < youngest).ToList();
        if (old.Count == 0)
        {
            return (0, false);
        }
        (chain.AnchorSequence, chain.AnchorHash) = (old[^1].Sequence, old[^1].Hash);
        db.Book.Key.Sign(chain);
        await db.AuditChains.ExecuteUpdateAsync(s => s.SetProperty(c => c.AnchorSequence, chain.AnchorSequence)
            .SetProperty(c => c.AnchorHash, chain.AnchorHash).SetProperty(c => c.Mac, chain.Mac), cancellation);
        var gone = await RemoveAsync(db, chain.AnchorSequence, cancellation);
        db.Audit(Client.AuditKind.System, AuditActions.AuditPrune, details: new { entries = gone, through = chain.AnchorSequence });
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return (gone, seals.Count == BatchSeals && old.Count == seals.Count);
    }

    private static async Task<long> RemoveAsync(CrmDb db, long through, CancellationToken cancellation)
    {
        if (db is PostgresCrmDb)
        {
            return (await db.Database.SqlQuery<long>($"select audit_prune() as \"Value\"").ToListAsync(cancellation))[0];
        }
        var gone = await db.AuditEntries.Where(e => db.AuditSeals.Any(s => s.EntryId == e.Id && s.Sequence <= through)).ExecuteDeleteAsync(cancellation);
        await db.AuditSeals.Where(s => s.Sequence <= through).ExecuteDeleteAsync(cancellation);
        return gone;
    }
}
