using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CallAgent;

/// <summary>Brings a database to the schema of this version. Safe to run again, and after a kill.</summary>
internal static class Migrator
{
    /// <summary>What the server works as when <c>DATABASE_URL</c> alone is given and is the owner's.</summary>
    public const string RuntimeRole = "callagent_runtime";

    // Any number, the same in every process: roles belong to the whole cluster and are made by one at a time.
    private const long RoleLock = 0x63616c6c;

    // From PostgreSQL 16 on who makes a role is a member of it and still may not become it.
    private const string MayBecome = """
        select case when current_setting('server_version_num')::int >= 160000 then pg_has_role(current_user, $1, 'set')
            else pg_has_role(current_user, $1, 'member') end
        """;

    public static async Task SqliteAsync(Database database, string path, CancellationToken cancellation)
    {
        // The lock of the operating system ends with its process, unlike the row that EF leaves behind when it is
        // killed and then waits for (dotnet/efcore#38958): whoever holds the file may remove the row.
        await using var turn = await TakeFileAsync(path + ".migrating", cancellation);
        var isBehind = await SchemaHistory.MissingAsync(database, cancellation) is not [];
        if (!isBehind && await IsCompleteAsync(database, cancellation))
        {
            return;
        }
        await using var db = database.Open(TenantScope.None);
        if (isBehind)
        {
            await ClearStaleLockAsync(db, cancellation);
            await WriteAheadAsync(db, cancellation);
            await db.Database.MigrateAsync(cancellation);
        }
        foreach (var statement in AuditProtection.Sqlite().Concat(ContactTokenCleanup.Sqlite()).Concat(OperatorTables.Statements(isPostgres: false)))
        {
            await db.Database.ExecuteSqlAsync(FormattableStringFactory.Create(statement), cancellation);
        }
    }

    /// <param name="owner">A connection that owns the database.</param>
    /// <param name="runtime">The role that the server signs in as, made when it is missing; without one, <see cref="RuntimeRole"/>.</param>
    public static async Task PostgresAsync(Database owner, NpgsqlConnectionStringBuilder? runtime, CancellationToken cancellation)
    {
        await using var db = owner.Open(TenantScope.None);
        var isNew = await SchemaHistory.MissingAsync(owner, cancellation) is not [];
        if (isNew)
        {
            await db.Database.MigrateAsync(cancellation);
        }

        var role = runtime?.Username ?? RuntimeRole;
        await using var connection = await owner.Postgres.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        isNew |= await EnsureRolesAsync(connection, runtime, cancellation);
        foreach (var statement in await IsAsync(connection, "select to_regclass($1) is null", OperatorTables.Last(isPostgres: true), cancellation) ? OperatorTables.Statements(isPostgres: true) : [])
        {
            await RunAsync(connection, statement, cancellation);
        }
        if (!isNew && await CatalogueLint.FindAsync(owner.Postgres, db.Model, role, cancellation) is [])
        {
            // Making policies anew locks the tables; a node that starts beside others must not.
            await transaction.CommitAsync(cancellation);
            return;
        }
        foreach (var statement in RowLevelSecurity.Policies(db.Model).Concat(RowLevelSecurity.Grants(db.Model, role)).Concat(AuditProtection.Postgres(role)).Concat(ContactTokenCleanup.Postgres()))
        {
            await RunAsync(connection, statement, cancellation);
        }
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Makes the roles that are missing, within the connection's transaction.</summary>
    /// <returns>Whether one was.</returns>
    public static async Task<bool> EnsureRolesAsync(NpgsqlConnection connection, NpgsqlConnectionStringBuilder? runtime, CancellationToken cancellation)
    {
        await RunAsync(connection, $"select pg_advisory_xact_lock({RoleLock})", cancellation);
        return await EnsureRoleAsync(connection, RowLevelSecurity.OperatorRole, null, cancellation)
            | await EnsureRoleAsync(connection, runtime?.Username ?? RuntimeRole, runtime?.Password, cancellation, login: runtime is not null);
    }

    // Roles belong to the whole cluster, so that another database's first start may make the same one at the same time.
    /// <returns>Whether the role had to be made.</returns>
    private static async Task<bool> EnsureRoleAsync(
        NpgsqlConnection connection, string role, string? password, CancellationToken cancellation, bool login = false)
    {
        var name = RowLevelSecurity.Quote(role);
        var create = $"create role {name} {(login ? "login" : "nologin")} nosuperuser nobypassrls nocreatedb nocreaterole";
        var grant = $"grant {name} to {RowLevelSecurity.Quote(connection.UserName!)}";
        var isMissing = !await IsAsync(connection, "select exists (select from pg_roles where rolname = $1)", role, cancellation);
        try
        {
            if (isMissing)
            {
                var secret = password is null ? "" : $" password '{password.Replace("'", "''", StringComparison.Ordinal)}'";
                await RunAsync(connection, "savepoint role", cancellation);
                await RunAsync(connection, create + secret, cancellation);
            }
            if (!login && !await IsAsync(connection, MayBecome, role, cancellation))
            {
                await RunAsync(connection, grant, cancellation);
            }
            return isMissing;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation)
        {
            await RunAsync(connection, "rollback to savepoint role", cancellation);
            return await EnsureRoleAsync(connection, role, password, cancellation, login);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new SettingsException(
                $"The owner of the database may not make the role {role}. Let an administrator of PostgreSQL run, unless it is there: {create}; {(login ? "" : $"and then: {grant};")}");
        }
    }

    private static async Task<bool> IsAsync(NpgsqlConnection connection, string question, string role, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(question, connection) { Parameters = { new() { Value = role } } };
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    // Whether what follows the migrations was made too, and not cut short.
    private static async Task<bool> IsCompleteAsync(Database sqlite, CancellationToken cancellation)
    {
        await using var command = sqlite.Source.CreateCommand($"select exists (select 1 from sqlite_master where name = '{OperatorTables.Last(isPostgres: false)}')");
        return await command.ExecuteScalarAsync(cancellation) is 1L;
    }

    private static async Task ClearStaleLockAsync(CrmDb db, CancellationToken cancellation)
    {
        try
        {
            await db.Database.ExecuteSqlAsync($"delete from \"__EFMigrationsLock\"", cancellation);
        }
        catch (SqliteException e) when (e.SqliteErrorCode == 1)
        {
            // No such table: no migration was ever begun.
        }
    }

    // EF Core does this when it makes the file, which the statement before has done already.
    private static async Task WriteAheadAsync(CrmDb db, CancellationToken cancellation)
    {
        try
        {
            await db.Database.ExecuteSqlAsync($"pragma journal_mode = wal", cancellation);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 5 or 6)
        {
            // An older server has it open; the doctor tells, and the next start tries again.
        }
    }

    private static async Task<FileStream> TakeFileAsync(string path, CancellationToken cancellation)
    {
        for (var waited = 0; ; waited++)
        {
            try
            {
                // It stays when it is closed: whoever removes it could remove it from under the next one's lock.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
            }
            catch (IOException) when (waited < 300)
            {
                await Task.Delay(100, cancellation);
            }
            catch (IOException e)
            {
                throw new SettingsException($"Another process has been migrating {path} for 30 s: {e.Message}");
            }
        }
    }
}
