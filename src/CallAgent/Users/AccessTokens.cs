using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>Short-lived access tokens (JWT, RFC 9068) and the refresh tokens that follow one another.</summary>
public sealed class AccessTokens
{
    private const int Attempts = 10;

    private static readonly TimeSpan RefreshLife = TimeSpan.FromDays(30);

    private static readonly Problem NotInForce = Problem.NotSignedIn with
    {
        Detail = "The refresh token is unknown, used or expired, or its account is not active. Sign in by e-mail and password.",
    };

    private readonly Database database;
    private readonly PrincipalCache principals;
    private readonly TimeProvider clock;
    private readonly AccessJwt jwt;

    internal AccessTokens(Database database, PrincipalCache principals, Secrets secrets, TimeProvider clock) =>
        (this.database, this.principals, this.clock, jwt) = (database, principals, clock, new AccessJwt(secrets, clock));

    /// <summary>An access token and the first refresh token of a new family.</summary>
    /// <exception cref="ProblemException">The password was changed since it was shown, or its member is gone.</exception>
    public async Task<Client.Token> IssueAsync(Principal principal, CancellationToken cancellation = default)
    {
        await using var db = database.Open(TenantScope.Of(principal.UserId));
        db.Actor = AuditActor.Of(principal);
        var now = clock.Now();
        await using var transaction = await db.BeginWriteAsync(cancellation);
        if (!await Member.HoldAsync(db, principal.MemberId!.Value, cancellation, principal.CredentialVersion))
        {
            throw new ProblemException(Problem.WrongCredentials);
        }
        await db.RefreshTokens.Where(t => t.MemberId == principal.MemberId && t.ExpiresAt < now).ExecuteDeleteAsync(cancellation);
        var family = Guid.CreateVersion7();
        var refresh = Add(db, principal, family, now);
        await db.SaveChangesAsync(cancellation);
        await Member.StampSignInAsync(db, principal.MemberId.Value, now, cancellation);
        await transaction.CommitAsync(cancellation);
        return Token(principal, family, now, refresh);
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

    /// <summary>What an access token says; <c>null</c> when it is not one of ours in force.</summary>
    internal Task<AccessClaims?> ReadAsync(string token) => jwt.ReadAsync(token);

    private async Task<Result<Client.Token>> TakeAsync(RefreshToken found, DateTimeOffset now, CancellationToken cancellation)
    {
        // Looked up first: whoever waits for a second connection while holding one may wait for others who do the same.
        var holder = await principals.MemberAsync(found.UserId, found.MemberId, cancellation);
        if (found.ExpiresAt <= now)
        {
            return NotInForce;
        }
        await using var db = database.Open(TenantScope.Of(found.UserId));
        await using var transaction = await db.BeginWriteAsync(cancellation);
        // Whoever changes the password waits, and then ends the next token too; or has ended this one.
        await Member.HoldAsync(db, found.MemberId, cancellation);
        var taken = await db.RefreshTokens.Where(t => t.Id == found.Id && t.UsedAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(t => t.UsedAt, now), cancellation);
        if (taken == 0)
        {
            await db.RefreshTokens.Where(t => t.Family == found.Family).ExecuteDeleteAsync(cancellation);
            db.Actor = AuditActor.Stranger;
            db.Audit(Client.AuditKind.Denied, AuditActions.TokenReuse, found.Id, details: new { member_id = found.MemberId, family = found.Family });
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return NotInForce;
        }
        if (holder is not { IsActive: true } principal)
        {
            return NotInForce;
        }
        db.Actor = AuditActor.Of(principal);
        var next = Add(db, principal, found.Family, found.SignedInAt);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return Token(principal, found.Family, found.SignedInAt, next);
    }

    private Client.Token Token(Principal principal, Guid family, DateTimeOffset signedInAt, string refreshToken) => new()
    {
        AccessToken = jwt.Write(principal, family, signedInAt),
        TokenType = "Bearer",
        ExpiresIn = (int)AccessJwt.Life.TotalSeconds,
        RefreshToken = refreshToken,
    };

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
