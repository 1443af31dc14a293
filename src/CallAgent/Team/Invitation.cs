using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>An invitation that nobody has accepted yet. Accepting it deletes it, so that it serves once.</summary>
internal sealed class Invitation : ICounted
{
    public Guid UserId { get; set; }
    public required Guid Id { get; init; }

    /// <summary>Normalised; one invitation an address, the newest.</summary>
    public required string Email { get; init; }

    public required Client.MemberRole Role { get; init; }

    /// <summary>SHA-256 of the token in the mail.</summary>
    public required string Hash { get; init; }

    public required string InvitedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    public IEnumerable<string> Totals() => [CounterNames.Invitations];

    public IEnumerable<Happening> Happenings(ICounted? before) => [];

    public Client.Invitation ToRecord() =>
        new() { Id = Id, Email = Email, Role = Role, InvitedBy = InvitedBy, CreatedAt = CreatedAt, ExpiresAt = ExpiresAt };

    internal sealed class Configuration : IEntityTypeConfiguration<Invitation>
    {
        public void Configure(EntityTypeBuilder<Invitation> builder)
        {
            builder.HasKey(i => new { i.UserId, i.Id });
            builder.HasOne<User>().WithMany().HasForeignKey(i => i.UserId);
            builder.HasIndex(i => new { i.UserId, i.Email }).IsUnique();
            builder.HasIndex(i => i.Hash).IsUnique();
            builder.HasAnnotation(TenancyModel.LookupAnnotation, "hash");
            builder.Property(i => i.Hash).HasMaxLength(64);
        }
    }
}
