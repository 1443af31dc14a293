using Microsoft.EntityFrameworkCore;

namespace CallAgent;

internal sealed class PostgresCrmDb(DbContextOptions<PostgresCrmDb> options, TenantScope scope, TimeProvider clock) : CrmDb(options, scope, clock)
{
    public override Task CommitLazilyAsync(CancellationToken cancellation) =>
        Database.ExecuteSqlAsync($"set local synchronous_commit = off", cancellation);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        // Ranges over tokens are by bytes, as on SQLite, and only then can the index serve them.
        modelBuilder.Entity<ContactToken>().Property(t => t.Token).UseCollation("C");
        modelBuilder.Entity<Counter>().Property(c => c.Name).UseCollation("C");
        modelBuilder.Entity<Counter>().Property(c => c.Period).UseCollation("C");
    }
}
