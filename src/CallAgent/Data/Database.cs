using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CallAgent;

/// <summary>The installation's database: opens units of work on it.</summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly NpgsqlDataSource? postgres;
    private readonly Func<TenantScope, CrmDb> open;

    private Database(NpgsqlDataSource source, TimeProvider clock, Action<DbContextOptionsBuilder>? configure)
    {
        (postgres, Source, Clock) = (source, source, clock);
        Gate = new PoolGate(new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxPoolSize);
        var options = Options<PostgresCrmDb>(
            b => b.UseNpgsql(source).AddInterceptors(new PostgresTenantInterceptor(), new PoolGateInterceptor(Gate)), configure);
        open = scope => new PostgresCrmDb(options.Value, scope, clock) { Changed = Changed, Book = Book! };
    }

    private Database(SqliteConnectionStringBuilder connection, TimeProvider clock, Action<DbContextOptionsBuilder>? configure)
    {
        Clock = clock;
        var options = Options<SqliteCrmDb>(b => b.UseSqlite(connection.ConnectionString).AddInterceptors(new SqliteInterceptor()), configure);
        open = scope => new SqliteCrmDb(options.Value, scope, clock) { Changed = Changed, Book = Book! };
        // Making the file is EF Core's.
        Source = SqliteFactory.Instance.CreateDataSource(
            new SqliteConnectionStringBuilder(connection.ConnectionString) { Mode = SqliteOpenMode.ReadWrite }.ConnectionString);
    }

    /// <summary>Whom units of work tell of committed changes.</summary>
    public Action<Guid, LiveTopics>? Changed { get; set; }

    public TimeProvider Clock { get; }

    /// <summary>The queue for connections of <see cref="Postgres"/>, for those who do not come by a unit of work.</summary>
    public PoolGate Gate { get; } = new(int.MaxValue);

    /// <summary>Makes the audit log's entries; without one nothing that the log notes can be saved.</summary>
    public AuditBook? Book { get; set; }

    public bool IsPostgres => postgres is not null;

    /// <summary>For the questions of a start, before there is any unit of work.</summary>
    public DbDataSource Source { get; }

    /// <summary>For what is done outside a unit of work, such as reading roles (PostgreSQL).</summary>
    public NpgsqlDataSource Postgres => postgres ?? throw new InvalidOperationException("This database is SQLite.");

    public static Database Sqlite(string path, TimeProvider clock, Action<DbContextOptionsBuilder>? configure = null)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var connection = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, DefaultTimeout = 30 };
        return new Database(connection, clock, configure);
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
        // Metrics of the pool go by this name, and would go by the connection string.
        var source = new NpgsqlDataSourceBuilder(chosen.ConnectionString) { Name = "callagent" };
        return new Database(source.Build(), clock, configure);
    }

    /// <summary>A unit of work; the caller disposes of it.</summary>
    public CrmDb Open(TenantScope scope) => open(scope);

    /// <summary>Whether it answers in this time. One that is busy with others' commands does.</summary>
    public async Task<bool> AnswersAsync(TimeSpan patience, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            // Past the gate: it should not wait with those whom it is asked about. SQLite does not look into its file for a constant.
            await using var command = Source.CreateCommand(IsPostgres ? "select 1" : "select 1 from sqlite_schema limit 1");
            await command.ExecuteScalarAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return IsPostgres && Gate.HasMovedIn(patience);
        }
        catch (DbException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    // Made when a unit of work is first opened: a start does without.
    private static Lazy<DbContextOptions<T>> Options<T>(Action<DbContextOptionsBuilder<T>> provider, Action<DbContextOptionsBuilder>? configure)
        where T : DbContext => new(() =>
    {
        var builder = new DbContextOptionsBuilder<T>();
        provider(builder);
        builder.AddInterceptors(new LiveInterceptor());
        // Checks for misuse by several threads; a unit of work belongs to one request.
        builder.EnableThreadSafetyChecks(false);
        configure?.Invoke(builder);
        return builder.Options;
    });
}
