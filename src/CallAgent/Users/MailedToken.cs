using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>What a link in a mail is for.</summary>
public enum MailedPurpose { ResetPassword, VerifyEmail, ChangeEmail }

/// <summary>Proves that a member reads an address: sent there, kept as a hash, good once and for half an hour.</summary>
internal sealed class MailedToken : Credential
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    /// <summary>So many of a kind at a time, lest asking becomes a way to fill somebody's mailbox.</summary>
    private const int MostAtATime = 3;

    public required MailedPurpose Purpose { get; init; }

    /// <summary>The address it was sent to, where that is not the member's yet.</summary>
    public string? NewEmail { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Adds a token to the unit of work, with the secret for the mail.</summary>
    public static (MailedToken Token, string Secret) For(Guid memberId, MailedPurpose purpose, DateTimeOffset now, string? newEmail = null)
    {
        var secret = Secrets.NewToken();
        return (new()
        {
            MemberId = memberId,
            Hash = Secrets.Hash(secret),
            Purpose = purpose,
            NewEmail = newEmail,
            CreatedAt = now,
            ExpiresAt = now + Life,
        }, secret);
    }

    /// <summary>Saves a new token and answers its secret; <c>null</c> when there are enough of them.</summary>
    public static async Task<string?> IssueAsync(
        CrmDb db, Guid memberId, MailedPurpose purpose, CancellationToken cancellation, string? newEmail = null)
    {
        var now = db.Clock.Now();
        await using var transaction = await db.BeginWriteAsync(cancellation);
        // Held, so that many who ask at once are counted one after the other.
        await Member.HoldAsync(db, memberId, cancellation);
        await db.MailedTokens.Where(t => t.MemberId == memberId && t.ExpiresAt <= now).ExecuteDeleteAsync(cancellation);
        if (await db.MailedTokens.CountAsync(t => t.MemberId == memberId && t.Purpose == purpose, cancellation) >= MostAtATime)
        {
            return null;
        }
        var (token, secret) = For(memberId, purpose, now, newEmail);
        db.Add(token);
        await db.SaveChangesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return secret;
    }

    /// <summary>
    /// Ends the links under way by which a member's sign-in could be changed: with a new password, whoever got hold of one is meant to
    /// be locked out.
    /// </summary>
    public static Task RevokeAsync(CrmDb db, Guid memberId, CancellationToken cancellation) =>
        db.MailedTokens.Where(t => t.MemberId == memberId && t.Purpose != MailedPurpose.VerifyEmail).ExecuteDeleteAsync(cancellation);

    internal sealed class Configuration : IEntityTypeConfiguration<MailedToken>
    {
        public void Configure(EntityTypeBuilder<MailedToken> builder) => Configure<MailedToken>(builder);
    }
}
