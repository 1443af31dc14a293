using System.Data.Common;

namespace CallAgent;

/// <summary>
/// Sign-ins of operators at the console. A session lives on the server, ends with its operator, after half an hour
/// without a request, and after eight hours in any case.
/// </summary>
public sealed class OperatorSessions
{
    /// <summary>From the sign-in on: a shift.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(8);

    /// <summary>Without a request.</summary>
    public static readonly TimeSpan IdleLife = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan SeenGrain = TimeSpan.FromMinutes(1);

    private static readonly Problem NotInForce = new("wrong-operator-token", 401, "That token is not in force",
        "Look whether it was copied whole. callagent operators list says who there is; callagent operators add NAME makes a token.");

    private readonly OperatorTables tables;
    private readonly OperatorAccounts accounts;
    private readonly SignInThrottle throttle;
    private readonly TimeProvider clock;

    internal OperatorSessions(OperatorTables tables, OperatorAccounts accounts, SignInThrottle throttle, TimeProvider clock) =>
        (this.tables, this.accounts, this.throttle, this.clock) = (tables, accounts, throttle, clock);

    /// <summary>Begins a session by an operator's token, and answers the session's own secret and its end.</summary>
    /// <param name="operatorToken">As <c>callagent operators add</c> printed it.</param>
    /// <param name="address">From where; wrong tries from one address must wait.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<Result<(string Token, DateTimeOffset ExpiresAt)>> SignInAsync(string operatorToken, string? address, CancellationToken cancellation = default)
    {
        if (string.IsNullOrWhiteSpace(operatorToken))
        {
            return Problem.Invalid("token", "Is required.");
        }
        var from = ("operator", address);
        if (throttle.Try(from) is { } later)
        {
            return later;
        }
        if (await accounts.WithTokenAsync(operatorToken.Trim(), cancellation) is not { } account)
        {
            return NotInForce;
        }
        throttle.Forgive(from);
        var (token, now) = (Secrets.NewToken(), clock.Now());
        await tables.RunAsync($"delete from {tables.Sessions} where expires_at <= @now or last_seen_at <= @idle", cancellation, ("now", now), ("idle", now - IdleLife));
        await tables.RunAsync(
            $"insert into {tables.Sessions} (hash, operator_name, created_at, last_seen_at, expires_at) values (@hash, @name, @now, @now, @until)", cancellation,
            ("hash", Secrets.Hash(token)), ("name", account.Name), ("now", now), ("until", now + Life));
        return (token, now + Life);
    }

    /// <summary>Whose session this is; <c>null</c> when it has ended.</summary>
    public async Task<OperatorAccount?> WithTokenAsync(string token, CancellationToken cancellation = default)
    {
        var (hash, now) = (Secrets.Hash(token), clock.Now());
        var found = await tables.ReadAsync(
            $"""
            select o.name, o.created_at, s.last_seen_at from {tables.Sessions} s join {tables.Operators} o on o.name = s.operator_name
            where s.hash = @hash and s.expires_at > @now and s.last_seen_at > @idle
            """, Read, cancellation, ("hash", hash), ("now", now), ("idle", now - IdleLife));
        if (found is not [var (account, seen)])
        {
            return null;
        }
        if (now - seen > SeenGrain)
        {
            await tables.RunAsync($"update {tables.Sessions} set last_seen_at = @now where hash = @hash", cancellation, ("now", now), ("hash", hash));
        }
        return account;
    }

    /// <summary>Ends a session, whoever has copies of its secret.</summary>
    public Task EndAsync(string token, CancellationToken cancellation = default) =>
        tables.RunAsync($"delete from {tables.Sessions} where hash = @hash", cancellation, ("hash", Secrets.Hash(token)));

    private static (OperatorAccount Account, DateTimeOffset Seen) Read(DbDataReader reader) =>
        (new(reader.GetString(0), OperatorTables.TimeOf(reader, 1)), OperatorTables.TimeOf(reader, 2));
}
