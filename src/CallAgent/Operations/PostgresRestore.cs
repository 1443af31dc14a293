using Npgsql;

namespace CallAgent;

/// <summary>Restores a dump of PostgreSQL beside what is there, and puts that away only when all rows have come.</summary>
internal static class PostgresRestore
{
    private const string Kept = "_before_restore";

    // What a dump holds; the operators' one is not there in a database that was never migrated.
    private static readonly string[] Schemas = ["public", OperatorAccounts.PostgresSchema];

    public static async Task RunAsync(CallAgentSettings settings, string data, BackupManifest manifest, bool replace, CancellationToken cancellation)
    {
        var program = PostgresPrograms.Find("pg_restore");
        var owner = DatabaseStart.Owner(settings);
        await using var source = NpgsqlDataSource.Create(owner.ConnectionString);
        await RequireReplaceableAsync(source, owner.Database!, replace, cancellation);
        // Policies in the dump name them.
        await DatabaseStart.EnsureRolesAsync(settings, cancellation);
        await PutAsideAsync(source, cancellation);
        try
        {
            await RestoreAsync(program, data, manifest, owner, source, cancellation);
            await DatabaseStart.MigrateAsync(settings, TimeProvider.System, cancellation);
        }
        catch
        {
            await PutBackAsync(source);
            throw;
        }
        await RunAsync(source, string.Join(';', Schemas.Select(s => $"drop schema if exists {s}{Kept} cascade")), cancellation);
    }

    // Rows before indexes is what is fast; and counted before the policies hide them, even from the owner.
    private static async Task RestoreAsync(string program, string data, BackupManifest manifest,
        NpgsqlConnectionStringBuilder owner, NpgsqlDataSource source, CancellationToken cancellation)
    {
        string[] always = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", $"--dbname={owner.Database}"];
        await PostgresPrograms.RunAsync(program, [.. always, "--section=pre-data", "--section=data", data], owner, cancellation);
        await using (var connection = await source.OpenConnectionAsync(cancellation))
        {
            if (manifest.Differences(await PostgresBackup.CountAsync(connection, cancellation)).FirstOrDefault() is { } difference)
            {
                throw new BackupException($"Not all rows came: {difference}. The database is as it was.");
            }
        }
        await PostgresPrograms.RunAsync(program, [.. always, "--section=post-data", data], owner, cancellation);
        await RunAsync(source, "analyze", cancellation);
    }

    private static async Task RequireReplaceableAsync(NpgsqlDataSource source, string database, bool replace, CancellationToken cancellation)
    {
        await using var tables = source.CreateCommand("select count(*) from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm')");
        if (!replace && await tables.ExecuteScalarAsync(cancellation) is > 0L)
        {
            throw new BackupException($"The database {database} is not empty. To put the backup in its place, stop the servers and add --replace.");
        }
        await using var kept = source.CreateCommand("select string_agg(nspname, ', ') from pg_namespace where nspname::text = any ($1)");
        kept.Parameters.Add(new() { Value = Schemas.Select(s => s + Kept).ToArray() });
        if (await kept.ExecuteScalarAsync(cancellation) is string schemas)
        {
            throw new BackupException(
                $"A restore into the database {database} was cut short, and what was there before it is in {schemas}. To have that back: "
                + "drop schema public cascade; alter schema public_before_restore rename to public; and the same with the other one. "
                + "If nobody needs it any more, drop it. Then run this again.");
        }
        await using var others = source.CreateCommand(
            "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'callagent' and pid <> pg_backend_pid()");
        if (await others.ExecuteScalarAsync(cancellation) is > 0L and var count)
        {
            throw new BackupException($"{count} connections of CallAgent are open to the database {database}. Stop the servers first.");
        }
    }

    private static Task PutAsideAsync(NpgsqlDataSource source, CancellationToken cancellation) =>
        MoveAsync(source, "", Kept, "create schema public", cancellation);

    private static Task PutBackAsync(NpgsqlDataSource source) => MoveAsync(source, Kept, "", "", CancellationToken.None);

    // In one request, which PostgreSQL does whole or not at all.
    private static async Task MoveAsync(NpgsqlDataSource source, string from, string to, string then, CancellationToken cancellation)
    {
        var there = new List<string>();
        await using (var command = source.CreateCommand("select nspname::text from pg_namespace"))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                there.Add(reader.GetString(0));
            }
        }
        var moved = Schemas.Where(s => there.Contains(s + from)).ToList();
        IEnumerable<string> statements =
        [
            .. to.Length > 0 ? [] : Schemas.Select(s => $"drop schema if exists {s} cascade"),
            .. moved.Select(s => $"alter schema {s}{from} rename to {s}{to}"),
            then,
        ];
        await RunAsync(source, string.Join(';', statements), cancellation);
    }

    private static async Task RunAsync(NpgsqlDataSource source, string statements, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(statements);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
