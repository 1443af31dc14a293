using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CallAgent;

/// <summary>The installation's database: opens units of work on it.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly NpgsqlDataSource? postgres;
    private readonly DbContextOptions<PostgresCrmDb>? postgresOptions;
    private readonly DbContextOptions<SqliteCrmDb>? sqliteOptions;

    private Database(NpgsqlDataSource source, TimeProvider clock, Action<DbContextOptionsBuilder>? configure)
    {
        (postgres, Clock) = (source, clock);
        postgresOptions = Options<PostgresCrmDb>(b => b.UseNpgsql(source).AddInterceptors(new PostgresTenantInterceptor()), configure);
    }

    private Database(string sqliteConnectionString, TimeProvider clock, Action<DbContextOptionsBuilder>? configure)
    {
        Clock = clock;
        sqliteOptions = Options<SqliteCrmDb>(b => b.UseSqlite(sqliteConnectionString).AddInterceptors(new SqliteInterceptor()), configure);
    }

    /// <summary>Whom units of work tell of committed changes.</summary>
    public Action<Guid, LiveTopics>? Changed { get; set; }

    public TimeProvider Clock { get; }

    /// <summary>Makes the audit log's entries; without one nothing that the log notes can be saved.</summary>
    public AuditBook? Book { get; set; }

    public bool IsPostgres => postgres is not null;

    /// <summary>For what is done outside a unit of work, such as reading roles (PostgreSQL).</summary>
    public NpgsqlDataSource Postgres => postgres ?? throw new InvalidOperationException("This database is SQLite.");

    public static Database Sqlite(string path, TimeProvider clock, Action<DbContextOptionsBuilder>? configure = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var connection = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, DefaultTimeout = 30 };
        return new Database(connection.ConnectionString, clock, configure);
    }

    /// <param name="role">A role to work as from the first message on, when the connection's own may too much.</param>
    public static Database Postgresql(
        NpgsqlConnectionStringBuilder connection, TimeProvider clock, string? role = null, Action<DbContextOptionsBuilder>? configure = null)
    {
        var chosen = new NpgsqlConnectionStringBuilder(connection.ConnectionString);
        if (role is not null)
        {
            chosen.Options = $"{chosen.Options} -c role={role}".TrimStart();
        }
        return new Database(NpgsqlDataSource.Create(chosen), clock, configure);
    }

    /// <summary>A unit of work; the caller disposes of it.</summary>
    public CrmDb Open(TenantScope scope) => postgresOptions is not null
        ? new PostgresCrmDb(postgresOptions, scope, Clock) { Changed = Changed, Book = Book! }
        : new SqliteCrmDb(sqliteOptions!, scope, Clock) { Changed = Changed, Book = Book! };

    public async ValueTask DisposeAsync()
    {
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }
    }

    private static DbContextOptions<T> Options<T>(Action<DbContextOptionsBuilder<T>> provider, Action<DbContextOptionsBuilder>? configure)
        where T : DbContext
    {
        var builder = new DbContextOptionsBuilder<T>();
        provider(builder);
        builder.AddInterceptors(new LiveInterceptor());
        // Checks for misuse by several threads; a unit of work belongs to one request.
        builder.EnableThreadSafetyChecks(false);
        configure?.Invoke(builder);
        return builder.Options;
    }
}
