using System.Net;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>Turns credentials into a <see cref="Principal"/>, and makes and ends sessions.</summary>
public sealed class SignIn
{
    private static readonly TimeSpan LastUseGrain = TimeSpan.FromMinutes(1);

    private readonly Database database;
    private readonly PrincipalCache principals;
    private readonly Passwords passwords;
    private readonly AccessTokens accessTokens;
    private readonly TimeProvider clock;

    internal SignIn(Database database, PrincipalCache principals, Passwords passwords, AccessTokens accessTokens, TimeProvider clock) =>
        (this.database, this.principals, this.passwords, this.accessTokens, this.clock) = (database, principals, passwords, accessTokens, clock);

    /// <summary>Checks e-mail and password. An unknown e-mail costs and says the same as a wrong password.</summary>
    public async Task<Result<Principal>> WithPasswordAsync(string email, string password, CancellationToken cancellation = default)
    {
        var member = Emails.Normalise(email) is { } address && Validation.OfText(email) is null ? await FindAsync(address, cancellation) : null;
        if (!await passwords.VerifyAsync(password, member?.PasswordHash, cancellation))
        {
            return Problem.WrongCredentials;
        }
        var principal = await principals.MemberAsync(member!.UserId, member.Id, cancellation);
        return principal switch
        {
            null => Problem.WrongCredentials,
            { IsDeactivated: true } => Problem.Deactivated,
            { IsActive: false } => Problem.NotActive(principal.Status),
            _ => principal with { Kind = CredentialKind.Session },
        };
    }

    /// <summary>Who holds this API key; <c>null</c> when nobody may use it, now and from there.</summary>
    public async Task<Principal?> WithApiKeyAsync(string key, IPAddress? from = null, CancellationToken cancellation = default)
    {
        if (!ApiKeySecret.IsWhole(key))
        {
            return null;
        }
        var hash = Secrets.Hash(key);
        var found = await principals.CredentialAsync(hash, () => ReadAsync<ApiKey>(hash, cancellation));
        if (found is null || !found.Serves(clock.GetUtcNow(), from) || await ActiveAsync(found, cancellation) is not { } principal)
        {
            return null;
        }
        if (found.LastUsedAt is null || clock.GetUtcNow() - found.LastUsedAt > LastUseGrain)
        {
            await NoteUseAsync(found, cancellation);
        }
        return principal with { Kind = CredentialKind.ApiKey, CredentialId = found.Id, ActorName = found.Name, Scopes = found.Scopes };
    }

    /// <summary>Who holds this session token; <c>null</c> when the session has ended.</summary>
    public async Task<Principal?> WithSessionAsync(string token, CancellationToken cancellation = default)
    {
        var (hash, now) = (Secrets.Hash(token), clock.Now());
        var session = await principals.CredentialAsync(hash, () => ReadAsync<Session>(hash, cancellation));
        if (session is null || session.ExpiresAt <= now || session.LastSeenAt + Sessions.IdleLife <= now
            || await ActiveAsync(session, cancellation) is not { } principal)
        {
            return null;
        }
        if (now - session.LastSeenAt > LastUseGrain)
        {
            await NoteSeenAsync(session, now, cancellation);
        }
        return principal with { Kind = CredentialKind.Session, CredentialId = session.Id };
    }

    /// <summary>Who holds this access token (JWT); <c>null</c> when it is forged, over, or older than the password.</summary>
    public async Task<Principal?> WithAccessTokenAsync(string token, CancellationToken cancellation = default)
    {
        return await accessTokens.ReadAsync(token) is var (userId, memberId, version)
            && await principals.MemberAsync(userId, memberId, cancellation) is { IsActive: true } principal
            && principal.CredentialVersion == version
            ? principal with { Kind = CredentialKind.AccessToken }
            : null;
    }

    /// <summary>Begins a session and answers its secret token and end.</summary>
    public async Task<(string Token, DateTimeOffset ExpiresAt)> StartSessionAsync(
        Principal principal, SignInOrigin origin, CancellationToken cancellation = default)
    {
        var token = Secrets.NewToken();
        var now = clock.Now();
        await using var db = database.Open(TenantScope.Of(principal.UserId));
        var idleSince = now - Sessions.IdleLife;
        await db.Sessions.Where(s => s.MemberId == principal.MemberId && (s.ExpiresAt < now || s.LastSeenAt < idleSince)).ExecuteDeleteAsync(cancellation);
        var session = new Session
        {
            MemberId = principal.MemberId!.Value,
            Hash = Secrets.Hash(token),
            UserAgent = origin.KeptUserAgent,
            Address = origin.Address,
            CreatedAt = now,
            LastSeenAt = now,
            ExpiresAt = now + Sessions.Life,
        };
        db.Add(session);
        await db.SaveChangesAsync(cancellation);
        return (token, session.ExpiresAt);
    }

    /// <summary>Ends a session on the server, whoever has copies of its token.</summary>
    public async Task EndSessionAsync(Principal principal, string token, CancellationToken cancellation = default)
    {
        var hash = Secrets.Hash(token);
        await using var db = database.Open(TenantScope.Of(principal.UserId));
        await db.Sessions.Where(s => s.Hash == hash).ExecuteDeleteAsync(cancellation);
        principals.ForgetCredential<Session>(hash);
    }

    private async Task<Member?> FindAsync(string email, CancellationToken cancellation)
    {
        await using var db = database.Open(TenantScope.Naming(email));
        return await db.Members.OfAnyUser().AsNoTracking().SingleOrDefaultAsync(m => m.Email == email, cancellation);
    }

    private async Task<T?> ReadAsync<T>(string hash, CancellationToken cancellation) where T : Credential
    {
        await using var db = database.Open(TenantScope.Naming(hash));
        return await db.Set<T>().OfAnyUser().AsNoTracking().SingleOrDefaultAsync(c => c.Hash == hash, cancellation);
    }

    private async Task<Principal?> ActiveAsync(Credential credential, CancellationToken cancellation) =>
        await principals.MemberAsync(credential.UserId, credential.MemberId, cancellation) is { IsActive: true } principal ? principal : null;

    private async Task NoteUseAsync(ApiKey key, CancellationToken cancellation)
    {
        var now = clock.Now();
        key.LastUsedAt = now;
        await using var db = database.Open(TenantScope.Of(key.UserId));
        await db.ApiKeys.Where(k => k.Id == key.Id).ExecuteUpdateAsync(s => s.SetProperty(k => k.LastUsedAt, now), cancellation);
    }

    private async Task NoteSeenAsync(Session session, DateTimeOffset now, CancellationToken cancellation)
    {
        session.LastSeenAt = now;
        await using var db = database.Open(TenantScope.Of(session.UserId));
        await db.Sessions.Where(s => s.Id == session.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, now), cancellation);
    }
}
