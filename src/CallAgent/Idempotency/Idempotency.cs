using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CallAgent;

/// <summary>
/// Requests that are carried out once however often they are sent (draft-ietf-httpapi-idempotency-key-header). The answer is kept
/// in the transaction of the effect: there is never one without the other. Only what was done is kept: a request that was refused
/// has changed nothing and may be sent again under its key.
/// </summary>
public sealed class Idempotency
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <summary>Longest key in characters.</summary>
    public const int LongestKey = 255;

    private const int SweptAtOnce = 100;

    // Of this process: SQLite has no other, and PostgreSQL's lock below is for the other nodes.
    private static readonly ConcurrentDictionary<(Guid, Guid), bool> Running = new();

    private readonly Workspace workspace;

    internal Idempotency(Workspace workspace) => this.workspace = workspace;

    private static Problem StillRunning { get; } = new("idempotency-key-running", 409, "The same request is under way",
        "A request with this Idempotency-Key has not been answered yet. Send it again in a moment.")
    {
        RetryAfterSeconds = 1,
    };

    private static Problem OtherRequest { get; } = new("idempotency-key-reused", 422, "This key was used for another request",
        "An Idempotency-Key belongs to one request: same path, same body. Take a fresh one for another.");

    /// <summary>Begins a request under a key, or answers what it was answered before.</summary>
    /// <param name="key">What the caller calls it; counts for this caller alone.</param>
    /// <param name="fingerprint">32 bytes that tell this request from others.</param>
    /// <param name="encloses">Whether everything that the request writes goes into one transaction with its answer.</param>
    /// <param name="cancellation">Ends the wait for the database.</param>
    public async Task<Result<OnceOnly>> BeginAsync(string key, byte[] fingerprint, bool encloses, CancellationToken cancellation = default)
    {
        var id = IdOf(key);
        if (!Running.TryAdd((workspace.Principal.UserId, id), true))
        {
            return StillRunning;
        }
        var once = new OnceOnly(this, id, fingerprint);
        try
        {
            if (encloses)
            {
                once.Transaction = await Db.EncloseAsync(cancellation);
            }
            if (once.Transaction is not null && workspace.Host.IsPostgres && !await LockAsync(id, cancellation))
            {
                await once.DisposeAsync();
                return StillRunning;
            }
            if (await FindAsync(id, cancellation) is { } kept)
            {
                if (!CryptographicOperations.FixedTimeEquals(kept.Fingerprint, fingerprint))
                {
                    await once.DisposeAsync();
                    return OtherRequest;
                }
                once.Answer = workspace.Host.IdempotencySeal.Open(kept.Answer, Place(id));
            }
            return once;
        }
        catch
        {
            await once.DisposeAsync();
            throw;
        }
    }

    private CrmDb Db => workspace.Db;

    internal async Task<Result<byte[]>> KeepAsync(OnceOnly once, byte[] answer, CancellationToken cancellation)
    {
        var forgotten = workspace.Now - Life;
        var old = Db.IdempotentRequests.Where(r => r.CreatedAt <= forgotten).OrderBy(r => r.CreatedAt).Take(SweptAtOnce).Select(r => r.Id);
        await Db.IdempotentRequests.Where(r => r.Id == once.Id || old.Contains(r.Id)).Where(r => r.CreatedAt <= forgotten).ExecuteDeleteAsync(cancellation);
        Db.IdempotentRequests.Add(new()
        {
            Id = once.Id,
            Fingerprint = once.Fingerprint,
            Answer = workspace.Host.IdempotencySeal.Close(answer, Place(once.Id)),
            CreatedAt = workspace.Now,
        });
        if (once.Transaction is { } transaction)
        {
            await Db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return answer;
        }
        if (await Db.TrySaveAsync(cancellation) is not { } problem)
        {
            return answer;
        }
        // Another node was faster with this key; this one's file waits to be run, and expires.
        return await FindAsync(once.Id, cancellation) is not { } kept ? problem
            : CryptographicOperations.FixedTimeEquals(kept.Fingerprint, once.Fingerprint) ? workspace.Host.IdempotencySeal.Open(kept.Answer, Place(once.Id))
            : OtherRequest;
    }

    internal async Task EndAsync(OnceOnly once)
    {
        if (once.Transaction is { } transaction)
        {
            await transaction.DisposeAsync();
            Db.EndEnclosure();
        }
        Running.TryRemove((workspace.Principal.UserId, once.Id), out _);
    }

    private Task<IdempotentRequest?> FindAsync(Guid id, CancellationToken cancellation)
    {
        var forgotten = workspace.Now - Life;
        return Db.IdempotentRequests.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id && r.CreatedAt > forgotten, cancellation);
    }

    // Released with the transaction; the id is as good as random.
    private async Task<bool> LockAsync(Guid id, CancellationToken cancellation)
    {
        var number = BitConverter.ToInt64(id.ToByteArray());
        return (await Db.Database.SqlQuery<bool>($"select pg_try_advisory_xact_lock({number}) as \"Value\"").ToListAsync(cancellation))[0];
    }

    // Another member or API key of the user has keys of its own: what one was answered is not the other's to read.
    private Guid IdOf(string key)
    {
        var hash = SHA256.HashData([.. (workspace.Principal.ActorId ?? Guid.Empty).ToByteArray(), .. Encoding.UTF8.GetBytes(key)]);
        return new Guid(hash.AsSpan(0, 16));
    }

    private byte[] Place(Guid id) => [.. workspace.Principal.UserId.ToByteArray(), .. id.ToByteArray()];
}

/// <summary>One request under an idempotency key; what is not kept when it is disposed of is undone.</summary>
public sealed class OnceOnly : IAsyncDisposable
{
    private readonly Idempotency idempotency;

    internal OnceOnly(Idempotency idempotency, Guid id, byte[] fingerprint) =>
        (this.idempotency, Id, Fingerprint) = (idempotency, id, fingerprint);

    /// <summary>What the request was answered before; <c>null</c> when it has to be carried out.</summary>
    public byte[]? Answer { get; internal set; }

    internal Guid Id { get; }

    internal byte[] Fingerprint { get; }

    internal IDbContextTransaction? Transaction { get; set; }

    /// <summary>Keeps the effect and its answer, together. Gives back what is kept: another node's answer when it was faster.</summary>
    public Task<Result<byte[]>> KeepAsync(byte[] answer, CancellationToken cancellation = default) => idempotency.KeepAsync(this, answer, cancellation);

    public ValueTask DisposeAsync() => new(idempotency.EndAsync(this));
}
