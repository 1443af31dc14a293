using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>The people of a user's account. Exactly one is the owner, which a unique index holds.</summary>
public sealed class Members
{
    private static readonly Problem OwnerStays = Problem.Conflict(
        "owner-stays", "The owner stays", "The owner cannot leave, be removed, deactivated or given another role. Make another member the owner first.");

    internal static readonly Listing<Member> Listing = new Listing<Member>("members")
        .SortByCreation(m => m.Id)
        .FilterByEnum<Client.MemberRole>("role", r => m => m.Role == r)
        .FilterBy("email", (_, value) => Emails.Normalise(value) is { } email ? m => m.Email == email : null);

    /// <summary>What the list takes.</summary>
    public static ListParameters Parameters { get; } = Listing.Describe();

    private readonly Workspace workspace;

    internal Members(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    public Task<Result<Client.Page<Client.Member>>> ListAsync(Client.ListQuery? query = null, CancellationToken cancellation = default) =>
        workspace.ListedAsync(AuditActions.MemberList, query, Listing.ReadAsync(Db, workspace.Host.Cursors, query ?? new(), m => m.ToRecord(), cancellation));

    public async Task<Client.Member?> FindAsync(Guid id, CancellationToken cancellation = default)
    {
        var found = await Db.Members.AsNoTracking().FirstOrDefaultAsync(m => m.Id == id, cancellation);
        return found is null ? null : workspace.Read(AuditActions.MemberRead, id, found.ToRecord());
    }

    /// <summary>Changes the role, in force on every node within seconds, or the name.</summary>
    public async Task<Result<Client.Member>> UpdateAsync(Guid id, Client.UpdateMember request, CancellationToken cancellation = default) =>
        Validation.Of(request) is { } invalid ? invalid
        : request.Role is { IsSet: true, Value: Client.MemberRole.Owner } ? Problem.Invalid("role", "Must not be owner; the owner passes that on.")
        : request.Role is { IsSet: true, Value: Client.MemberRole.Admin } && workspace.Principal.Kind == CredentialKind.ApiKey ? Problem.OutOfScope("")
        : await ChangeAsync(id, member =>
        {
            member.Role = request.Role.Or(member.Role);
            member.FirstName = Text.Blank(request.FirstName.Or(member.FirstName));
            member.LastName = Text.Blank(request.LastName.Or(member.LastName));
        }, cancellation);

    /// <summary>Ends every way in which the member signs in; its keys are still there and serve nobody.</summary>
    public Task<Result<Client.Member>> DeactivateAsync(Guid id, CancellationToken cancellation = default) =>
        ChangeAsync(id, member =>
        {
            member.DeactivatedAt ??= workspace.Now;
            member.CredentialVersion++;
        }, cancellation);

    public Task<Result<Client.Member>> ReactivateAsync(Guid id, CancellationToken cancellation = default) =>
        ChangeAsync(id, member => member.DeactivatedAt = null, cancellation);

    /// <summary>Removes a member with its sessions, tokens and keys. What it did stays, under its name.</summary>
    public Task<Problem?> RemoveAsync(Guid id, CancellationToken cancellation = default) => workspace.RepeatAsync(async () =>
    {
        if (await Db.Members.FirstOrDefaultAsync(m => m.Id == id, cancellation) is not { } member)
        {
            return Problem.NotFound;
        }
        if (member.Role == Client.MemberRole.Owner)
        {
            return OwnerStays;
        }
        if (workspace.Check(member.Version) is { } stale)
        {
            return stale;
        }
        // Through the change tracker and not by cascade, so that the counter follows.
        Db.RemoveRange(await Db.ApiKeys.Where(k => k.MemberId == id).ToListAsync(cancellation));
        Db.Remove(member);
        var problem = await Db.TrySaveAsync(cancellation);
        workspace.Host.Principals.ForgetMember(member.UserId, id);
        return problem;
    });

    /// <summary>Removes the signed-in member itself.</summary>
    public async Task<Problem?> LeaveAsync(Client.LeaveTeam request, CancellationToken cancellation = default) =>
        Validation.Of(request)
        ?? await workspace.Account.CheckPasswordAsync(request.Password, cancellation)
        ?? (workspace.Principal.MemberId is { } id ? await RemoveAsync(id, cancellation) : OwnerStays);

    /// <summary>Makes another member the owner and the owner an admin, both or neither.</summary>
    public async Task<Result<Client.Member>> MakeOwnerAsync(Guid id, Client.TransferOwnership request, CancellationToken cancellation = default)
    {
        if (Validation.Of(request) is { } invalid)
        {
            return invalid;
        }
        if (await Db.Members.AsNoTracking().FirstOrDefaultAsync(m => m.Id == id, cancellation) is not { } heir)
        {
            return Problem.NotFound;
        }
        if (await workspace.Account.CheckPasswordAsync(request.Password, cancellation) is { } wrong)
        {
            return wrong;
        }
        if (heir.DeactivatedAt is not null)
        {
            return Problem.Conflict("member-deactivated", "This member is deactivated", "Reactivate the member first.");
        }
        return workspace.Check(heir.Version) ?? await SwapAsync(heir, cancellation);
    }

    private async Task<Result<Client.Member>> SwapAsync(Member heir, CancellationToken cancellation)
    {
        var (now, me) = (workspace.Now, workspace.Principal.MemberId);
        var owner = await Db.Members.Where(m => m.Role == Client.MemberRole.Owner).Select(m => m.Id).SingleAsync(cancellation);
        await using var transaction = await Db.BeginWriteAsync(cancellation);
        // Statements and not the change tracker: there may never be two owners, not even in between. The first waits for
        // whoever passes the ownership on at the same moment, and then finds that it has gone.
        if (await GiveAsync(m => m.Id == owner && m.Role == Client.MemberRole.Owner && (me == null || me == owner), Client.MemberRole.Admin, now, cancellation) != 1
            || await GiveAsync(m => m.Id == heir.Id && m.Version == heir.Version && m.DeactivatedAt == null, Client.MemberRole.Owner, now, cancellation) != 1)
        {
            return Problem.Stale;
        }
        AuditRole(owner, Client.MemberRole.Owner, Client.MemberRole.Admin);
        AuditRole(heir.Id, heir.Role, Client.MemberRole.Owner);
        await Db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        workspace.Host.Principals.ForgetMember(workspace.Principal.UserId, owner);
        workspace.Host.Principals.ForgetMember(workspace.Principal.UserId, heir.Id);
        return (await FindAsync(heir.Id, cancellation))!;
    }

    private void AuditRole(Guid id, Client.MemberRole from, Client.MemberRole to) => Db.Audit(
        Client.AuditKind.Write, AuditedType.Of(typeof(Member))!.OnUpdate, id, changes: $"{{\"role\":{{\"from\":\"{from.ToText()}\",\"to\":\"{to.ToText()}\"}}}}");

    private Task<int> GiveAsync(Expression<Func<Member, bool>> which, Client.MemberRole role, DateTimeOffset now, CancellationToken cancellation) =>
        Db.Members.Where(which).ExecuteUpdateAsync(
            s => s.SetProperty(m => m.Role, role).SetProperty(m => m.Version, m => m.Version + 1).SetProperty(m => m.UpdatedAt, now), cancellation);

    private Task<Result<Client.Member>> ChangeAsync(Guid id, Action<Member> change, CancellationToken cancellation) =>
        workspace.RepeatAsync<Client.Member>(async () =>
        {
            if (await Db.Members.FirstOrDefaultAsync(m => m.Id == id, cancellation) is not { } member)
            {
                return Problem.NotFound;
            }
            if (member.Role == Client.MemberRole.Owner)
            {
                return OwnerStays;
            }
            if (workspace.Check(member.Version) is { } stale)
            {
                return stale;
            }
            change(member);
            await using var transaction = await Db.BeginWriteAsync(cancellation);
            if (member.DeactivatedAt is not null)
            {
                await Member.HoldAsync(Db, id, cancellation);
                await Db.Sessions.Where(s => s.MemberId == id).ExecuteDeleteAsync(cancellation);
                await Db.RefreshTokens.Where(t => t.MemberId == id).ExecuteDeleteAsync(cancellation);
            }
            if (await Db.TrySaveAsync(cancellation) is { } problem)
            {
                return problem;
            }
            await transaction.CommitAsync(cancellation);
            workspace.Host.Principals.ForgetMember(member.UserId, id);
            return member.ToRecord();
        });
}
