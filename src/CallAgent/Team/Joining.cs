using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>What an invitation says to whoever holds its token.</summary>
public sealed record InvitationDetails(string Email, Client.MemberRole Role, string InvitedBy, string? CompanyName);

/// <summary>Invitations as those see them who have one and are not signed in.</summary>
public sealed class Joining
{
    private static readonly Problem Over = Problem.Invalid("token", "Is not in force: it was used, revoked, replaced, or is too old. Ask for a new invitation.");

    private readonly CallAgentHost host;

    internal Joining(CallAgentHost host) => this.host = host;

    /// <summary>What the token invites to; <c>null</c> when it is not in force.</summary>
    public async Task<InvitationDetails?> FindAsync(string token, CancellationToken cancellation = default)
    {
        if (await InvitationAsync(token, cancellation) is not { } invitation)
        {
            return null;
        }
        await using var db = host.Database.Open(TenantScope.Of(invitation.UserId));
        var company = await db.Users.Select(u => u.CompanyName).SingleAsync(cancellation);
        return new(invitation.Email, invitation.Role, invitation.InvitedBy, company);
    }

    /// <summary>Makes the invited person a member. The token serves once, however many ask at the same time.</summary>
    public async Task<Result<Principal>> AcceptAsync(Client.AcceptInvitation request, CancellationToken cancellation = default)
    {
        if (Validation.Of(request) is { } invalid)
        {
            return invalid;
        }
        if (await InvitationAsync(request.Token, cancellation) is not { } invitation)
        {
            return Over;
        }
        if (host.PasswordRules.Check("password", request.Password, invitation.Email) is { } weak)
        {
            return weak;
        }
        await using var db = host.Database.Open(TenantScope.Of(invitation.UserId));
        var user = await db.Users.AsNoTracking().SingleAsync(cancellation);
        var member = await MemberAsync(invitation, request, cancellation);
        var principal = PrincipalCache.Describe(user, member) with { Kind = CredentialKind.Session };
        if (!principal.IsActive)
        {
            return Problem.NotActive(user.Status);
        }
        db.Actor = AuditActor.Of(member);
        db.Remove(invitation);
        db.Add(member);
        return await db.TrySaveAsync(cancellation) is not { } problem ? principal : problem == Problem.Stale ? Over : problem;
    }

    private async Task<Member> MemberAsync(Invitation invitation, Client.AcceptInvitation request, CancellationToken cancellation)
    {
        var now = host.Clock.Now();
        return new()
        {
            UserId = invitation.UserId,
            Email = invitation.Email,
            FirstName = Text.Blank(request.FirstName),
            LastName = Text.Blank(request.LastName),
            Role = invitation.Role,
            PasswordHash = await host.Passwords.HashAsync(request.Password, cancellation),
            EmailVerifiedAt = now,
            CreatedAt = now,
            UpdatedAt = now,
        };
    }

    private async Task<Invitation?> InvitationAsync(string token, CancellationToken cancellation)
    {
        var (now, hash) = (host.Clock.Now(), Secrets.Hash(token));
        await using var db = host.Database.Open(TenantScope.Naming(hash));
        return await db.Invitations.OfAnyUser().AsNoTracking().SingleOrDefaultAsync(i => i.Hash == hash && i.ExpiresAt > now, cancellation);
    }
}
