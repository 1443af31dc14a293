using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>Turns credentials into a <see cref="Principal"/>, and makes and ends sessions.</summary>
public sealed class SignIn
{
    private static readonly TimeSpan SessionLife = TimeSpan.FromDays(30);
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

    /// <summary>Who holds this API key; <c>null</c> when nobody may use it.</summary>
    public async Task<Principal?> WithApiKeyAsync(string key, CancellationToken cancellation = default)
    {
        var hash = Secrets.Hash(key);
        var found = await principals.CredentialAsync(hash, () => ReadAsync<ApiKey>(hash, cancellation));
        if (found is null || await ActiveAsync(found, cancellation) is not { } principal)
        {
            return null;
        }
        if (found.LastUsedAt is null || clock.GetUtcNow() - found.LastUsedAt > LastUseGrain)
        {
            await NoteUseAsync(found, cancellation);
        }
        return principal with { Kind = CredentialKind.ApiKey, CredentialId = found.Id, ActorName = found.Name };
    }

    /// <summary>Who holds this session token; <c>null</c> when the session has ended.</summary>
    public async Task<Principal?> WithSessionAsync(string token, CancellationToken cancellation = default)
    {
        var hash = Secrets.Hash(token);
        var session = await principals.CredentialAsync(hash, () => ReadAsync<Session>(hash, cancellation));
        return session is not null && session.ExpiresAt > clock.GetUtcNow() && await ActiveAsync(session, cancellation) is { } principal
            ? principal with { Kind = CredentialKind.Session, CredentialId = session.Id }
            : null;
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
    public async Task<(string Token, DateTimeOffset ExpiresAt)> StartSessionAsync(Principal principal, CancellationToken cancellation = default)
    {
        var token = Secrets.NewToken();
        var now = clock.Now();
        await using var db = database.Open(TenantScope.Of(principal.UserId));
        await db.Sessions.Where(s => s.MemberId == principal.MemberId && s.ExpiresAt < now).ExecuteDeleteAsync(cancellation);
        var session = new Session { MemberId = principal.MemberId!.Value, Hash = Secrets.Hash(token), CreatedAt = now, ExpiresAt = now + SessionLife };
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
}
