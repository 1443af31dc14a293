using System.Net;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>Turns credentials into a <see cref="Principal"/>, and makes and ends sessions.</summary>
public sealed class SignIn
{
    private static readonly TimeSpan LastUseGrain = TimeSpan.FromMinutes(1);

    // An office has many people behind one address.
    private const int FreeTriesOfAddress = 50;

    private readonly CallAgentHost host;
    private readonly KnownDevices devices;

    internal SignIn(CallAgentHost host, KnownDevices devices) => (this.host, this.devices) = (host, devices);

    /// <summary>
    /// Checks e-mail and password. An unknown e-mail costs and says the same as a wrong password; a member with a second
    /// factor gets a problem with the challenge for <see cref="WithTwoFactorAsync"/>.
    /// </summary>
    public async Task<Result<Principal>> WithPasswordAsync(
        string email, string password, SignInOrigin? origin = null, CancellationToken cancellation = default)
    {
        var address = Validation.OfText(email) is null ? Emails.Normalise(email) : null;
        var member = address is null ? null : await FindAsync(address, cancellation);
        // Wrong tries of strangers must not keep the member out of its own browser.
        var device = devices.Find(origin?.DeviceToken, member?.Id);
        object target = device is null ? ("account", address) : ("device", device);
        object? from = origin?.Address is { } text ? ("address", IPAddress.TryParse(text, out var ip) ? (object)Networks.OwnerOf(ip) : text) : null;
        if (((from is null ? null : host.Throttle.Try(from, FreeTriesOfAddress)) ?? host.Throttle.Try(target)) is { } later)
        {
            AuditFailure(member, AuditActions.SignInThrottle, later);
            return later;
        }
        if (!await host.Passwords.VerifyAsync(password, member?.PasswordHash, cancellation))
        {
            AuditFailure(member, AuditActions.SignInFail, Problem.WrongCredentials);
            return Problem.WrongCredentials;
        }
        host.Throttle.Forgive(target);
        if (from is not null)
        {
            host.Throttle.TakeBack(from);
        }
        var found = Admit(await host.Principals.MemberAsync(member!.UserId, member.Id, cancellation), member.CredentialVersion);
        if (found.Problem is { } refused)
        {
            AuditFailure(member, AuditActions.SignInFail, refused);
        }
        return found.Problem is null && member.TotpConfirmedAt is not null ? Problem.TwoFactorNeeded(host.TwoFactorCodes.Challenge(found.Value)) : found;
    }

    /// <summary>The second step: the challenge of the first, and a code of the app or a recovery code.</summary>
    public async Task<Result<Principal>> WithTwoFactorAsync(string challenge, string code, CancellationToken cancellation = default)
    {
        if (host.TwoFactorCodes.Read(challenge) is not var (userId, memberId, version))
        {
            return Problem.ChallengeOver;
        }
        await using var db = host.Database.Open(TenantScope.Of(userId));
        var member = await db.Members.AsNoTracking().FirstOrDefaultAsync(m => m.Id == memberId, cancellation);
        if (member?.TotpConfirmedAt is null || member.CredentialVersion != version)
        {
            return Problem.ChallengeOver;
        }
        if (host.Throttle.Try(("code", memberId)) is { } later)
        {
            AuditFailure(member, AuditActions.SignInThrottle, later);
            return later;
        }
        db.Actor = AuditActor.Of(member);
        if (!await host.TwoFactorCodes.TakeAsync(db, member, code, cancellation))
        {
            AuditFailure(member, AuditActions.SignInFail, Problem.WrongCode);
            return Problem.WrongCode;
        }
        host.Throttle.Forgive(("code", memberId));
        return Admit(await host.Principals.MemberAsync(userId, memberId, cancellation), version);
    }

    /// <summary>What a browser keeps to be known again after somebody signed in with it.</summary>
    public string NewDeviceToken(Principal principal) => devices.NewToken(principal.MemberId!.Value);

    /// <summary>Who holds this API key; <c>null</c> when nobody may use it, now and from there.</summary>
    public async Task<Principal?> WithApiKeyAsync(string key, IPAddress? from = null, CancellationToken cancellation = default)
    {
        if (!ApiKeySecret.IsWhole(key))
        {
            return null;
        }
        var hash = Secrets.Hash(key);
        var found = await host.Principals.ApiKeyAsync(hash, cancellation);
        if (found is null)
        {
            return null;
        }
        if (!found.Serves(host.Clock.GetUtcNow(), from) || await ActiveAsync(found, cancellation) is not { } principal)
        {
            AuditRefusal(found.UserId, new(Client.AuditActorKind.ApiKey, found.Id, found.Name), found.Id);
            return null;
        }
        if (found.LastUsedAt is null || host.Clock.GetUtcNow() - found.LastUsedAt > LastUseGrain)
        {
            await StampUseAsync(found, cancellation);
        }
        return principal with { Kind = CredentialKind.ApiKey, CredentialId = found.Id, ActorName = found.Name, SpokenName = found.Name, Scopes = found.Scopes };
    }

    /// <summary>Who holds this session token; <c>null</c> when the session has ended.</summary>
    public async Task<Principal?> WithSessionAsync(string token, CancellationToken cancellation = default)
    {
        var (hash, now) = (Secrets.Hash(token), host.Clock.Now());
        var session = await host.Principals.SessionAsync(hash, cancellation);
        if (session is null)
        {
            return null;
        }
        if (session.ExpiresAt <= now || session.LastSeenAt + Sessions.IdleLife <= now || await ActiveAsync(session, cancellation) is not { } principal)
        {
            AuditRefusal(session.UserId, new(Client.AuditActorKind.Member, session.MemberId), session.Id);
            return null;
        }
        if (now - session.LastSeenAt > LastUseGrain)
        {
            await StampSeenAsync(session, now, cancellation);
        }
        return principal with { Kind = CredentialKind.Session, CredentialId = session.Id, ProvedAt = session.ProvedAt };
    }

