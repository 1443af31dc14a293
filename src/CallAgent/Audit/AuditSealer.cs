using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CallAgent;

/// <summary>
/// Seals entries within a few seconds of their transaction. Each node seals what it wrote itself; only one at a time adds to a
/// user's chain, which it holds or finds as it read it, and the key of the seals would refuse a second.
/// </summary>
internal sealed partial class AuditSealer : IAsyncDisposable
{
    private const int BatchEntries = 1_000;
    private const int Lanes = 4;

    /// <summary>Instead of an entry: whatever a node that died has left.</summary>
    public static readonly Guid Leftovers = Guid.Empty;

    // Entries are not sealed in the order of their ids: how far before the newest sealed one there may be others without a seal.
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(2);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, Guid> waiting = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Database database;
    private readonly ILogger log;
    private readonly Task work;

    public AuditSealer(Database database, ILogger log)
    {
        (this.database, this.log) = (database, log);
        work = Task.Run(WorkAsync);
    }

    /// <summary>There are entries of a user to seal, from this one on, or <see cref="Leftovers"/>.</summary>
    public void Written(Guid userId, Guid first) => waiting.AddOrUpdate(userId, first, (_, known) => first.CompareTo(known) < 0 ? first : known);

    /// <summary>Seals what is waiting.</summary>
    public async Task SealAllAsync(CancellationToken cancellation = default)
    {
        var lanes = new ParallelOptions { MaxDegreeOfParallelism = database.IsPostgres ? Lanes : 1, CancellationToken = cancellation };
        await Parallel.ForEachAsync(waiting.Keys, lanes, async (userId, stopped) =>
        {
            if (!waiting.TryRemove(userId, out var first))
            {
                return;
            }
            try
            {
                await SealAsync(database, userId, first, stopped);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Written(userId, first);
                LogFailed(e.GetBaseException().Message);
            }
        });
    }

    /// <summary>Seals the entries of a user from an id on, or all <see cref="Leftovers"/>, that have no seal.</summary>
    public static async Task SealAsync(Database database, Guid userId, Guid first, CancellationToken cancellation)
    {
        first = first == Leftovers ? await FirstLeftAsync(database, userId, cancellation) : first;
        for (var sealedNow = BatchEntries; sealedNow == BatchEntries;)
        {
            sealedNow = (database.IsPostgres ? await new PostgresSeals(database, userId).TryAddAsync(first, BatchEntries, cancellation) : null)
                ?? await HoldAndAddAsync(database, userId, first, cancellation);
        }
    }

    /// <summary>The user's chain, which nobody else adds to until the transaction ends; <c>null</c> when there is no such user.</summary>
    public static async Task<AuditChain?> HoldAsync(CrmDb db, CancellationToken cancellation)
    {
        while (await db.AuditChains.ExecuteUpdateAsync(s => s.SetProperty(c => c.Sequence, c => c.Sequence), cancellation) == 0)
        {
            if (!await db.Users.AnyAsync(cancellation))
            {
                return null;
            }
            var chain = new AuditChain { UserId = db.UserId, Sequence = 0, Hash = [], AnchorSequence = 0, AnchorHash = [], Mac = [] };
            db.Book.Key.Sign(chain);
            await db.Database.ExecuteSqlAsync($"""
                insert into audit_chains (user_id, sequence, hash, anchor_sequence, anchor_hash, mac)
                values ({chain.UserId}, 0, {chain.Hash}, 0, {chain.AnchorHash}, {chain.Mac}) on conflict do nothing
                """, cancellation);
        }
        return await db.AuditChains.AsNoTracking().SingleAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await work;
        stop.Dispose();
        using var farewell = new CancellationTokenSource(LongestFarewell);
        try
        {
            await SealAllAsync(farewell.Token);
        }
        catch (OperationCanceledException)
        {
            // The next server that starts does it.
        }
    }

    // By the seals and not by the clock: a backup may be brought back, or a server come up, long after its last entry.
    private static async Task<Guid> FirstLeftAsync(Database database, Guid userId, CancellationToken cancellation)
    {
        await using var db = database.Open(TenantScope.Of(userId));
        var newest = await db.AuditSeals.OrderByDescending(s => s.Sequence).Take(1)
            .Join(db.AuditEntries, s => s.EntryId, e => e.Id, (_, e) => (DateTimeOffset?)e.OccurredAt).FirstOrDefaultAsync(cancellation);
        return newest is { } time ? ListingParts.FirstIdAt(time - LookBack) : Guid.Empty;
    }

    private static async Task<int> HoldAndAddAsync(Database database, Guid userId, Guid first, CancellationToken cancellation)
    {
        await using var db = database.Open(TenantScope.Of(userId));
        db.IsBehind = true;
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (await HoldAsync(db, cancellation) is not { } chain)
        {
            return 0; // The user was erased.
        }
        var entries = await db.AuditEntries.Where(e => e.Id >= first && !db.AuditSeals.Any(s => s.EntryId == e.Id))
            .OrderBy(e => e.Id).Take(BatchEntries).Select(e => new UnsealedEntry(e.Id, e.Mac)).ToListAsync(cancellation);
        if (entries.Count > 0)
        {
            db.AddInBulk(db.Book.Key.Seal(chain, entries));
            await db.SaveChangesAsync(cancellation);
            await db.AuditChains.ExecuteUpdateAsync(
                s => s.SetProperty(c => c.Sequence, chain.Sequence).SetProperty(c => c.Hash, chain.Hash).SetProperty(c => c.Mac, chain.Mac), cancellation);
            await transaction.CommitAsync(cancellation);
        }
        return entries.Count;
    }

    private async Task WorkAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Pause, stop.Token);
                await SealAllAsync(stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogFailed(e.GetBaseException().Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Audit entries could not be sealed and are tried again: {Reason}")]
    private partial void LogFailed(string reason);
}
