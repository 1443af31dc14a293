using Microsoft.EntityFrameworkCore;

namespace CallAgent;

internal sealed class PostgresCrmDb(DbContextOptions<PostgresCrmDb> options, TenantScope scope, TimeProvider clock) : CrmDb(options, scope, clock)
{
    private PoolPlace? place;

    /// <summary>Keeps the place in the pool that an open connection has, and gives back the one before.</summary>
    internal void TakePlace(PoolPlace? taken) => Interlocked.Exchange(ref place, taken)?.Dispose();

    public override void Dispose()
    {
        base.Dispose();
        TakePlace(null);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        TakePlace(null);
    }

    public override Task CommitLazilyAsync(CancellationToken cancellation) =>
        Database.ExecuteSqlAsync($"set local synchronous_commit = off", cancellation);

    public override Task ForgetPlansAsync(CancellationToken cancellation) => Database.ExecuteSqlAsync($"discard plans", cancellation);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        // Ranges over tokens are by bytes, as on SQLite, and only then can the index serve them.
        modelBuilder.Entity<ContactToken>().Property(t => t.Token).UseCollation("C");
        modelBuilder.Entity<Counter>().Property(c => c.Name).UseCollation("C");
        modelBuilder.Entity<Counter>().Property(c => c.Period).UseCollation("C");
    }
}
