using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CallAgent;

/// <summary>
/// The tables of those who operate the installation. They are outside of the model, because they are no user's: on
/// PostgreSQL they lie in a schema of their own, where the role that serves users has no right to look.
/// </summary>
internal sealed class OperatorTables(Database database)
{
    private const string Schema = OperatorAccounts.PostgresSchema + ".";

    // Names, their columns and what the operator's role may do with their rows. Whoever removes an operator ends what it has begun.
    private static readonly (string Name, string Columns, string Rights)[] Definitions =
    [
        ("operators", "name text not null primary key, hash text not null unique, created_at bigint not null", "select, insert, delete"),
        ("operator_sessions", """
            hash text not null primary key, operator_name text not null references {0}operators (name) on delete cascade,
            created_at bigint not null, last_seen_at bigint not null, expires_at bigint not null
            """, "select, insert, update, delete"),
        ("impersonations", """
            id text not null primary key, user_id text not null, name text not null,
            operator_name text references {0}operators (name) on delete cascade, reason text not null,
            created_at bigint not null, expires_at bigint not null, link_hash text unique, link_until bigint, hash text unique
            """, "select, insert, update, delete"),
    ];

    /// <summary>The last that a migration makes: where it is there, all is.</summary>
    public static string Last(bool isPostgres) => (isPostgres ? Schema : "") + Definitions[^1].Name;

    public string Operators => Prefix + "operators";

    public string Sessions => Prefix + "operator_sessions";

    public string Impersonations => Prefix + "impersonations";

    private string Prefix => database.IsPostgres ? Schema : "";

    /// <summary>Idempotent; run as the owner after every migration, and outside of them because it is outside of the model.</summary>
    public static IEnumerable<string> Statements(bool isPostgres)
    {
        var prefix = isPostgres ? Schema : "";
        var tables = Definitions.Select(t => $"create table if not exists {prefix}{t.Name} ({OnOneLine(t.Columns, prefix)})");
        return !isPostgres ? tables :
        [
            $"create schema if not exists {OperatorAccounts.PostgresSchema}",
            .. tables,
            $"grant usage on schema {OperatorAccounts.PostgresSchema} to {RowLevelSecurity.OperatorRole}",
            .. Definitions.Select(t => $"grant {t.Rights} on {prefix}{t.Name} to {RowLevelSecurity.OperatorRole}"),
        ];
    }

    /// <summary>Runs a statement and answers how many rows it changed.</summary>
    public async Task<int> RunAsync(string sql, CancellationToken cancellation, params (string Name, object? Value)[] values)
    {
        await using var db = database.Open(TenantScope.None);
        return await RunAsync(db, sql, cancellation, values);
    }

    /// <summary>Runs a statement as part of a unit of work, in its transaction when there is one.</summary>
    public static async Task<int> RunAsync(CrmDb db, string sql, CancellationToken cancellation, params (string Name, object? Value)[] values)
    {
        await db.Database.OpenConnectionAsync(cancellation);
        await using var command = Command(db, sql, values);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The rows that a statement answers.</summary>
    public async Task<IReadOnlyList<T>> ReadAsync<T>(string sql, Func<DbDataReader, T> read, CancellationToken cancellation, params (string Name, object? Value)[] values)
    {
        await using var db = database.Open(TenantScope.None);
        await db.Database.OpenConnectionAsync(cancellation);
        await using var command = Command(db, sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(read(reader));
        }
        return found;
    }

    public static DateTimeOffset TimeOf(DbDataReader reader, int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    private static DbCommand Command(CrmDb db, string sql, (string Name, object? Value)[] values)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        command.Transaction = db.Database.CurrentTransaction?.GetDbTransaction();
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value switch
            {
                null => DBNull.Value,
                DateTimeOffset time => time.ToUnixTimeMilliseconds(),
                Guid id => id.ToString(),
                _ => value,
            });
            command.Parameters.Add(parameter);
        }
        return command;
    }

    private static string OnOneLine(string columns, string prefix) => columns.ReplaceLineEndings(" ").Replace("{0}", prefix, StringComparison.Ordinal);
}
