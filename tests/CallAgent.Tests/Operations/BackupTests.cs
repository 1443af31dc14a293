using System.IO.Compression;
using System.Text;
using Microsoft.Data.Sqlite;

namespace CallAgent.Tests;

/// <summary>A backup taken during writes is of one moment, and restored elsewhere it is that moment .</summary>
public sealed class BackupTests
{
    [Fact]
    public async Task A_backup_taken_during_writes_restores_every_row_elsewhere()
    {
        using var database = TestDatabase.Create();
        using var elsewhere = TestDatabase.Create();
        var file = Path.Combine(database.Folder, "crm.backup");
        BackupManifest manifest;
        await using (var server = await ServerProcess.StartAsync(database))
        {
            await using var load = Load.Start(server.Address, await Load.NewKeyAsync(database, server.Address), writers: 4, readers: 0);
            await UntilAsync(() => load.Acknowledged.Count > 50);
            var before = load.Acknowledged.ToList();
            manifest = await Backups.CreateAsync(database.Settings, file);
            var written = load.Acknowledged.Count;
            await UntilAsync(() => load.Acknowledged.Count > written + 10);
            await load.StopAsync();

            Assert.InRange(manifest.Rows["contacts"], before.Count, load.Acknowledged.Count);
            Assert.DoesNotContain(load.Answers, a => !a.IsGood);
        }
        Assert.Equal(manifest.Sha256, (await Backups.VerifyAsync(file)).Sha256);

        Assert.Equal(manifest.Rows, (await Backups.RestoreAsync(elsewhere.Settings, file)).Rows);

        var (original, restored) = (await RowsAsync(database), await RowsAsync(elsewhere));
        Assert.Equal(manifest.Rows.Keys.Order(StringComparer.Ordinal), restored.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(manifest.Rows["contacts"], restored["contacts"].Count);
        // Contacts that were changed after the backup are others now; what only is added to must be there as it was.
        foreach (var table in new[] { "users", "members", "api_keys", "timeline_entries", "contact_tokens" })
        {
            Assert.Empty(restored[table].Except(original[table]));
        }
        await AssertServesAsync(elsewhere, original["contacts"].Count);
    }

    [Fact]
    public async Task A_backup_is_written_over_an_older_one_and_over_nothing_else()
    {
        using var database = TestDatabase.Create();
        await RegisterAsync(database);
        var (file, other) = (Path.Combine(database.Folder, "crm.backup"), Path.Combine(database.Folder, "notes"));
        await File.WriteAllTextAsync(other, "notes");
        await Backups.CreateAsync(database.Settings, file);

        await Backups.CreateAsync(database.Settings, file);
        await Assert.ThrowsAsync<BackupException>(() => Backups.CreateAsync(database.Settings, other));

        await Backups.VerifyAsync(file);
        Assert.Equal("notes", await File.ReadAllTextAsync(other));
    }

    [Fact]
    public async Task What_is_there_is_replaced_only_when_told_and_is_kept_when_a_restore_fails()
    {
        using var database = TestDatabase.Create();
        var file = Path.Combine(database.Folder, "crm.backup");
        var user = await RegisterAsync(database);
        await Backups.CreateAsync(database.Settings, file);
        await RegisterAsync(database);
        var later = await RowsAsync(database);

        Assert.Contains("--replace", (await Assert.ThrowsAsync<BackupException>(() => Backups.RestoreAsync(database.Settings, file))).Message, StringComparison.Ordinal);
        await Damage.RowsOfManifestAsync(file, file + ".wrong");
        await Assert.ThrowsAsync<BackupException>(() => Backups.RestoreAsync(database.Settings, file + ".wrong", replace: true));
        Assert.Equal(later["users"], (await RowsAsync(database))["users"]);

        await Backups.RestoreAsync(database.Settings, file, replace: true);

        Assert.Contains(user.ToString(), Assert.Single((await RowsAsync(database))["users"]), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Verdict.Ok, Doctor.Worst((await Doctor.ExamineAsync(database.Settings)).Where(f => f.Check is "isolation" or "role" or "migrations" or "journal")));
    }

    [Fact]
    public async Task A_damaged_backup_is_noticed()
    {
        using var database = TestDatabase.Create();
        var file = Path.Combine(database.Folder, "crm.backup");
        await RegisterAsync(database);
        await Backups.CreateAsync(database.Settings, file);
        await Backups.VerifyAsync(file);

        await Damage.DataAsync(file, file + ".changed");
        await File.WriteAllBytesAsync(file + ".cut", (await File.ReadAllBytesAsync(file))[..^200]);
        await File.WriteAllTextAsync(file + ".none", "no backup at all");

        foreach (var bad in new[] { ".changed", ".cut", ".none", ".absent" })
        {
            await Assert.ThrowsAsync<BackupException>(() => Backups.VerifyAsync(file + bad));
        }
    }

    [Fact]
    [Trait("database", "sqlite")]
    public async Task A_file_that_is_no_database_any_more_makes_way_and_so_does_a_log_that_was_left()
    {
        using var database = TestDatabase.Create();
        var file = Path.Combine(database.Folder, "crm.backup");
        await RegisterAsync(database);
        await Backups.CreateAsync(database.Settings, file);
        var users = (await RowsAsync(database))["users"];
        SqliteConnection.ClearAllPools();
        await File.WriteAllTextAsync(database.SqlitePath!, "not a database any more, and longer than the header of one, which takes a hundred bytes and some more");

        await Backups.RestoreAsync(database.Settings, file, replace: true);

        Assert.Equal(users, (await RowsAsync(database))["users"]);
        Assert.StartsWith("not a database", await File.ReadAllTextAsync(database.SqlitePath + ".replaced"), StringComparison.Ordinal);

        // Somebody took the database away by hand and not its log, which SQLite would read into the next one.
        SqliteConnection.ClearAllPools();
        File.Delete(database.SqlitePath);
        await File.WriteAllTextAsync(database.SqlitePath + "-wal", "a log");

        await Backups.RestoreAsync(database.Settings, file);

        Assert.Equal(users, (await RowsAsync(database))["users"]);
        Assert.Equal("a log", await File.ReadAllTextAsync(database.SqlitePath + ".replaced-wal"));
    }

    [Fact]
    [Trait("database", "postgres")]
    public async Task What_a_restore_that_was_cut_short_has_put_aside_is_not_dropped_by_the_next()
    {
        using var database = TestDatabase.Create();
        var file = Path.Combine(database.Folder, "crm.backup");
        await RegisterAsync(database);
        await Backups.CreateAsync(database.Settings, file);
        await using var owner = Npgsql.NpgsqlDataSource.Create(DatabaseUrl.Parse("url", database.OwnerUrl).ConnectionString);
        await using var aside = owner.CreateCommand("create schema public_before_restore create table kept (id int)");
        await aside.ExecuteNonQueryAsync();

        var refusal = await Assert.ThrowsAsync<BackupException>(() => Backups.RestoreAsync(database.Settings, file, replace: true));

        Assert.Contains("public_before_restore", refusal.Message, StringComparison.Ordinal);
        await using var there = owner.CreateCommand("select to_regclass('public_before_restore.kept') is not null and to_regclass('public.users') is not null");
        Assert.True((bool)(await there.ExecuteScalarAsync())!);
    }

    [Fact]
    public async Task A_database_in_use_is_not_replaced()
    {
        using var database = TestDatabase.Create();
        var file = Path.Combine(database.Folder, "crm.backup");
        await using var server = await ServerProcess.StartAsync(database);
        await Backups.CreateAsync(database.Settings, file);

        var refusal = await Assert.ThrowsAsync<BackupException>(() => Backups.RestoreAsync(database.Settings, file, replace: true));

        Assert.Contains("Stop the server", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("database", "postgres")]
    public async Task A_role_that_sees_nothing_is_told_so_and_makes_no_empty_backup()
    {
        using var database = TestDatabase.Create();
        await RegisterAsync(database);
        var file = Path.Combine(database.Folder, "crm.backup");

        var refusal = await Assert.ThrowsAsync<BackupException>(() => Backups.CreateAsync(database.Settings with { DatabaseAdminUrl = database.RuntimeUrl }, file));

        Assert.Contains("bypassrls", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }

    private static async Task<Guid> RegisterAsync(TestDatabase database)
    {
        await using var host = await CallAgentHost.StartAsync(database.Settings);
        return (await host.RegisterAsync(TestServer.NewRegistration())).OrThrow().UserId;
    }

    private static async Task AssertServesAsync(TestDatabase database, int most)
    {
        await using var server = await ServerProcess.StartAsync(database);
        var key = await Load.NewKeyAsync(database, server.Address);
        await using var load = Load.Start(server.Address, key, writers: 1, readers: 1);
        await UntilAsync(() => load.Acknowledged.Count > 3);
        await load.StopAsync();
        Assert.DoesNotContain(load.Answers, a => !a.IsGood);
        Assert.True((await RowsAsync(database))["contacts"].Count <= most + load.Acknowledged.Count);
    }

    private static async Task UntilAsync(Func<bool> isIt)
    {
        for (var patience = 0; !isIt(); patience++)
        {
            Assert.True(patience < 1_200, "It did not come to that in a minute.");
            await Task.Delay(50);
        }
    }

    /// <summary>Every row of every table as text, sorted; past row-level security.</summary>
    private static async Task<Dictionary<string, List<string>>> RowsAsync(TestDatabase database)
    {
        await using System.Data.Common.DbConnection connection = TestDatabase.IsPostgres
            ? database.ConnectAsOwner()
            : new SqliteConnection($"Data Source={database.SqlitePath};Mode=ReadOnly;Pooling=False");
        if (connection is SqliteConnection)
        {
            await connection.OpenAsync();
        }
        var tables = await ReadAsync(connection, TestDatabase.IsPostgres
            ? "select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> '__EFMigrationsHistory'"
            : "select name from sqlite_master where type = 'table' and name not like '\\_\\_EF%' escape '\\' and name not like 'sqlite\\_%' escape '\\'");
        var rows = new Dictionary<string, List<string>>();
        foreach (var table in tables)
        {
            rows[table] = await ReadAsync(connection, $"select * from {table}");
        }
        return rows;
    }

    private static async Task<List<string>> ReadAsync(System.Data.Common.DbConnection connection, string query)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i).ToString())));
        }
        return rows.Order(StringComparer.Ordinal).ToList();
    }

    /// <summary>Backups that are not what they say.</summary>
    private static class Damage
    {
        public static Task DataAsync(string from, string to) => RewriteAsync(from, to, "data", bytes =>
        {
            bytes[bytes.Length / 2] ^= 1;
            return bytes;
        });

        // As if a table had lost its rows on the way.
        public static Task RowsOfManifestAsync(string from, string to) => RewriteAsync(from, to, "manifest.json", bytes =>
            Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"users\": 1", "\"users\": 7", StringComparison.Ordinal)));

        private static async Task RewriteAsync(string from, string to, string entry, Func<byte[], byte[]> change)
        {
            File.Copy(from, to);
            await using var zip = await ZipFile.OpenAsync(to, ZipArchiveMode.Update);
            using var bytes = new MemoryStream();
            await using (var old = await zip.GetEntry(entry)!.OpenAsync())
            {
                await old.CopyToAsync(bytes);
            }
            zip.GetEntry(entry)!.Delete();
            await using var fresh = await zip.CreateEntry(entry).OpenAsync();
            await fresh.WriteAsync(change(bytes.ToArray()));
        }
    }
}
