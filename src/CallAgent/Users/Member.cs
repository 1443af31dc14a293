using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>A person who signs in to a user's account.</summary>
internal sealed class Member : IVersioned
{
    public Guid UserId { get; set; }
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>Normalised, and unique over all users: one person, one e-mail, one account.</summary>
    public required string Email { get; set; }

    public string? FirstName { get; set; }
    public string? LastName { get; set; }
    public required Client.MemberRole Role { get; set; }
    public required string PasswordHash { get; set; }

    /// <summary>Counted up when the password changes; access tokens name the one they were made under.</summary>
    public int CredentialVersion { get; set; } = 1;

    /// <summary>When the member was seen to read its address; <c>null</c> when it was not.</summary>
    public DateTimeOffset? EmailVerifiedAt { get; set; }

    /// <summary>The authenticator app's secret, sealed; it counts once it was confirmed.</summary>
    public string? TotpSecret { get; set; }

    public DateTimeOffset? TotpConfirmedAt { get; set; }

    /// <summary>The step of time of the newest code that was taken: no code serves twice.</summary>
    public long? TotpLastStep { get; set; }

    /// <summary>Since when the member may not sign in; <c>null</c> when it may.</summary>
    public DateTimeOffset? DeactivatedAt { get; set; }

    /// <summary>When the member signed in last, by the web page or a program; <c>null</c> before the first time.</summary>
    public DateTimeOffset? LastSignedInAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; } = 1;

    /// <summary>First and last name, as far as known; <c>null</c> without either.</summary>
    public string? SpokenName => string.Join(' ', new[] { FirstName, LastName }.Where(n => n is not null)) is { Length: > 0 } name ? name : null;

    public string FullName => SpokenName ?? Email;

    public Client.Member ToRecord() => new()
    {
        Id = Id,
        Email = Email,
        FirstName = FirstName,
        LastName = LastName,
        FullName = FullName,
        EmailVerified = EmailVerifiedAt is not null,
        TwoFactor = TotpConfirmedAt is not null,
        Role = Role,
        LastSignedInAt = LastSignedInAt,
        Status = DeactivatedAt is null ? Client.MemberStatus.Active : Client.MemberStatus.Deactivated,
        Version = Version,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };

    /// <summary>
    /// Holds a member until the transaction ends, so that no sign-in begins while the way to sign in changes, nor the other way round:
    /// whoever begins one holds first and sees the change, and whoever changes it holds first and ends what was begun.
    /// </summary>
    /// <returns>Whether there is such a member, under this version of its credentials where one is asked for.</returns>
    public static async Task<bool> HoldAsync(CrmDb db, Guid id, CancellationToken cancellation, int? version = null) =>
        await db.Members.Where(m => m.Id == id && (version == null || m.CredentialVersion == version))
            .ExecuteUpdateAsync(s => s.SetProperty(m => m.CredentialVersion, m => m.CredentialVersion), cancellation) == 1;

    /// <summary>By a statement of its own: signing in changes nothing that others may be editing.</summary>
    public static Task StampSignInAsync(CrmDb db, Guid id, DateTimeOffset now, CancellationToken cancellation) =>
        db.Members.Where(m => m.Id == id).ExecuteUpdateAsync(s => s.SetProperty(m => m.LastSignedInAt, now), cancellation);

    internal sealed class Configuration : IEntityTypeConfiguration<Member>
    {
        public void Configure(EntityTypeBuilder<Member> builder)
        {
            builder.HasKey(m => new { m.UserId, m.Id });
            builder.HasIndex(m => m.Email).IsUnique();
            // Exactly one owner: none is refused by the services, two by the database.
            builder.HasIndex(m => m.UserId).IsUnique().HasFilter("role = 'owner'");
            builder.HasAnnotation(TenancyModel.LookupAnnotation, "email");
            builder.HasOne<User>().WithMany().HasForeignKey(m => m.UserId);
            builder.Ignore(m => m.FullName);
            builder.Ignore(m => m.SpokenName);
        }
    }
}
