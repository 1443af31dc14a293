using System.Data;
using Npgsql;

namespace CallAgent;

/// <summary>Backups of PostgreSQL: <c>pg_dump</c> of a snapshot in which the rows are counted too.</summary>
internal static class PostgresBackup
{
    private const string Tables = """
        select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
            and relname <> '__EFMigrationsHistory' order by relname collate "C"
        """;

    public static async Task<BackupManifest> DumpAsync(CallAgentSettings settings, string data, CancellationToken cancellation)
    {
        var program = PostgresPrograms.Find("pg_dump");
        var owner = DatabaseStart.Owner(settings);
        await using var source = NpgsqlDataSource.Create(owner.ConnectionString);
        await using var connection = await source.OpenConnectionAsync(cancellation);
        // The dump joins this transaction's view of the rows, so that both see the same ones whatever is written meanwhile.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        await RequireSeesAllAsync(connection, owner.Username!, cancellation);
        var snapshot = await TextAsync(connection, "select pg_export_snapshot()", cancellation);
        var manifest = new BackupManifest
        {
            Format = BackupManifest.CurrentFormat,
            ProductVersion = BackupManifest.Product,
            Migration = await TextAsync(connection, """select max("MigrationId") from "__EFMigrationsHistory" """, cancellation),
            Database = Backups.Postgres,
            DatabaseVersion = await TextAsync(connection, "show server_version", cancellation),
            CreatedAt = TimeProvider.System.GetUtcNow(),
            Bytes = 0,
            Sha256 = "",
            Rows = await CountAsync(connection, cancellation),
        };
        // Owners and rights are the target's own and are made anew there.
        await PostgresPrograms.RunAsync(
            program, ["--format=custom", "--no-owner", "--no-privileges", $"--snapshot={snapshot}", $"--file={data}"], owner, cancellation);
        return manifest;
    }

    public static async Task<Dictionary<string, long>> CountAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var names = new List<string>();
        await using (var command = new NpgsqlCommand(Tables, connection))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                names.Add(reader.GetString(0));
            }
        }
        var rows = new Dictionary<string, long>();
        foreach (var name in names)
        {
            await using var count = new NpgsqlCommand($"select count(*) from {RowLevelSecurity.Quote(name)}", connection) { CommandTimeout = 0 };
            rows[name] = (long)(await count.ExecuteScalarAsync(cancellation))!;
        }
        return rows;
    }

    // Row-level security is forced: it binds the owner of the tables too, whose dump would be empty.
    private static async Task RequireSeesAllAsync(NpgsqlConnection connection, string role, CancellationToken cancellation)
    {
        if (await TextAsync(connection, "select (rolsuper or rolbypassrls)::text from pg_roles where rolname = current_user", cancellation) != "true")
        {
            throw new BackupException(
                $"A backup must see every user's rows, and row-level security hides them from {role} too. Let an administrator of PostgreSQL run: "
                + $"alter role {RowLevelSecurity.Quote(role)} bypassrls; or give DATABASE_ADMIN_URL a role that has it.");
        }
    }

    private static async Task<string> TextAsync(NpgsqlConnection connection, string query, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(query, connection);
        return (await command.ExecuteScalarAsync(cancellation))?.ToString() ?? "";
    }
}
