using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>
/// What the operator of an installation may do with its users. On PostgreSQL it works as a role that can see users, members
/// and counters across users and change the first, adds to one user's audit log at a time, and has no right on any other table
/// of users; the operators' own are in a schema beside.
/// </summary>
public sealed class Operators : IAsyncDisposable
{
    private const int LargestPage = 200;
    private const int LongestSearch = 200;

    private readonly Database database;
    private readonly OperatorWork work;

    private Operators(Database database, CallAgentSettings settings)
    {
        (this.database, work) = (database, new(database, settings));
        Impersonations = new(database, settings);
        var tables = new OperatorTables(database);
        Accounts = new(tables, Impersonations, database.Clock);
        Sessions = new(tables, Accounts, new SignInThrottle(database.Clock), database.Clock);
    }

    /// <summary>Who may use the operator's API and console.</summary>
    public OperatorAccounts Accounts { get; }

    /// <summary>Sign-ins at the console.</summary>
    public OperatorSessions Sessions { get; }

    /// <summary>Operators at work within users.</summary>
    public Impersonations Impersonations { get; }

    /// <summary>Opens the installation that the settings describe.</summary>
    /// <exception cref="SettingsException">There is no database there yet, or it cannot be reached.</exception>
    public static Operators Open(CallAgentSettings settings, TimeProvider? clock = null)
    {
        if (settings.DatabaseUrl is null && !File.Exists(DatabaseStart.SqlitePath(settings)))
        {
            throw new SettingsException(
                $"There is no database at {DatabaseStart.SqlitePath(settings)}. Start the server once, or run: callagent migrate");
        }
        return new(DatabaseStart.ForOperator(settings, clock ?? TimeProvider.System), settings);
    }

    /// <summary>For the server's own operator API; <c>null</c> where the server was given no connection that may look across users.</summary>
    internal static Operators? OfServer(CallAgentSettings settings, TimeProvider clock) =>
        settings.DatabaseUrl is null || settings.DatabaseAdminUrl is not null ? new(DatabaseStart.ForOperator(settings, clock), settings) : null;

    /// <summary>A page of users in the order of their registration.</summary>
    /// <param name="text">Part of the owner's e-mail or of the company; all users without it.</param>
    /// <param name="cursor">The <c>next_cursor</c> of the page before.</param>
    /// <param name="limit">1 to 200.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<Result<Client.Page<Client.OperatedUser>>> PageAsync(string? text, string? cursor, int limit, CancellationToken cancellation = default)
    {
        if (limit is < 1 or > LargestPage)
        {
            return Problem.Invalid("limit", $"Must be between 1 and {LargestPage}.");
        }
        if (text is not null && Validation.OfText(text, LongestSearch) is { } odd)
        {
            return Problem.Invalid("q", odd);
        }
        // Nothing to sign: whoever may list may list all.
        if (!Guid.TryParseExact(cursor ?? Guid.Empty.ToString("N"), "N", out var after))
        {
            return Problem.Invalid("cursor", "Is not a cursor of this list. Begin again without it.");
        }
        var found = await ListAsync(text, after, limit + 1, cancellation);
        var more = found.Count > limit;
        return new Client.Page<Client.OperatedUser> { Data = [.. found.Take(limit)], HasMore = more, NextCursor = more ? found[limit - 1].Id.ToString("N") : null };
    }

