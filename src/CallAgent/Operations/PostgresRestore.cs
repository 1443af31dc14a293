using Npgsql;

namespace CallAgent;

/// <summary>Restores a dump of PostgreSQL beside what is there, and puts that away only when all rows have come.</summary>
internal static class PostgresRestore
{
    private const string KeptSchema = "public_before_restore";

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
            await RunAsync(source, $"drop schema public cascade; alter schema {KeptSchema} rename to public", CancellationToken.None);
            throw;
        }
        await RunAsync(source, $"drop schema {KeptSchema} cascade", cancellation);
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
        await using var others = source.CreateCommand(
            "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'callagent' and pid <> pg_backend_pid()");
        if (await others.ExecuteScalarAsync(cancellation) is > 0L and var count)
        {
            throw new BackupException($"{count} connections of CallAgent are open to the database {database}. Stop the servers first.");
        }
    }

    private static Task PutAsideAsync(NpgsqlDataSource source, CancellationToken cancellation) => RunAsync(source, $"""
        drop schema if exists {KeptSchema} cascade;
        alter schema public rename to {KeptSchema};
        create schema public;
        """, cancellation);

    private static async Task RunAsync(NpgsqlDataSource source, string statements, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(statements);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
