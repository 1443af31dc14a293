using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CallAgent;

/// <summary>Opens the database that the settings name, and refuses one that is not safe or not ready.</summary>
internal static class DatabaseStart
{
    public static string SqlitePath(CallAgentSettings settings) => Path.Combine(settings.DataFolder, "callagent.db");

    /// <summary>For serving users: brought up to date where that is allowed, and proved safe.</summary>
    public static async Task<Database> ForServingAsync(CallAgentSettings settings, TimeProvider clock, CancellationToken cancellation,
        Action<DbContextOptionsBuilder>? configure = null)
    {
        if (settings.DatabaseUrl is not { } url)
        {
            settings.RequireFolder();
            var sqlite = Database.Sqlite(SqlitePath(settings), clock, configure);
            await Migrator.SqliteAsync(sqlite, SqlitePath(settings), cancellation);
            return sqlite;
        }
        var connection = DatabaseUrl.Parse("DATABASE_URL", url);
        try
        {
            return await PostgresForServingAsync(settings, connection, clock, configure, cancellation);
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            throw new SettingsException($"DATABASE_URL: no PostgreSQL answers at {connection.Host}:{connection.Port}. {e.Message}");
        }
        catch (PostgresException e) when (e.SqlState.StartsWith("28", StringComparison.Ordinal) || e.SqlState is "3D000" or "42501")
        {
            var hint = settings.DatabaseAdminUrl is null ? "" : " A first callagent migrate makes the role of DATABASE_URL.";
            throw new SettingsException($"DATABASE_URL: PostgreSQL at {connection.Host}:{connection.Port} refuses: {e.MessageText}.{hint}");
        }
    }

    /// <summary>Migrates as the owner; what <c>callagent migrate</c> does.</summary>
    public static async Task MigrateAsync(CallAgentSettings settings, TimeProvider clock, CancellationToken cancellation)
    {
        if (settings.DatabaseUrl is not { } url)
        {
            await using var sqlite = Database.Sqlite(SqlitePath(settings), clock);
            await Migrator.SqliteAsync(sqlite, SqlitePath(settings), cancellation);
            return;
        }
        var runtime = DatabaseUrl.Parse("DATABASE_URL", url);
        await using var owner = Database.Postgresql(Owner(settings, runtime), clock);
        await Migrator.PostgresAsync(owner, settings.DatabaseAdminUrl is null ? null : runtime, cancellation);
    }

    /// <summary>For the operator's tool: sees users, members and counters of everybody, and nothing else.</summary>
    public static Database ForOperator(CallAgentSettings settings, TimeProvider clock) => settings.DatabaseUrl is { } url
        ? Database.Postgresql(Owner(settings, DatabaseUrl.Parse("DATABASE_URL", url)), clock, RowLevelSecurity.OperatorRole)
        : Database.Sqlite(SqlitePath(settings), clock);

    /// <summary>The owner's connection (PostgreSQL).</summary>
    public static NpgsqlConnectionStringBuilder Owner(CallAgentSettings settings) => Owner(settings, DatabaseUrl.Parse("DATABASE_URL", settings.DatabaseUrl!));

    /// <summary>Makes the server's and the operator's role where they are missing, without touching a table (PostgreSQL).</summary>
    public static async Task EnsureRolesAsync(CallAgentSettings settings, CancellationToken cancellation)
    {
        await using var owner = NpgsqlDataSource.Create(Owner(settings));
        await using var connection = await owner.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await Migrator.EnsureRolesAsync(connection, settings.DatabaseAdminUrl is null ? null : DatabaseUrl.Parse("DATABASE_URL", settings.DatabaseUrl!), cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static NpgsqlConnectionStringBuilder Owner(CallAgentSettings settings, NpgsqlConnectionStringBuilder runtime) =>
        settings.DatabaseAdminUrl is { } admin ? DatabaseUrl.Parse("DATABASE_ADMIN_URL", admin) : runtime;

    private static async Task<Database> PostgresForServingAsync(CallAgentSettings settings, NpgsqlConnectionStringBuilder connection,
        TimeProvider clock, Action<DbContextOptionsBuilder>? configure, CancellationToken cancellation)
    {
        if (settings is { DatabaseAdminUrl: not null, MigrateAtStart: true })
        {
            // First, because it is the migration that makes the role of DATABASE_URL.
            await MigrateAsync(settings, clock, cancellation);
        }
        var database = Database.Postgresql(connection, clock, configure: configure);
        var role = await PostgresRole.ReadAsync(database.Postgres, cancellation);
        if (settings.DatabaseAdminUrl is null && (role.Danger is not null || role.MayCreateTables))
        {
            // One URL that may do everything: use its power to make the schema, then work as a role without any.
            await Migrator.PostgresAsync(database, null, cancellation);
            await database.DisposeAsync();
            database = Database.Postgresql(connection, clock, Migrator.RuntimeRole, configure);
        }
        await RequireCurrentAsync(database, cancellation);
        await PostgresRole.RequireSafeAsync(database.Postgres, cancellation);
        return database;
    }

    private static async Task RequireCurrentAsync(Database database, CancellationToken cancellation)
    {
        if (await SchemaHistory.MissingAsync(database, cancellation) is { Count: > 0 } missing)
        {
            throw new SettingsException(
                $"The database is not prepared for this version ({missing.Count} migrations to go). Set DATABASE_ADMIN_URL to its owner and run: callagent migrate");
        }
    }
}
