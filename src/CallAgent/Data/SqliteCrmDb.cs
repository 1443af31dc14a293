using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CallAgent;

internal sealed class SqliteCrmDb(DbContextOptions<SqliteCrmDb> options, TenantScope scope, TimeProvider clock) : CrmDb(options, scope, clock)
{
    // SQLite has one writer. Waiting here is fair and wakes at once; waiting in the driver polls.
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Writers = new();

    private SemaphoreSlim? turn;

    protected override async Task<IDbContextTransaction> StartWriteAsync(CancellationToken cancellation)
    {
        var writer = Writers.GetOrAdd(Database.GetConnectionString()!, _ => new SemaphoreSlim(1));
        await writer.WaitAsync(cancellation);
        turn = writer;
        try
        {
            return new TurnTransaction(await Database.BeginTransactionAsync(cancellation), EndWrite);
        }
        catch
        {
            EndWrite();
            throw;
        }
    }

    /// <summary>
    /// The deleted rows are overwritten in the file (secure_delete), but earlier states of its pages are in the log until it is
    /// emptied. This waits for those who read from it, and leaves it to the next checkpoint when they take too long.
    /// </summary>
    public override async Task WipeAsync(CancellationToken cancellation) => await Database.ExecuteSqlAsync($"pragma wal_checkpoint(truncate)", cancellation);

    /// <summary>The transaction is over; the next writer may go on.</summary>
    internal void EndWrite()
    {
        turn?.Release();
        turn = null;
    }

    public override void Dispose()
    {
        base.Dispose();
        EndWrite();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        EndWrite();
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        // SQLite neither orders nor compares DateTimeOffset.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();
    }

    private sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        t => t.ToUnixTimeMilliseconds(), ms => DateTimeOffset.FromUnixTimeMilliseconds(ms));
}

/// <summary>Passes the turn on at the end of a transaction, and lets the driver wait for other processes.</summary>
internal sealed class SqliteInterceptor : DbTransactionInterceptor, IDbConnectionInterceptor
{
    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => End(eventData);

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        End(eventData);
        return Task.CompletedTask;
    }

    public override void TransactionRolledBack(DbTransaction transaction, TransactionEndEventData eventData) => End(eventData);

    public override Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        End(eventData);
        return Task.CompletedTask;
    }

    public void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        // Its own knows the letters of English alone.
        ((SqliteConnection)connection).CreateFunction<string?, string?>("lower", text => text?.ToLowerInvariant(), isDeterministic: true);
        using var command = connection.CreateCommand();
        // What is deleted or replaced is overwritten, so that nothing of an erased user stays in unused parts of pages.
        command.CommandText = "pragma busy_timeout = 30000; pragma secure_delete = on";
        command.ExecuteNonQuery();
    }

    public Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }

    private static void End(TransactionEventData eventData) => (eventData.Context as SqliteCrmDb)?.EndWrite();
}

/// <summary>A transaction that passes the turn on also when it is dropped without an end, of which nobody is told.</summary>
internal sealed class TurnTransaction(IDbContextTransaction own, Action over) : IDbContextTransaction
{
    public Guid TransactionId => own.TransactionId;

    public Task CommitAsync(CancellationToken cancellationToken = default) => own.CommitAsync(cancellationToken);

    public Task RollbackAsync(CancellationToken cancellationToken = default) => own.RollbackAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await own.DisposeAsync();
        over();
    }

    public void Commit() => own.Commit();

    public void Rollback() => own.Rollback();

    public void Dispose()
    {
        own.Dispose();
        over();
    }
}
