using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace CallAgent;

/// <summary>
/// The queue for a connection of the pool. Npgsql would let a caller wait as long as making a connection may take; who
/// finds all of them busy for more than a moment is better told so while its own caller still listens.
/// </summary>
internal sealed class PoolGate(int size)
{
    // A request may queue twice, to learn who asks and for what it asks: within two seconds in all, also where the machine is as busy as the pool.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(0.6);

    private readonly SemaphoreSlim places = new(size);
    private long lastFreed = Environment.TickCount64;

    /// <summary>Whether somebody has been done with a connection in this time: it is busy and not stuck.</summary>
    public bool HasMovedIn(TimeSpan time) => Environment.TickCount64 - Volatile.Read(ref lastFreed) < time.TotalMilliseconds;

    /// <summary>Waits for a place; dispose of it when the connection is closed.</summary>
    /// <exception cref="PoolBusyException">None became free in time.</exception>
    public async ValueTask<PoolPlace> EnterAsync(CancellationToken cancellation)
    {
        if (!await places.WaitAsync(Longest, cancellation))
        {
            Meters.PoolWasBusy();
            throw new PoolBusyException(size);
        }
        return new PoolPlace(this);
    }

    internal void Leave()
    {
        Volatile.Write(ref lastFreed, Environment.TickCount64);
        places.Release();
    }
}

/// <summary>No connection to the database became free in time; nothing was sent to it.</summary>
public sealed class PoolBusyException(int size) : NpgsqlException($"All {size} connections to the database are busy.");

/// <summary>The right to one connection of the pool, given back once.</summary>
internal sealed class PoolPlace(PoolGate gate) : IDisposable
{
    private PoolGate? gate = gate;

    public void Dispose() => Interlocked.Exchange(ref gate, null)?.Leave();
}

/// <summary>Lets units of work go through the gate whenever they open a connection.</summary>
internal sealed class PoolGateInterceptor(PoolGate gate) : DbConnectionInterceptor
{
    public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is PostgresCrmDb db)
        {
            db.TakePlace(await gate.EnterAsync(cancellationToken));
        }
        return result;
    }

    public override void ConnectionClosed(DbConnection connection, ConnectionEndEventData eventData) => Leave(eventData);

    public override Task ConnectionClosedAsync(DbConnection connection, ConnectionEndEventData eventData)
    {
        Leave(eventData);
        return Task.CompletedTask;
    }

    public override void ConnectionFailed(DbConnection connection, ConnectionErrorEventData eventData) => Leave(eventData);

    public override Task ConnectionFailedAsync(DbConnection connection, ConnectionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Leave(eventData);
        return Task.CompletedTask;
    }

    private static void Leave(ConnectionEventData eventData) => (eventData.Context as PostgresCrmDb)?.TakePlace(null);
}
