using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>A user as the operator sees it: who it is and how much it uses, and nothing of what it holds.</summary>
public sealed record OperatedUser
{
    public required Guid Id { get; init; }

    /// <summary>The owner's.</summary>
    public required string Email { get; init; }

    public required string? CompanyName { get; init; }
    public required Client.Plan Plan { get; init; }
    public required Client.UserStatus Status { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required long Campaigns { get; init; }
    public required long Contacts { get; init; }
    public required long Calls { get; init; }
}

/// <summary>
/// What the operator of an installation may do with its users. On PostgreSQL it works as a role that can see users,
/// members and counters across users, and no other table at all.
/// </summary>
public sealed class Operators : IAsyncDisposable
{
    private readonly Database database;

    private Operators(Database database) => this.database = database;

    /// <summary>Opens the installation that the settings describe.</summary>
    /// <exception cref="SettingsException">There is no database there yet, or it cannot be reached.</exception>
    public static Operators Open(CallAgentSettings settings, TimeProvider? clock = null)
    {
        if (settings.DatabaseUrl is null && !File.Exists(DatabaseStart.SqlitePath(settings)))
        {
            throw new SettingsException(
                $"There is no database at {DatabaseStart.SqlitePath(settings)}. Start the server once, or run: callagent migrate");
        }
        return new(DatabaseStart.ForOperator(settings, clock ?? TimeProvider.System));
    }

    /// <summary>Users in the order of their registration.</summary>
    /// <param name="text">Part of the e-mail or company; all users without it.</param>
    /// <param name="after">The last id of the page before.</param>
    /// <param name="limit">Most users to answer.</param>
    /// <param name="cancellation">Stops the query.</param>
    public async Task<IReadOnlyList<OperatedUser>> ListAsync(
        string? text = null, Guid? after = null, int limit = 100, CancellationToken cancellation = default)
    {
        await using var db = database.Open(TenantScope.None);
        var rows = Rows(db);
        if (Text.Blank(text)?.ToLowerInvariant() is { } part)
        {
            rows = rows.Where(r => r.Owner.Email.Contains(part) || r.User.CompanyName!.ToLower().Contains(part));
        }
        if (after is { } id)
        {
            rows = rows.Where(r => r.User.UserId > id);
        }
        var found = await rows.OrderBy(r => r.User.UserId).Take(limit).ToListAsync(cancellation);
        return await DescribeAsync(db, found, cancellation);
    }

    /// <summary>The user whose owner has this e-mail; <c>null</c> when there is none.</summary>
    public async Task<OperatedUser?> FindAsync(string email, CancellationToken cancellation = default)
    {
        var address = Emails.Normalise(email);
        await using var db = database.Open(TenantScope.None);
        var found = await Rows(db).Where(r => r.Owner.Email == address).ToListAsync(cancellation);
        return (await DescribeAsync(db, found, cancellation)).SingleOrDefault();
    }

    /// <summary>The members of the user whose owner has this e-mail.</summary>
    public async Task<Result<IReadOnlyList<Client.Member>>> MembersAsync(string email, CancellationToken cancellation = default)
    {
        if (await FindAsync(email, cancellation) is not { } found)
        {
            return Unknown(email);
        }
        await using var db = database.Open(TenantScope.Of(found.Id));
        return (await db.Members.AsNoTracking().OrderBy(m => m.Id).ToListAsync(cancellation)).ConvertAll(m => m.ToRecord());
    }

    /// <summary>Of which user somebody with this e-mail is a member, and as which; <c>null</c> when nobody signs in with it.</summary>
    public async Task<(Guid UserId, Guid MemberId)?> FindMemberAsync(string email, CancellationToken cancellation = default)
    {
        var address = Emails.Normalise(email);
        await using var db = database.Open(TenantScope.None);
        var found = await db.Members.OfAnyUser().AsNoTracking().Where(m => m.Email == address).Select(m => new { m.UserId, m.Id }).SingleOrDefaultAsync(cancellation);
        return found is null ? null : (found.UserId, found.Id);
    }

    /// <summary>Puts a user on a plan. Nothing is deleted when it holds more than the plan allows; it just cannot add more.</summary>
    public Task<Result<OperatedUser>> SetPlanAsync(string email, Client.Plan plan, CancellationToken cancellation = default) =>
        ChangeAsync(email, user => user.Plan = plan, cancellation);

    /// <summary>Changes a user's status; <c>suspended</c> and <c>inactive</c> end every way of signing in within seconds.</summary>
    public Task<Result<OperatedUser>> SetStatusAsync(string email, Client.UserStatus status, CancellationToken cancellation = default) =>
        ChangeAsync(email, user => user.Status = status, cancellation);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    private async Task<Result<OperatedUser>> ChangeAsync(string email, Action<User> change, CancellationToken cancellation)
    {
        if (await FindAsync(email, cancellation) is not { } found)
        {
            return Unknown(email);
        }
        // From here on as that user's unit of work, so that the guard holds for the operator too.
        await using var db = database.Open(TenantScope.Of(found.Id));
        var user = await db.Users.SingleAsync(cancellation);
        change(user);
        await db.SaveChangesAsync(cancellation);
        return found with { Plan = user.Plan, Status = user.Status };
    }

    private static Problem Unknown(string email) => new("not-found", 404, "No such user", $"Nobody is registered as {email}.");

    private static IQueryable<Row> Rows(CrmDb db) => db.Users.OfAnyUser().AsNoTracking()
        .Join(db.Members.OfAnyUser(), u => u.UserId, m => m.UserId, (u, m) => new Row { User = u, Owner = m })
        .Where(r => r.Owner.Role == Client.MemberRole.Owner);

    private static async Task<IReadOnlyList<OperatedUser>> DescribeAsync(CrmDb db, List<Row> rows, CancellationToken cancellation)
    {
        var ids = rows.ConvertAll(r => r.User.UserId);
        string[] names = [CounterNames.Campaigns, CounterNames.Contacts, CounterNames.Calls];
        var counters = await db.Counters.OfAnyUser().AsNoTracking()
            .Where(c => ids.Contains(c.UserId) && c.Period == "" && names.Contains(c.Name))
            .ToDictionaryAsync(c => (c.UserId, c.Name), c => c.Value, cancellation);
        return rows.ConvertAll(r => new OperatedUser
        {
            Id = r.User.UserId,
            Email = r.Owner.Email,
            CompanyName = r.User.CompanyName,
            Plan = r.User.Plan,
            Status = r.User.Status,
            CreatedAt = r.User.CreatedAt,
            Campaigns = counters.GetValueOrDefault((r.User.UserId, CounterNames.Campaigns)),
            Contacts = counters.GetValueOrDefault((r.User.UserId, CounterNames.Contacts)),
            Calls = counters.GetValueOrDefault((r.User.UserId, CounterNames.Calls)),
        });
    }

    private sealed class Row
    {
        public required User User { get; init; }
        public required Member Owner { get; init; }
    }
}
