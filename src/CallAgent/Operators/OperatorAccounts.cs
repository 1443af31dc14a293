namespace CallAgent;

/// <summary>Somebody who operates the installation: no member of any user, and not signed in anywhere by a user's credentials.</summary>
/// <param name="Name">Unique; what is noted of whom.</param>
/// <param name="CreatedAt">Since when.</param>
public sealed record OperatorAccount(string Name, DateTimeOffset CreatedAt);

/// <summary>The operators of an installation and their tokens, which are kept as hashes.</summary>
public sealed class OperatorAccounts
{
    internal const string PostgresSchema = "operation";

    private const string Prefix = "co_";
    private const int LongestName = 60;

    private readonly OperatorTables tables;
    private readonly Impersonations impersonations;
    private readonly TimeProvider clock;

    internal OperatorAccounts(OperatorTables tables, Impersonations impersonations, TimeProvider clock) =>
        (this.tables, this.impersonations, this.clock) = (tables, impersonations, clock);

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
        var added = await tables.RunAsync($"insert into {tables.Operators} (name, hash, created_at) values (@name, @hash, @now) on conflict (name) do nothing", cancellation,
            ("name", text), ("hash", Secrets.Hash(token)), ("now", clock.Now()));
        return added == 1 ? token : Problem.Conflict("operator-exists", "There is an operator of this name", $"Remove {text} first to give out another token.");
    }

    /// <summary>All operators, by name.</summary>
    public Task<IReadOnlyList<OperatorAccount>> ListAsync(CancellationToken cancellation = default) =>
        tables.ReadAsync($"select name, created_at from {tables.Operators} order by name", Read, cancellation);

    /// <summary>Ends an operator's token at once, its sessions at the console, and what it does within users.</summary>
    public async Task<Problem?> RemoveAsync(string name, CancellationToken cancellation = default)
    {
        if (await tables.ReadAsync($"select name, created_at from {tables.Operators} where name = @name", Read, cancellation, ("name", name)) is not [var account])
        {
            return Problem.NotFound;
        }
        await impersonations.EndOfAsync(account, cancellation);
        return await tables.RunAsync($"delete from {tables.Operators} where name = @name", cancellation, ("name", name)) == 1 ? null : Problem.NotFound;
    }

    /// <summary>Whose token this is; <c>null</c> when it is nobody's.</summary>
    public async Task<OperatorAccount?> WithTokenAsync(string token, CancellationToken cancellation = default) => !IsMeant(token)
        ? null
        : (await tables.ReadAsync($"select name, created_at from {tables.Operators} where hash = @hash", Read, cancellation, ("hash", Secrets.Hash(token)))).SingleOrDefault();

    /// <summary>Who it was, as users' audit logs name it: who has no account has the database's credentials, and a name on this machine.</summary>
    internal static string NameOf(OperatorAccount? account) => account?.Name ?? Environment.UserName;

    private static OperatorAccount Read(System.Data.Common.DbDataReader reader) => new(reader.GetString(0), OperatorTables.TimeOf(reader, 1));
}
