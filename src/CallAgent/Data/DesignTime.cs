using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace CallAgent;

/// <summary>Lets the migration tool make contexts; no database is touched.</summary>
internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteCrmDb>
{
    public SqliteCrmDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteCrmDb>().UseSqlite("Data Source=:memory:").Options, TenantScope.None, TimeProvider.System);
}

/// <inheritdoc cref="SqliteDesignTime"/>
internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresCrmDb>
{
    public PostgresCrmDb CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresCrmDb>().UseNpgsql("Host=localhost").Options, TenantScope.None, TimeProvider.System);
}