    /// <summary>Users in the order of their registration.</summary>
    /// <param name="text">Part of the e-mail or company; all users without it.</param>
    /// <param name="after">The last id of the page before.</param>
    /// <param name="limit">Most users to answer.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<Client.OperatedUser>> ListAsync(
        string? text = null, Guid? after = null, int limit = 100, CancellationToken cancellation = default)
    {
        await using var db = database.Open(TenantScope.None);
        var rows = OperatedRow.All(db);
        if (Text.Blank(text)?.ToLowerInvariant() is { } part)
        {
            rows = rows.Where(r => r.Owner.Email.Contains(part) || r.User.CompanyName!.ToLower().Contains(part));
        }
        if (after is { } id)
        {
            rows = rows.Where(r => r.User.UserId > id);
        }
        var found = await rows.OrderBy(r => r.User.UserId).Take(limit).ToListAsync(cancellation);
        return await OperatedRow.DescribeAsync(db, found, cancellation);
    }

    /// <summary>All users in the order of their registration, read part after part as they are taken.</summary>
    public async IAsyncEnumerable<Client.OperatedUser> AllAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (Guid? after = null; ;)
        {
            var part = await ListAsync(after: after, cancellation: cancellation);
            foreach (var user in part)
            {
                yield return user;
            }
            if (part.Count == 0)
            {
                yield break;
            }
            after = part[^1].Id;
        }
    }

    /// <summary>The user whose owner has this e-mail; <c>null</c> when there is none.</summary>
    public async Task<Client.OperatedUser?> FindAsync(string email, CancellationToken cancellation = default)
    {
        var address = Emails.Normalise(email);
        await using var db = database.Open(TenantScope.None);
        var found = await OperatedRow.All(db).Where(r => r.Owner.Email == address).ToListAsync(cancellation);
        return (await OperatedRow.DescribeAsync(db, found, cancellation)).SingleOrDefault();
    }

    /// <summary>The user with this id; <c>null</c> when there is none.</summary>
    public async Task<Client.OperatedUser?> FindAsync(Guid id, CancellationToken cancellation = default)
    {
        await using var db = database.Open(TenantScope.None);
        var found = await OperatedRow.All(db).Where(r => r.User.UserId == id).ToListAsync(cancellation);
        return (await OperatedRow.DescribeAsync(db, found, cancellation)).SingleOrDefault();
    }

    /// <summary>The members of the user whose owner has this e-mail.</summary>
    public async Task<Result<IReadOnlyList<Client.Member>>> MembersAsync(string email, CancellationToken cancellation = default) =>
        await FindAsync(email, cancellation) is { } found ? await MembersOfAsync(found, cancellation) : Unknown(email);

    /// <summary>The members of a user.</summary>
    public async Task<Result<IReadOnlyList<Client.Member>>> MembersAsync(Guid id, CancellationToken cancellation = default) =>
        await FindAsync(id, cancellation) is { } found ? await MembersOfAsync(found, cancellation) : Problem.NotFound;

    /// <summary>Of which user somebody with this e-mail is a member, and as which; <c>null</c> when nobody signs in with it.</summary>
    public async Task<(Guid UserId, Guid MemberId)?> FindMemberAsync(string email, CancellationToken cancellation = default)
    {
        var address = Emails.Normalise(email);
        await using var db = database.Open(TenantScope.None);
        var found = await db.Members.OfAnyUser().AsNoTracking().Where(m => m.Email == address).Select(m => new { m.UserId, m.Id }).SingleOrDefaultAsync(cancellation);
        return found is null ? null : (found.UserId, found.Id);
    }

    /// <summary>Puts a user on a plan. Nothing is deleted when it holds more than the plan allows; it just cannot add more.</summary>
    public async Task<Result<Client.OperatedUser>> SetPlanAsync(string email, Client.Plan plan, CancellationToken cancellation = default) =>
        await FindAsync(email, cancellation) is { } found ? await ChangeAsync(found, user => user.Plan = plan, null, cancellation) : Unknown(email);

    /// <inheritdoc cref="SetPlanAsync(string, Client.Plan, CancellationToken)"/>
    /// <param name="id">The user.</param>
    /// <param name="plan">The other plan.</param>
    /// <param name="account">Whose doing it is, as the user's audit log names it.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<Result<Client.OperatedUser>> SetPlanAsync(Guid id, Client.Plan plan, OperatorAccount account, CancellationToken cancellation = default) =>
        await FindAsync(id, cancellation) is { } found ? await ChangeAsync(found, user => user.Plan = plan, account, cancellation) : Problem.NotFound;

    /// <summary>Changes a user's status; <c>suspended</c> and <c>inactive</c> end every way of signing in within seconds.</summary>
    public async Task<Result<Client.OperatedUser>> SetStatusAsync(string email, Client.UserStatus status, CancellationToken cancellation = default) =>
        await FindAsync(email, cancellation) is { } found ? await ChangeAsync(found, user => user.Status = status, null, cancellation) : Unknown(email);

    /// <inheritdoc cref="SetStatusAsync(string, Client.UserStatus, CancellationToken)"/>
    /// <param name="id">The user.</param>
    /// <param name="status">The other status.</param>
    /// <param name="account">Whose doing it is, as the user's audit log names it.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<Result<Client.OperatedUser>> SetStatusAsync(Guid id, Client.UserStatus status, OperatorAccount account, CancellationToken cancellation = default) =>
        await FindAsync(id, cancellation) is { } found ? await ChangeAsync(found, user => user.Status = status, account, cancellation) : Problem.NotFound;

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private async Task<Result<IReadOnlyList<Client.Member>>> MembersOfAsync(Client.OperatedUser found, CancellationToken cancellation)
    {
        await using var db = database.Open(TenantScope.Of(found.Id));
        return (await db.Members.AsNoTracking().OrderBy(m => m.Id).ToListAsync(cancellation)).ConvertAll(m => m.ToRecord());
    }

    private async Task<Result<Client.OperatedUser>> ChangeAsync(Client.OperatedUser found, Action<User> change, OperatorAccount? account, CancellationToken cancellation)
    {
        var changed = found;
        var isThere = await work.OnAsync(found.Id, AuditActor.Operator with { Name = OperatorAccounts.NameOf(account) }, async db =>
        {
            var user = await db.Users.SingleAsync(cancellation);
            change(user);
            changed = found with { Plan = user.Plan, Status = user.Status };
            if (!user.Status.LetsIn())
            {
                await Impersonations.EndWithinAsync(db, cancellation);
            }
        }, cancellation);
        return isThere ? changed : Problem.NotFound;
    }

    private static Problem Unknown(string email) => new("not-found", 404, "No such user", $"Nobody is registered as {email}.");
}
