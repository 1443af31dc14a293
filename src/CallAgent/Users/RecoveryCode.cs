using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>Signs in once in place of a code of the authenticator app; using it deletes it.</summary>
internal sealed class RecoveryCode : ITenantOwned
{
    public Guid UserId { get; set; }
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required Guid MemberId { get; init; }

    /// <summary>HMAC of the code: it is short enough to be written down, so a bare hash could be searched.</summary>
    public required string Hash { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<RecoveryCode>
    {
        public void Configure(EntityTypeBuilder<RecoveryCode> builder)
        {
            builder.HasKey(c => new { c.UserId, c.Id });
            builder.HasOne<Member>().WithMany().HasForeignKey(c => new { c.UserId, c.MemberId });
            builder.HasIndex(c => new { c.UserId, c.MemberId });
            builder.Property(c => c.Hash).HasMaxLength(64);
        }
    }
}
