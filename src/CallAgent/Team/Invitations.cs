using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>A user's invitations to become a member.</summary>
public sealed class Invitations
{
    internal static readonly TimeSpan Life = TimeSpan.FromHours(72);

    // Before each further one of an account has to wait.
    private const int FreeInvitations = 200;

    internal static readonly Listing<Invitation> Listing = new Listing<Invitation>("invitations").SortByCreation(i => i.Id);

    /// <summary>What the list takes.</summary>
    public static ListParameters Parameters { get; } = Listing.Describe();

    // An invitation is made and ends, and has one version.
    private const int NeverChanged = 1;

    private readonly Workspace workspace;

    internal Invitations(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    /// <summary>Those that can still be accepted.</summary>
    public Task<Result<Client.Page<Client.Invitation>>> ListAsync(Client.ListQuery? query = null, CancellationToken cancellation = default)
    {
        var now = workspace.Now;
        return workspace.ListedAsync(AuditActions.InvitationList, query, Listing.ReadAsync(
            Db, workspace.Host.Cursors, query ?? new(), i => i.ToRecord(), cancellation, within: rows => rows.Where(i => i.ExpiresAt > now)));
    }

    /// <summary>
    /// Invites by e-mail; an earlier invitation of the address ends. Whether the address signs in to another account is
    /// not said here: only whoever reads its mail learns it.
    /// </summary>
    public Task<Result<Client.Invitation>> CreateAsync(Client.CreateInvitation request, CancellationToken cancellation = default) =>
        TooMany(request.Email) is { } problem ? Task.FromResult<Result<Client.Invitation>>(problem) : workspace.RepeatAsync<Client.Invitation>(async () =>
        {
            if (Validation.Of(request) is { } invalid)
            {
                return invalid;
            }
            if (request.Role == Client.MemberRole.Owner)
            {
                return Problem.Invalid("role", "Must not be owner; a member becomes the owner when the owner passes that on.");
            }
            // An admin makes keys, and a key that leaked must not outlive its revocation so.
            if (request.Role == Client.MemberRole.Admin && workspace.Principal.Kind == CredentialKind.ApiKey)
            {
                return Problem.OutOfScope("");
            }
            if (Emails.Normalise(request.Email) is not { } email)
            {
                return Problem.Invalid("email", "Is not an e-mail address.");
            }
            if (await Db.Members.AnyAsync(m => m.Email == email, cancellation))
            {
                return Problem.Conflict("already-member", "This person is a member already", "Change the role of the member instead.");
            }
            return await ReplaceAsync(email, request.Role, cancellation);
        });

    /// <summary>Revokes an invitation.</summary>
    public async Task<Problem?> DeleteAsync(Guid id, CancellationToken cancellation = default)
    {
        if (await Db.Invitations.FirstOrDefaultAsync(i => i.Id == id, cancellation) is not { } invitation)
        {
            return Problem.NotFound;
        }
        if (workspace.Check(NeverChanged) is { } stale)
        {
            return stale;
        }
        Db.Remove(invitation);
        return await Db.TrySaveAsync(cancellation);
    }

    // Each is a mail to somebody who may never have heard of us. An earlier one is replaced, so that their number alone bounds nothing.
    private Problem? TooMany(string email) =>
        (workspace.Host.Throttle.Try(("invited", workspace.Principal.UserId, email.Trim().ToLowerInvariant())) ?? workspace.Host.Throttle.Try(("invites", workspace.Principal.UserId), FreeInvitations))
            is { RetryAfterSeconds: { } seconds }
            ? new("too-many-invitations", 429, "Too many invitations", $"Wait {seconds} seconds before you send another.") { RetryAfterSeconds = seconds }
            : null;

    private async Task<Result<Client.Invitation>> ReplaceAsync(string email, Client.MemberRole role, CancellationToken cancellation)
    {
        var now = workspace.Now;
        // Two saves: the unique address of the old one must be gone before the new one comes.
        await using var transaction = await Db.BeginWriteAsync(cancellation);
        Db.RemoveRange(await Db.Invitations.Where(i => i.Email == email || i.ExpiresAt <= now).ToListAsync(cancellation));
        if (await Db.TrySaveAsync(cancellation) is { } stale)
        {
            return stale;
        }
        var token = Secrets.NewToken();
        var invitation = new Invitation
        {
            Id = Guid.CreateVersion7(now),
            Email = email,
            Role = role,
            Hash = Secrets.Hash(token),
            InvitedBy = workspace.Principal.ActorName,
            CreatedAt = now,
            ExpiresAt = now + Life,
        };
        Db.Add(invitation);
        if (await Db.TrySaveAsync(cancellation) is { } problem)
        {
            return problem;
        }
        await transaction.CommitAsync(cancellation);
        workspace.Post(workspace.Host.Mails.Invitation(email, workspace.Principal.CompanyName, invitation.InvitedBy, role.ToText(), token));
        return invitation.ToRecord();
    }
}
