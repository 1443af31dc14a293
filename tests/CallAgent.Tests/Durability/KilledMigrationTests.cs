using System.Data.Common;
using System.Diagnostics;
using CallAgent.Client;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CallAgent.Tests;

/// <summary>A server that is killed while it makes its database .</summary>
public sealed class KilledMigrationTests(ITestOutputHelper output)
{
    private const int Tries = 60;
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    // Seen from outside: the first thing is there; the migration holds its lock; the tables are there, and on PostgreSQL
    // their policies and the role that may use them are not yet.
    private static readonly Dictionary<string, (string Sqlite, string Postgres)> Moments = new()
    {
        ["begun"] = ("select true", """select to_regclass('"__EFMigrationsHistory"') is not null"""),
        ["locked"] = ("""select exists (select 1 from "__EFMigrationsLock")""", """
            select exists (select from pg_locks where relation = to_regclass('"__EFMigrationsHistory"')
                and mode = 'AccessExclusiveLock' and pid <> pg_backend_pid())
            """),
        ["made"] = ("select exists (select 1 from sqlite_master where name = 'contacts')", "select to_regclass('contacts') is not null"),
    };

    public static TheoryData<string> Names => [.. Moments.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_migration_killed_at_any_step_is_completed_by_the_next_start(string moment)
    {
        for (var time = 0; time < Tries; time++)
        {
            using var database = TestDatabase.Create();
            if (!await KillAtAsync(database, moment))
            {
                continue;
            }
            var watch = Stopwatch.StartNew();
            await using var server = await ServerProcess.StartAsync(database);
            output.WriteLine($"killed when {moment}: the next start took {watch.Elapsed.TotalSeconds:0.0} s");

            using var http = new HttpClient { BaseAddress = server.Address };
            Assert.Equal(Plan.Free, (await new CallAgentClient(http).Auth.RegisterAsync(TestServer.NewRegistration())).User.Plan);
            return;
        }
        Assert.Fail($"In {Tries} starts the moment \"{moment}\" was never caught.");
    }

    [Fact]
    public async Task The_lock_that_a_killed_migration_leaves_on_SQLite_would_hold_the_next_one_for_ever()
    {
        var folder = Directory.CreateTempSubdirectory("callagent-");
        var path = Path.Combine(folder.FullName, "callagent.db");
        await using var database = Database.Sqlite(path, TimeProvider.System);
        await using var db = database.Open(TenantScope.None);
        await LeaveLockAsync(path);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => db.Database.MigrateAsync(patience.Token));
        await Migrator.SqliteAsync(database, path, CancellationToken.None);

        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_follows_the_migrations_on_SQLite_is_made_by_the_next_start_when_it_was_cut_short()
    {
        var folder = Directory.CreateTempSubdirectory("callagent-");
        var path = Path.Combine(folder.FullName, "callagent.db");
        await using var database = Database.Sqlite(path, TimeProvider.System);
        await Migrator.SqliteAsync(database, path, CancellationToken.None);
        await using var db = database.Open(TenantScope.None);
        var whole = await NamesAsync();
        await db.Database.ExecuteSqlAsync($"drop table impersonations; drop table operator_sessions; drop trigger users_forget_tokens; drop trigger audit_entries_stay");

        await Migrator.SqliteAsync(database, path, CancellationToken.None);

        Assert.Equal(whole, await NamesAsync());
        SqliteConnection.ClearAllPools();
        folder.Delete(recursive: true);

        Task<List<string>> NamesAsync() => db.Database.SqlQuery<string>($"select name as Value from sqlite_master order by name").ToListAsync();
    }

    /// <returns>Whether it was killed at that moment; a start may also be too quick to be caught.</returns>
    private static async Task<bool> KillAtAsync(TestDatabase database, string moment)
    {
        await using var server = ServerProcess.Launch(database);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < LongestStart && !server.Output.Contains("is ready", StringComparison.Ordinal);)
        {
            if (await IsAtAsync(database, moment))
            {
                await server.KillAsync();
                return true;
            }
        }
        return false;
    }

    private static async Task<bool> IsAtAsync(TestDatabase database, string moment)
    {
        if (!TestDatabase.IsPostgres && !File.Exists(database.SqlitePath))
        {
            return false;
        }
        try
        {
            await using DbConnection connection = TestDatabase.IsPostgres
                ? new NpgsqlConnection(DatabaseUrl.Parse("url", database.OwnerUrl).ConnectionString)
                : new SqliteConnection($"Data Source={database.SqlitePath};Mode=ReadOnly;Pooling=False");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = TestDatabase.IsPostgres ? Moments[moment].Postgres : Moments[moment].Sqlite;
            return await command.ExecuteScalarAsync() is true or 1L;
        }
        catch (SqliteException)
        {
            return false; // Not there yet, or being made.
        }
    }

    // What EF Core leaves when its process dies between taking the lock and giving it back.
    private static async Task LeaveLockAsync(string path)
    {
        await using var connection = new SqliteConnection($"Data Source={path}");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = """
            create table "__EFMigrationsLock" ("Id" integer not null primary key, "Timestamp" text not null);
            insert into "__EFMigrationsLock" values (1, '2026-01-01 00:00:00+00:00');
            """;
        await command.ExecuteNonQueryAsync();
    }
}
