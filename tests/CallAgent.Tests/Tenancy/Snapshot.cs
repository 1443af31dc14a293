using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CallAgent.Tests;

/// <summary>
/// All rows of a user, past every net, as one hash a table. Reading by an API key notes its use, so that is left out; and so is
/// the audit log, which grows behind the answers.
/// </summary>
internal static class Snapshot
{
    private static readonly string[] Tables = ModelTables();

    public static async Task<Dictionary<string, string>> OfAsync(TestDatabase database, Guid userId)
    {
        await using var connection = Open(database);
        var hashes = new Dictionary<string, string>();
        foreach (var table in Tables.Where(t => !t.StartsWith("audit_", StringComparison.Ordinal)))
        {
            hashes[table] = await HashAsync(connection, table, userId);
        }
        return hashes;
    }

    /// <summary>How many rows of a user there are in each table.</summary>
    public static async Task<Dictionary<string, long>> CountAsync(TestDatabase database, Guid userId)
    {
        await using var connection = Open(database);
        var counts = new Dictionary<string, long>();
        foreach (var table in Tables)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"select count(*) from {table} where user_id = {Literal(userId)}";
            counts[table] = Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
        }
        return counts;
    }

    /// <summary>Columns of text in which no row of the user holds the word: what a test that writes it everywhere has forgotten.</summary>
    public static async Task<List<string>> TextColumnsWithoutAsync(TestDatabase database, Guid userId, string word)
    {
        await using var connection = Open(database);
        var without = new List<string>();
        foreach (var (table, column) in TextColumns())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"select count(*) from {table} where user_id = {Literal(userId)} and lower({column}) like '%{word}%'";
            if (Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture) == 0)
            {
                without.Add($"{table}.{column}");
            }
        }
        return without;
    }

    /// <summary>Where a word is, in any case of its letters: columns of any table, and on SQLite the bytes of the database's files.</summary>
    public static List<string> PlacesOf(TestDatabase database, string word)
    {
        var places = new List<string>();
        using (var connection = Open(database))
        {
            foreach (var (table, column) in Columns())
            {
                using var command = connection.CreateCommand();
                command.CommandText = $"select count(*) from {table} where lower(cast({column} as text)) like '%{word.ToLowerInvariant()}%'";
                if (Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) > 0)
                {
                    places.Add($"{table}.{column}");
                }
            }
        }
        foreach (var path in TestDatabase.IsPostgres ? [] : Directory.GetFiles(database.Folder, "callagent.db*"))
        {
            // The server has it open.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file, Encoding.Latin1);
            if (reader.ReadToEnd().Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                places.Add(Path.GetFileName(path));
            }
        }
        return places;
    }

    private static async Task<string> HashAsync(DbConnection connection, string table, Guid userId)
    {
        var rows = new List<string>();
        await using var command = connection.CreateCommand();
        command.CommandText = $"select * from {table} where user_id = {Literal(userId)}";
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount)
                .Where(i => reader.GetName(i) is not ("last_used_at" or "last_seen_at")).Select(i => reader.GetValue(i).ToString())));
        }
        rows.Sort(StringComparer.Ordinal);
        return $"{rows.Count}:{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', rows))))}";
    }

    private static string Literal(Guid id) => TestDatabase.IsPostgres ? $"'{id}'" : $"'{id.ToString().ToUpperInvariant()}'";

    private static DbConnection Open(TestDatabase database)
    {
        if (TestDatabase.IsPostgres)
        {
            return database.ConnectAsOwner();
        }
        var connection = new SqliteConnection($"Data Source={database.SqlitePath}");
        connection.Open();
        return connection;
    }

    private static List<(string Table, string Column)> Columns()
    {
        using var db = new PostgresDesignTime().CreateDbContext([]);
        return [.. from entity in db.Model.GetEntityTypes() from property in entity.GetProperties() select (entity.GetTableName()!, property.GetColumnName())];
    }

    private static List<(string Table, string Column)> TextColumns()
    {
        using var db = new PostgresDesignTime().CreateDbContext([]);
        return [.. from entity in db.Model.GetEntityTypes()
                   from property in entity.GetProperties()
                   let type = property.GetColumnType()
                   where type == "text" || type.StartsWith("character", StringComparison.Ordinal)
                   select (entity.GetTableName()!, property.GetColumnName())];
    }

    private static string[] ModelTables()
    {
        using var db = new SqliteDesignTime().CreateDbContext([]);
        return [.. db.Model.GetEntityTypes().Select(e => e.GetTableName()!)];
    }
}
