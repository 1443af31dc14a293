using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>
/// Operators at work within a user: for a reason that the user reads, until an end that cannot be moved, and at most as
/// an agent. Begin and end stand in the user's own audit log, and so does everything between.
/// </summary>
public sealed class Impersonations
{
    /// <summary>Minutes of one that names none.</summary>
    public const int UsualMinutes = 30;

    private const string Columns = "id, user_id, name, reason, created_at, expires_at";

    // A link that nobody has followed by then is dead.
    private static readonly TimeSpan LinkLife = TimeSpan.FromMinutes(10);

    private static readonly Problem DeadLink = new("link-over", 410, "This link does not work any more",
        "It serves once, for ten minutes, and not after what it leads to has ended. Begin anew.");

    private readonly Database database;
    private readonly OperatorTables tables;
    private readonly OperatorWork work;
    private readonly Uri publicAddress;

    internal Impersonations(Database database, CallAgentSettings settings)
    {
        (this.database, tables, work) = (database, new(database), new(database, settings));
        publicAddress = settings.PublicAddress();
    }

    /// <summary>Begins one, and answers a link that opens it in the browser that follows it first.</summary>
    /// <param name="userId">Within whom.</param>
    /// <param name="request">Why, and for how long.</param>
    /// <param name="account">Which operator; <c>null</c> for who has the database's credentials.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<Result<Client.Impersonation>> BeginAsync(
        Guid userId, Client.BeginImpersonation request, OperatorAccount? account, CancellationToken cancellation = default)
    {
        if (Validation.Of(request) is { } invalid)
        {
            return invalid;
        }
        var (now, secret) = (database.Clock.Now(), Secrets.NewToken());
        var begun = new Client.Impersonation
        {
            Id = Guid.CreateVersion7(now),
            UserId = userId,
            Operator = OperatorAccounts.NameOf(account),
            Reason = request.Reason.Trim(),
            CreatedAt = now,
            ExpiresAt = now + TimeSpan.FromMinutes(request.Minutes ?? UsualMinutes),
            Link = new Uri(publicAddress, $"operator/enter?code={secret}").AbsoluteUri,
        };
        Problem? refused = null;
        var isThere = await work.OnAsync(userId, ActorOf(begun), async db =>
        {
            var status = await db.Users.Select(u => u.Status).SingleAsync(cancellation);
            if (!status.LetsIn())
            {
                refused = Problem.Conflict("user-not-active", "This user is not let in", $"It is {status.ToText()}: reactivate it first.");
                return;
            }
            await InsertAsync(db, begun, account, secret, cancellation);
            db.Audit(Client.AuditKind.SignIn, AuditActions.ImpersonationBegin, begun.Id, details: new { reason = begun.Reason, until = begun.ExpiresAt });
        }, cancellation);
        return !isThere ? Problem.NotFound : refused is not null ? refused : begun;
    }

    /// <summary>The secret in the link of one that has just begun.</summary>
    public static string CodeOf(Client.Impersonation begun) => begun.Link?.Split("code=")[^1] ?? throw new ArgumentException("It has not just begun.", nameof(begun));

    /// <summary>Takes the secret of a link, once, and answers that of the browser which followed it.</summary>
    public async Task<Result<(Client.Impersonation Impersonation, string Token)>> EnterAsync(string code, CancellationToken cancellation = default)
    {
        var (token, now) = (Secrets.NewToken(), database.Clock.Now());
        var found = await tables.ReadAsync(
            $"""
            update {tables.Impersonations} set link_hash = null, hash = @hash
            where link_hash = @link and link_until > @now and expires_at > @now returning {Columns}
            """, Read, cancellation, ("hash", Secrets.Hash(token)), ("link", Secrets.Hash(code)), ("now", now));
        return found is [var entered] ? (entered, token) : DeadLink;
    }

    /// <summary>The one whose browser has this secret; <c>null</c> when it has ended.</summary>
    public async Task<Client.Impersonation?> WithTokenAsync(string token, CancellationToken cancellation = default)
    {
        var found = await tables.ReadAsync($"select {Columns} from {tables.Impersonations} where hash = @hash", Read, cancellation, ("hash", Secrets.Hash(token)));
        if (found is [var over] && over.ExpiresAt <= database.Clock.Now())
        {
            await EndOverAsync(cancellation);
            return null;
        }
        return found is [var entered] ? entered : null;
    }

    /// <summary>Those under way within a user.</summary>
    public Task<IReadOnlyList<Client.Impersonation>> ListAsync(Guid userId, CancellationToken cancellation = default) => tables.ReadAsync(
        $"select {Columns} from {tables.Impersonations} where user_id = @user and expires_at > @now order by id", Read, cancellation,
        ("user", userId), ("now", database.Clock.Now()));

    /// <summary>Ends one, by whoever is in it.</summary>
    public Task EndAsync(Client.Impersonation impersonation, CancellationToken cancellation = default) =>
        EndAsync(impersonation, ActorOf(impersonation), "ended", cancellation);

    /// <summary>Ends all that are under way within a user, by an operator.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> EndAsync(Guid userId, OperatorAccount? account, CancellationToken cancellation = default)
    {
        var all = await ListAsync(userId, cancellation);
        foreach (var one in all)
        {
            await EndAsync(one, AuditActor.Operator with { Name = OperatorAccounts.NameOf(account) }, "ended", cancellation);
        }
        return all.Count;
    }

    /// <summary>Notes the end of those whose time is over. They let nobody in from then on, whether this has run or not.</summary>
    public async Task EndOverAsync(CancellationToken cancellation = default)
    {
        var over = await tables.ReadAsync($"select {Columns} from {tables.Impersonations} where expires_at <= @now", Read, cancellation, ("now", database.Clock.Now()));
        foreach (var one in over)
        {
            await EndAsync(one, AuditActor.Product, "time-over", cancellation);
        }
    }

    /// <summary>Ends what an operator has begun, who is being removed.</summary>
    internal async Task EndOfAsync(OperatorAccount account, CancellationToken cancellation)
    {
        var all = await tables.ReadAsync($"select {Columns} from {tables.Impersonations} where operator_name = @name", Read, cancellation, ("name", account.Name));
        foreach (var one in all)
        {
            await EndAsync(one, AuditActor.Operator with { Name = OperatorAccounts.NameOf(null) }, "operator-removed", cancellation);
        }
    }

    /// <summary>Ends those within a user that is no longer let in, as part of the unit of work that says so.</summary>
    internal async Task EndWithinAsync(CrmDb db, CancellationToken cancellation)
    {
        foreach (var one in await ListAsync(db.UserId, cancellation))
        {
            await DeleteAsync(db, one, "user-not-active", cancellation);
        }
    }

    /// <summary>Forgets a user that was erased.</summary>
    internal Task ForgetAsync(Guid userId, CancellationToken cancellation) =>
        tables.RunAsync($"delete from {tables.Impersonations} where user_id = @user", cancellation, ("user", userId));

    internal static AuditActor ActorOf(Client.Impersonation impersonation) =>
        new(Client.AuditActorKind.Operator, impersonation.Id, impersonation.Operator);

    private async Task EndAsync(Client.Impersonation one, AuditActor actor, string why, CancellationToken cancellation)
    {
        if (!await work.OnAsync(one.UserId, actor, db => DeleteAsync(db, one, why, cancellation), cancellation))
        {
            await ForgetAsync(one.UserId, cancellation);
        }
    }

    // Of two at once, one deletes the row and notes it.
    private async Task DeleteAsync(CrmDb db, Client.Impersonation one, string why, CancellationToken cancellation)
    {
        if (await OperatorTables.RunAsync(db, $"delete from {tables.Impersonations} where id = @id", cancellation, ("id", one.Id)) == 1)
        {
            db.Audit(Client.AuditKind.SignIn, AuditActions.ImpersonationEnd, one.Id, details: new { why, @operator = one.Operator });
        }
    }

    private Task InsertAsync(CrmDb db, Client.Impersonation begun, OperatorAccount? account, string secret, CancellationToken cancellation) => OperatorTables.RunAsync(
        db, $"""
        insert into {tables.Impersonations} ({Columns}, operator_name, link_hash, link_until)
        values (@id, @user, @name, @reason, @now, @until, @operator, @link, @link_until)
        """, cancellation,
        ("id", begun.Id), ("user", begun.UserId), ("name", begun.Operator), ("reason", begun.Reason), ("now", begun.CreatedAt), ("until", begun.ExpiresAt),
        ("operator", account?.Name), ("link", Secrets.Hash(secret)), ("link_until", begun.CreatedAt + LinkLife));

    private static Client.Impersonation Read(DbDataReader reader) => new()
    {
        Id = Guid.Parse(reader.GetString(0)),
        UserId = Guid.Parse(reader.GetString(1)),
        Operator = reader.GetString(2),
        Reason = reader.GetString(3),
        CreatedAt = OperatorTables.TimeOf(reader, 4),
        ExpiresAt = OperatorTables.TimeOf(reader, 5),
    };
}
