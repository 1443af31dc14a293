using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CallAgent;

/// <summary>Short-lived access tokens (JWT, RFC 9068) and the refresh tokens that follow one another.</summary>
public sealed class AccessTokens
{
    private const string Issuer = "callagent";
    private const string Audience = "callagent-api";
    private const string TokenType = "at+jwt";
    private const int Attempts = 10;
    private const string UserClaim = "user_id";
    private const string VersionClaim = "credential_version";

    private const string SignedInClaim = "auth_time";

    private static readonly TimeSpan AccessLife = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan RefreshLife = TimeSpan.FromDays(30);

    private static readonly Problem NotInForce = Problem.NotSignedIn with
    {
        Detail = "The refresh token is unknown, used or expired, or its account is not active. Sign in by e-mail and password.",
    };

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };
    private readonly Database database;
    private readonly PrincipalCache principals;
    private readonly TimeProvider clock;
    private readonly SigningCredentials signing;
    private readonly TokenValidationParameters validation;

    internal AccessTokens(Database database, PrincipalCache principals, Secrets secrets, TimeProvider clock)
    {
        (this.database, this.principals, this.clock) = (database, principals, clock);
        var secret = secrets.Derive("access-tokens");
        var key = new SymmetricSecurityKey(secret) { KeyId = Convert.ToHexStringLower(SHA256.HashData(secret))[..16] };
        signing = new SigningCredentials(key, SecurityAlgorithms.HmacSha256);
        validation = new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = Audience,
            ValidTypes = [TokenType],
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKey = key,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (from, until, _, _) => from <= clock.GetUtcNow() && clock.GetUtcNow() < until,
        };
    }

    /// <summary>An access token and the first refresh token of a new family.</summary>
    public async Task<Client.Token> IssueAsync(Principal principal, CancellationToken cancellation = default)
    {
        await using var db = database.Open(TenantScope.Of(principal.UserId));
        db.Actor = AuditActor.Of(principal);
        var now = clock.Now();
        await db.RefreshTokens.Where(t => t.MemberId == principal.MemberId && t.ExpiresAt < now).ExecuteDeleteAsync(cancellation);
        var refresh = Add(db, principal, Guid.CreateVersion7(), now);
        await db.SaveChangesAsync(cancellation);
        await Member.NoteSignInAsync(db, principal.MemberId!.Value, now, cancellation);
        return Token(principal, now, refresh);
    }

    /// <summary>Takes a refresh token for new tokens. A token taken twice was stolen by one of the two: its family ends.</summary>
    public async Task<Result<Client.Token>> RefreshAsync(string refreshToken, CancellationToken cancellation = default)
    {
        var now = clock.Now();
        var hash = Secrets.Hash(refreshToken);
        if (await FindAsync(hash, cancellation) is not { } found)
        {
            return NotInForce;
        }
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await TakeAsync(found, now, cancellation);
            }
            catch (Exception e) when (Saving.IsCollision(e) && attempt < Attempts)
            {
                // Several that come too late end the family at once, and lock its rows in whatever order they find them.
            }
        }
    }

    /// <summary>Whom an access token names; <c>null</c> when it is not one of ours in force.</summary>
    internal async Task<(Guid UserId, Guid MemberId, int CredentialVersion, DateTimeOffset? SignedInAt)?> ReadAsync(string token)
    {
        var result = await handler.ValidateTokenAsync(token, validation);
        return result.IsValid
            && result.SecurityToken is JsonWebToken jwt
            && jwt.TryGetPayloadValue(UserClaim, out string user) && Guid.TryParse(user, out var userId)
            && Guid.TryParse(jwt.Subject, out var memberId)
            && jwt.TryGetPayloadValue(VersionClaim, out int version)
            ? (userId, memberId, version, jwt.TryGetPayloadValue(SignedInClaim, out long signedIn) ? DateTimeOffset.FromUnixTimeSeconds(signedIn) : null)
            : null;
    }

    private async Task<Result<Client.Token>> TakeAsync(RefreshToken found, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var db = database.Open(TenantScope.Of(found.UserId));
        await using var transaction = await db.BeginWriteAsync(cancellation);
        var taken = await db.RefreshTokens.Where(t => t.Id == found.Id && t.UsedAt == null && t.ExpiresAt > now)
            .ExecuteUpdateAsync(s => s.SetProperty(t => t.UsedAt, now), cancellation);
        if (taken == 0)
        {
            await db.RefreshTokens.Where(t => t.Family == found.Family).ExecuteDeleteAsync(cancellation);
            db.Actor = AuditActor.Stranger;
            db.Note(Client.AuditKind.Denied, AuditActions.TokenReuse, found.Id, details: new { member_id = found.MemberId, family = found.Family });
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return NotInForce;
        }
        if (await principals.MemberAsync(found.UserId, found.MemberId, cancellation) is not { IsActive: true } principal)
        {
            return NotInForce;
        }
        db.Actor = AuditActor.Of(principal);
        var next = Add(db, principal, found.Family, found.SignedInAt);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return Token(principal, found.SignedInAt, next);
    }

    private Client.Token Token(Principal principal, DateTimeOffset signedInAt, string refreshToken)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        var access = handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            TokenType = TokenType,
            IssuedAt = now,
            NotBefore = now.AddSeconds(-5),
            Expires = now + AccessLife,
            SigningCredentials = signing,
            Claims = new Dictionary<string, object>
            {
                [JwtRegisteredClaimNames.Sub] = principal.MemberId.ToString()!,
                [UserClaim] = principal.UserId.ToString(),
                [VersionClaim] = principal.CredentialVersion,
                [SignedInClaim] = signedInAt.ToUnixTimeSeconds(),
                [JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7().ToString(),
            },
        });
        return new Client.Token { AccessToken = access, TokenType = "Bearer", ExpiresIn = (int)AccessLife.TotalSeconds, RefreshToken = refreshToken };
    }

    private string Add(CrmDb db, Principal principal, Guid family, DateTimeOffset signedInAt)
    {
        var token = Secrets.NewToken();
        var now = clock.Now();
        db.Add(new RefreshToken
        {
            MemberId = principal.MemberId!.Value,
            Hash = Secrets.Hash(token),
            Family = family,
            SignedInAt = signedInAt,
            CreatedAt = now,
            ExpiresAt = now + RefreshLife,
        });
        return token;
    }

    private async Task<RefreshToken?> FindAsync(string hash, CancellationToken cancellation)
    {
        await using var db = database.Open(TenantScope.Naming(hash));
        return await db.RefreshTokens.OfAnyUser().AsNoTracking().SingleOrDefaultAsync(t => t.Hash == hash, cancellation);
    }
}
