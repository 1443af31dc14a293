using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CallAgent;

/// <summary>Writes and reads access tokens (JWT, RFC 9068), signed by the installation.</summary>
internal sealed class AccessJwt
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(15);

    private const string Issuer = "callagent";
    private const string Audience = "callagent-api";
    private const string TokenType = "at+jwt";
    private const string UserClaim = "user_id";
    private const string VersionClaim = "credential_version";

    private const string SignedInClaim = "auth_time";

    // The sign-in that the token came from, as OpenID Connect calls it.
    private const string FamilyClaim = JwtRegisteredClaimNames.Sid;

    private readonly JsonWebTokenHandler handler = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };
    private readonly TimeProvider clock;
    private readonly SigningCredentials signing;
    private readonly TokenValidationParameters validation;

    public AccessJwt(Secrets secrets, TimeProvider clock)
    {
        this.clock = clock;
        var keys = secrets.DeriveAll("access-tokens")
            .Select(key => new SymmetricSecurityKey(key) { KeyId = Convert.ToHexStringLower(SHA256.HashData(key))[..16] }).ToList();
        signing = new SigningCredentials(keys[0], SecurityAlgorithms.HmacSha256);
        validation = new TokenValidationParameters
        {
            ValidIssuer = Issuer,
            ValidAudience = Audience,
            ValidTypes = [TokenType],
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            IssuerSigningKeys = keys,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            LifetimeValidator = (from, until, _, _) => from <= clock.GetUtcNow() && clock.GetUtcNow() < until,
        };
    }

    public string Write(Principal principal, Guid family, DateTimeOffset signedInAt)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            TokenType = TokenType,
            IssuedAt = now,
            NotBefore = now.AddSeconds(-5),
            Expires = now + Life,
            SigningCredentials = signing,
            Claims = new Dictionary<string, object>
            {
                [JwtRegisteredClaimNames.Sub] = principal.MemberId.ToString()!,
                [UserClaim] = principal.UserId.ToString(),
                [VersionClaim] = principal.CredentialVersion,
                [SignedInClaim] = signedInAt.ToUnixTimeSeconds(),
                [FamilyClaim] = family.ToString(),
                [JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7().ToString(),
            },
        });
    }

    /// <summary>What a token says; <c>null</c> when it is not one of ours in force.</summary>
    public async Task<AccessClaims?> ReadAsync(string token)
    {
        var result = await handler.ValidateTokenAsync(token, validation);
        return result.IsValid
            && result.SecurityToken is JsonWebToken jwt
            && jwt.TryGetPayloadValue(UserClaim, out string user) && Guid.TryParse(user, out var userId)
            && Guid.TryParse(jwt.Subject, out var memberId)
            && jwt.TryGetPayloadValue(VersionClaim, out int version)
            ? new(userId, memberId, version, SignedInAt(jwt), Family(jwt))
            : null;
    }

    private static DateTimeOffset? SignedInAt(JsonWebToken jwt) =>
        jwt.TryGetPayloadValue(SignedInClaim, out long signedIn) ? DateTimeOffset.FromUnixTimeSeconds(signedIn) : null;

    private static Guid? Family(JsonWebToken jwt) =>
        jwt.TryGetPayloadValue(FamilyClaim, out string text) && Guid.TryParse(text, out var family) ? family : null;
}

/// <summary>What an access token says of who holds it.</summary>
/// <param name="UserId">The tenant.</param>
/// <param name="MemberId">The person.</param>
/// <param name="CredentialVersion">Of the member when the token was made.</param>
/// <param name="SignedInAt">When the password or a code was given.</param>
/// <param name="Family">The sign-in that it came from: the family of its refresh token.</param>
internal sealed record AccessClaims(Guid UserId, Guid MemberId, int CredentialVersion, DateTimeOffset? SignedInAt, Guid? Family);
