using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>Somebody who operates the installation: no member of any user, and not signed in anywhere by a user's credentials.</summary>
/// <param name="Name">Unique; what is noted of whom.</param>
/// <param name="CreatedAt">Since when.</param>
public sealed record OperatorAccount(string Name, DateTimeOffset CreatedAt);

/// <summary>
/// The operators of an installation and their tokens, which are kept as hashes. Their table is not one of a user's: on
/// PostgreSQL it lies in a schema of its own, where the role that serves users has no right to look.
/// </summary>
public sealed class OperatorAccounts
{
    internal const string PostgresSchema = "operation";
    internal const string PostgresTable = PostgresSchema + ".operators";

    private const string Prefix = "co_";
    private const int LongestName = 60;

    private readonly Database database;

    internal OperatorAccounts(Database database) => this.database = database;

    private string Table => database.IsPostgres ? PostgresTable : "operators";

    /// <summary>Idempotent; run as the owner after every migration, and outside of them because it is outside of the model.</summary>
    internal static IEnumerable<string> Statements(bool isPostgres)
    {
        const string Columns = "(name text not null primary key, hash text not null unique, created_at bigint not null)";
        return !isPostgres ? [$"create table if not exists operators {Columns}"] :
        [
            $"create schema if not exists {PostgresSchema}",
            $"create table if not exists {PostgresTable} {Columns}",
            $"grant usage on schema {PostgresSchema} to {RowLevelSecurity.OperatorRole}",
            $"grant select, insert, delete on {PostgresTable} to {RowLevelSecurity.OperatorRole}",
        ];
    }

    /// <summary>Whether a bearer token is meant as an operator's.</summary>
    public static bool IsMeant(string token) => token.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Adds an operator and answers the token, which is shown this once.</summary>
    public async Task<Result<string>> AddAsync(string name, CancellationToken cancellation = default)
    {
        if (Text.Blank(name) is not { Length: <= LongestName } text || Validation.OfText(text) is not null)
        {
            return Problem.Invalid("name", $"Must have 1 to {LongestName} characters.");
        }
        var token = Prefix + Secrets.NewToken();
        var added = await RunAsync($"insert into {Table} (name, hash, created_at) values (@name, @hash, @now) on conflict (name) do nothing", cancellation,
            ("name", text), ("hash", Secrets.Hash(token)), ("now", database.Clock.Now().ToUnixTimeMilliseconds()));
        return added == 1 ? token : Problem.Conflict("operator-exists", "There is an operator of this name", $"Remove {text} first to give out another token.");
    }

    /// <summary>All operators, by name.</summary>
    public Task<IReadOnlyList<OperatorAccount>> ListAsync(CancellationToken cancellation = default) =>
        ReadAsync($"select name, created_at from {Table} order by name", cancellation);

    /// <summary>Ends an operator's token at once.</summary>
    public async Task<Problem?> RemoveAsync(string name, CancellationToken cancellation = default) =>
        await RunAsync($"delete from {Table} where name = @name", cancellation, ("name", name)) == 1 ? null : Problem.NotFound;

    /// <summary>Whose token this is; <c>null</c> when it is nobody's.</summary>
    public async Task<OperatorAccount?> WithTokenAsync(string token, CancellationToken cancellation = default) => !IsMeant(token)
        ? null
        : (await ReadAsync($"select name, created_at from {Table} where hash = @hash", cancellation, ("hash", Secrets.Hash(token)))).SingleOrDefault();

    private async Task<int> RunAsync(string sql, CancellationToken cancellation, params (string Name, object Value)[] values)
    {
        await using var db = database.Open(TenantScope.None);
        await db.Database.OpenConnectionAsync(cancellation);
        await using var command = Command(db, sql, values);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private async Task<IReadOnlyList<OperatorAccount>> ReadAsync(string sql, CancellationToken cancellation, params (string Name, object Value)[] values)
    {
        await using var db = database.Open(TenantScope.None);
        await db.Database.OpenConnectionAsync(cancellation);
        await using var command = Command(db, sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new List<OperatorAccount>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(new(reader.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1))));
        }
        return found;
    }

    private static DbCommand Command(CrmDb db, string sql, (string Name, object Value)[] values)
    {
        var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
