using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace CallAgent;

/// <summary>
/// Entries of what changes nothing, such as reads and refusals: written behind the answers, many at a time. A request
/// never waits for it. When more comes than can be written, what is left out is counted, and the count is an entry.
/// </summary>
internal sealed partial class AuditInbox : IAsyncDisposable
{
    private const int BatchEntries = 2_000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseWhenDown = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);

    private readonly Channel<AuditEntry> waiting;
    private readonly ConcurrentDictionary<Guid, int> dropped = new();
    private readonly SemaphoreSlim hurry = new(0);
    private readonly CancellationTokenSource stop = new();
    private readonly Database database;
    private readonly AuditSealer sealer;
    private readonly ILogger log;
    private readonly Task work;
    private long posted;
    private long written;

    public AuditInbox(Database database, AuditSealer sealer, ILogger log, int mostWaiting = 20_000)
    {
        (this.database, this.sealer, this.log) = (database, sealer, log);
        waiting = Channel.CreateBounded<AuditEntry>(new BoundedChannelOptions(mostWaiting) { SingleReader = true });
        work = Task.Run(WorkAsync);
    }

    /// <summary>Notes something soon.</summary>
    public void Post(
        Guid userId, AuditActor actor, Client.AuditKind kind, string action, Guid? resourceId = null, object? details = null)
    {
        var entry = AuditEntry.New(
            userId, database.Clock.Now(), actor, kind, action, resourceId,
            details: details is null ? null : JsonSerializer.Serialize(details, Client.CallAgentJson.Lenient));
        if (waiting.Writer.TryWrite(entry))
        {
            Interlocked.Increment(ref posted);
        }
        else
        {
            dropped.AddOrUpdate(userId, 1, (_, n) => n + 1);
        }
    }

    /// <summary>Waits until everything that was posted so far is written.</summary>
    public async Task FlushAsync(CancellationToken cancellation = default)
    {
        var until = Interlocked.Read(ref posted);
        while (Interlocked.Read(ref written) < until)
        {
            hurry.Release();
            await Task.Delay(10, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        hurry.Release();
        stop.CancelAfter(LongestFarewell);
        await work;
        stop.Dispose();
        hurry.Dispose();
    }

    private async Task WorkAsync()
    {
        while (await waiting.Reader.WaitToReadAsync())
        {
            if (waiting.Reader.Count < BatchEntries)
            {
                // Together with what comes in the next moment.
                await hurry.WaitAsync(Pause);
            }
            var batch = new List<AuditEntry>();
            while (batch.Count < BatchEntries && waiting.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }
            foreach (var ofUser in Merge(batch).Concat(Dropped()).GroupBy(e => e.UserId))
            {
                await WriteAsync(ofUser.Key, [.. ofUser]);
            }
            Interlocked.Add(ref written, batch.Count);
        }
    }

    // Somebody who looks at the same thing many times within a moment did one thing.
    private static IEnumerable<AuditEntry> Merge(List<AuditEntry> batch)
    {
        foreach (var same in batch.GroupBy(e => (e.UserId, e.ActorKind, e.ActorId, e.Action, e.ResourceId, e.Address, e.Details)))
        {
            var (first, times) = (same.First(), same.Count());
            if (times > 1)
            {
                first.Details = first.Details is { } details ? $"{details[..^1]},\"times\":{times}}}" : $"{{\"times\":{times}}}";
            }
            yield return first;
        }
    }

    private List<AuditEntry> Dropped()
    {
        var entries = new List<AuditEntry>();
        foreach (var userId in dropped.Keys)
        {
            if (dropped.TryRemove(userId, out var entriesLost))
            {
                LogDropped(entriesLost);
                entries.Add(AuditEntry.New(
                    userId, database.Clock.Now(), AuditActor.Product, Client.AuditKind.System, AuditActions.AuditDrop, details: $"{{\"entries\":{entriesLost}}}"));
            }
        }
        return entries;
    }

    private async Task WriteAsync(Guid userId, List<AuditEntry> entries)
    {
        while (true)
        {
            try
            {
                await using var db = database.Open(TenantScope.Of(userId));
                db.IsBehind = true;
                db.AddInBulk(entries.ConvertAll(db.Book.Sign));
                // Refused when the user was erased meanwhile: then there is no log to write to.
                if (await db.TrySaveAsync(stop.Token) is null)
                {
                    sealer.Written(userId, entries.Min(e => e.Id));
                }
                return;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogFailed(e.GetBaseException().Message);
                if (stop.IsCancellationRequested)
                {
                    LogDropped(entries.Count);
                    return;
                }
                await Task.Delay(PauseWhenDown);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Audit entries could not be written and are tried again: {Reason}")]
    private partial void LogFailed(string reason);

    [LoggerMessage(LogLevel.Error, "{Entries} audit entries of reads or refusals were lost")]
    private partial void LogDropped(int entries);
}
