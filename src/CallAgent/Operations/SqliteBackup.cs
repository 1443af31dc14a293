using Microsoft.Data.Sqlite;

namespace CallAgent;

/// <summary>Backups of SQLite: a copy made by SQLite itself, in one read transaction beside which others go on writing.</summary>
internal static class SqliteBackup
{
    private const string Replaced = ".replaced";

    // The file and its log, which SQLite would take for that of another file that comes in its place.
    private static readonly string[] Files = ["", "-wal", "-shm"];

    public static async Task<BackupManifest> DumpAsync(string database, string data, CancellationToken cancellation)
    {
        if (!File.Exists(database))
        {
            throw new BackupException($"There is no database at {database}.");
        }
        await using (var connection = await OpenAsync(database, SqliteOpenMode.ReadOnly, cancellation))
        {
            await using var copy = connection.CreateCommand();
            copy.CommandText = "vacuum into $data";
            copy.Parameters.AddWithValue("$data", data);
            await copy.ExecuteNonQueryAsync(cancellation);
        }
        await using var taken = await OpenAsync(data, SqliteOpenMode.ReadOnly, cancellation);
        return new()
        {
            Format = BackupManifest.CurrentFormat,
            ProductVersion = BackupManifest.Product,
            Migration = await TextAsync(taken, """select max("MigrationId") from "__EFMigrationsHistory" """, cancellation),
            Database = Backups.Sqlite,
            DatabaseVersion = await TextAsync(taken, "select sqlite_version()", cancellation),
            CreatedAt = TimeProvider.System.GetUtcNow(),
            Bytes = 0,
            Sha256 = "",
            Rows = await CountAsync(taken, cancellation),
        };
    }

    /// <summary>Whether SQLite finds the file sound and all rows in it.</summary>
    public static async Task CheckAsync(string data, BackupManifest manifest, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(data, SqliteOpenMode.ReadOnly, cancellation);
        if (await TextAsync(connection, "pragma integrity_check", cancellation) is not "ok" and var fault)
        {
            throw new BackupException($"The database in the backup is damaged: {fault}.");
        }
        if (manifest.Differences(await CountAsync(connection, cancellation)).FirstOrDefault() is { } difference)
        {
            throw new BackupException($"The backup is not complete: {difference}.");
        }
    }

    public static async Task RestoreAsync(string data, string database, bool replace, CancellationToken cancellation)
    {
        if (File.Exists(database))
        {
            if (!replace)
            {
                throw new BackupException($"There is a database at {database}. To put the backup in its place, stop the server and add --replace.");
            }
            // This process's own idle connections are no use of it, and would go on with the file that is moved away.
            SqliteConnection.ClearAllPools();
            await RequireUnusedAsync(database, cancellation);
        }
        await using (var fresh = await OpenAsync(data, SqliteOpenMode.ReadWrite, cancellation))
        {
            // A copy made by vacuum is without; readers would keep writers waiting.
            await TextAsync(fresh, "pragma journal_mode = wal", cancellation);
        }
        var isReplaced = File.Exists(database);
        if (isReplaced)
        {
            Delete(database + Replaced);
        }
        Move(database, database + Replaced);
        try
        {
            File.Move(data, database);
            await using var restored = Database.Sqlite(database, TimeProvider.System);
            await Migrator.SqliteAsync(restored, database, cancellation);
        }
        catch
        {
            SqliteConnection.ClearAllPools();
            Delete(database);
            if (isReplaced)
            {
                Move(database + Replaced, database);
            }
            throw;
        }
    }

    private static void Move(string from, string to)
    {
        foreach (var file in Files.Where(f => File.Exists(from + f)))
        {
            File.Move(from + file, to + file, overwrite: true);
        }
    }

    private static void Delete(string database)
    {
        foreach (var file in Files)
        {
            File.Delete(database + file);
        }
    }

    // Only who has the database alone can leave write-ahead logging; it also empties the log into the file.
    private static async Task RequireUnusedAsync(string database, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await OpenAsync(database, SqliteOpenMode.ReadWrite, cancellation, patience: 1);
            if (await TextAsync(connection, "pragma journal_mode = delete", cancellation) == "delete")
            {
                return;
            }
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 5 or 6)
        {
            // Busy.
        }
        catch (SqliteException e) when (e.SqliteErrorCode is 11 or 26)
        {
            return; // Damaged, or no database: nobody works with it, and it is what the backup is for.
        }
        throw new BackupException($"{database} is in use. Stop the server first.");
    }

    private static async Task<SqliteConnection> OpenAsync(string path, SqliteOpenMode mode, CancellationToken cancellation, int patience = 30)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = patience,
        }.ConnectionString);
        await connection.OpenAsync(cancellation);
        return connection;
    }

    private static async Task<Dictionary<string, long>> CountAsync(SqliteConnection connection, CancellationToken cancellation)
    {
        var names = new List<string>();
        await using (var tables = connection.CreateCommand())
        {
            tables.CommandText = """select name from sqlite_master where type = 'table' and name not like 'sqlite\_%' escape '\' and name not like '\_\_EF%' escape '\'""";
            await using var reader = await tables.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                names.Add(reader.GetString(0));
            }
        }
        var rows = new Dictionary<string, long>();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            rows[name] = long.Parse(await TextAsync(connection, $"select count(*) from \"{name}\"", cancellation), System.Globalization.CultureInfo.InvariantCulture);
        }
        return rows;
    }

    private static async Task<string> TextAsync(SqliteConnection connection, string query, CancellationToken cancellation)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        return Convert.ToString(await command.ExecuteScalarAsync(cancellation), System.Globalization.CultureInfo.InvariantCulture) ?? "";
    }
}