    /// <summary>
    /// The operator whose browser has this secret, at work within a user as an agent; <c>null</c> when that has ended or the
    /// user is not let in. Nothing is remembered: the next request after an end finds it ended.
    /// </summary>
    public async Task<Principal?> WithImpersonationAsync(string token, CancellationToken cancellation = default)
    {
        if (host.Operators is not { } operators || await operators.Impersonations.WithTokenAsync(token, cancellation) is not { } impersonation
            || await host.Principals.UserAsync(impersonation.UserId, cancellation) is not { IsActive: true } user)
        {
            return null;
        }
        return user with
        {
            Kind = CredentialKind.Impersonation,
            CredentialId = impersonation.Id,
            Role = Client.MemberRole.Agent,
            ActorName = $"Operator {impersonation.Operator}",
            Impersonation = impersonation,
        };
    }

    /// <summary>Who holds this access token (JWT); <c>null</c> when it is forged, over, or older than the password.</summary>
    public async Task<Principal?> WithAccessTokenAsync(string token, CancellationToken cancellation = default)
    {
        if (await host.AccessTokens.ReadAsync(token) is not var (userId, memberId, version, provedAt, family))
        {
            return null;
        }
        if (await host.Principals.MemberAsync(userId, memberId, cancellation) is not { IsActive: true } principal || principal.CredentialVersion != version)
        {
            AuditRefusal(userId, new(Client.AuditActorKind.Member, memberId), memberId);
            return null;
        }
        return principal with { Kind = CredentialKind.AccessToken, CredentialId = family, ProvedAt = provedAt };
    }

    /// <summary>Begins a session and answers its secret token and end.</summary>
    /// <exception cref="ProblemException">The password was changed since it was shown, or its member is gone.</exception>
    public async Task<(string Token, DateTimeOffset ExpiresAt)> StartSessionAsync(
        Principal principal, SignInOrigin origin, CancellationToken cancellation = default)
    {
        var token = Secrets.NewToken();
        var now = host.Clock.Now();
        await using var db = host.Database.Open(TenantScope.Of(principal.UserId));
        db.Actor = AuditActor.Of(principal);
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (!await Member.HoldAsync(db, principal.MemberId!.Value, cancellation, principal.CredentialVersion))
        {
            throw new ProblemException(Problem.WrongCredentials);
        }
        var idleSince = now - Sessions.IdleLife;
        await db.Sessions.Where(s => s.MemberId == principal.MemberId && (s.ExpiresAt < now || s.LastSeenAt < idleSince)).ExecuteDeleteAsync(cancellation);
        var session = new Session
        {
            MemberId = principal.MemberId.Value,
            Hash = Secrets.Hash(token),
            UserAgent = origin.KeptUserAgent,
            Address = origin.Address,
            CreatedAt = now,
            LastSeenAt = now,
            ProvedAt = now,
            ExpiresAt = now + Sessions.Life,
        };
        db.Add(session);
        await db.SaveChangesAsync(cancellation);
        await Member.StampSignInAsync(db, session.MemberId, now, cancellation);
        await transaction.CommitAsync(cancellation);
        return (token, session.ExpiresAt);
    }

    // Under the credentials that were shown, whatever they are by now.
    private static Result<Principal> Admit(Principal? principal, int version) => principal switch
    {
        null => Problem.WrongCredentials,
        { IsDeactivated: true } => Problem.Deactivated,
        { IsActive: false } => Problem.NotActive(principal.Status),
        _ => principal with { Kind = CredentialKind.Session, CredentialVersion = version },
    };

    // Behind the answer, so that its time does not tell whether there is such a member.
    private void AuditFailure(Member? member, string action, Problem problem)
    {
        if (member is not null)
        {
            host.AuditInbox.Post(member.UserId, AuditActor.Stranger, Client.AuditKind.SignIn, action, member.Id, new { member = member.FullName, reason = problem.Name });
        }
    }

    private void AuditRefusal(Guid userId, AuditActor actor, Guid id) =>
        host.AuditInbox.Post(userId, actor, Client.AuditKind.Denied, AuditActions.CredentialRefuse, id);

    private async Task<Member?> FindAsync(string email, CancellationToken cancellation)
    {
        await using var db = host.Database.Open(TenantScope.Naming(email));
        return await db.Members.OfAnyUser().AsNoTracking().SingleOrDefaultAsync(m => m.Email == email, cancellation);
    }

    private async Task<Principal?> ActiveAsync(Credential credential, CancellationToken cancellation) =>
        await host.Principals.MemberAsync(credential.UserId, credential.MemberId, cancellation) is { IsActive: true } principal ? principal : null;

    private async Task StampUseAsync(ApiKey key, CancellationToken cancellation)
    {
        var now = host.Clock.Now();
        key.LastUsedAt = now;
        await using var db = host.Database.Open(TenantScope.Of(key.UserId));
        await db.ApiKeys.Where(k => k.Id == key.Id).ExecuteUpdateAsync(s => s.SetProperty(k => k.LastUsedAt, now), cancellation);
    }

    private async Task StampSeenAsync(Session session, DateTimeOffset now, CancellationToken cancellation)
    {
        session.LastSeenAt = now;
        await using var db = host.Database.Open(TenantScope.Of(session.UserId));
        await db.Sessions.Where(s => s.Id == session.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, now), cancellation);
    }
}
