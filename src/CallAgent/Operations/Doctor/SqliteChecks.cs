using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>The SQLite database: there, sound, and of this version.</summary>
internal static class SqliteChecks
{
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(CallAgentSettings settings, CancellationToken cancellation)
    {
        var path = DatabaseStart.SqlitePath(settings);
        if (!File.Exists(path))
        {
            return [new("database", Verdict.Warning, $"There is no database at {path} yet.", "Start the server once, or run: callagent migrate")];
        }
        try
        {
            await using var database = Database.Sqlite(path, TimeProvider.System);
            await using var db = database.Open(TenantScope.None);
            var pending = (await db.Database.GetPendingMigrationsAsync(cancellation)).Count();
            var sound = await AskAsync(path, "pragma quick_check(1)", cancellation);
            return
            [
                sound == "ok"
                    ? new("database", Verdict.Ok, $"SQLite at {path} is sound.")
                    : new("database", Verdict.Wrong, $"SQLite at {path} is damaged: {sound}", "Stop the server and restore a backup: callagent restore FILE --replace"),
                await AskAsync(path, "pragma journal_mode", cancellation) == "wal"
                    ? new("journal", Verdict.Ok, "It writes ahead: readers and the writer do not wait for each other.")
                    : new("journal", Verdict.Warning, "It does not write ahead, so that readers and the writer wait for each other.", $"Stop the server and run: sqlite3 {path} 'pragma journal_mode = wal'"),
                Migrations(pending),
            ];
        }
        catch (SqliteException e)
        {
            return [new("database", Verdict.Wrong, $"SQLite at {path} cannot be read: {e.Message}", "Stop the server and restore a backup: callagent restore FILE --replace")];
        }
    }

    public static Finding Migrations(int pending) => pending == 0
        ? new("migrations", Verdict.Ok, "The schema is this version's.")
        : new("migrations", Verdict.Wrong, $"{pending} migrations are to go.", "callagent migrate");

    private static async Task<string> AskAsync(string path, string question, CancellationToken cancellation)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = question;
        return await command.ExecuteScalarAsync(cancellation) as string ?? "";
    }
}
