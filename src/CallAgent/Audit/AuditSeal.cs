using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>
/// A link of a user's chain: it follows from the seal before and from its entry, so that none can be taken out, put in or
/// exchanged. Apart from the entries, so that those are written without waiting for one another.
/// </summary>
internal sealed class AuditSeal : ITenantOwned
{
    public Guid UserId { get; set; }

    /// <summary>Counts from 1 without gaps.</summary>
    public required long Sequence { get; init; }

    public required Guid EntryId { get; init; }
    public required byte[] Hash { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<AuditSeal>
    {
        public void Configure(EntityTypeBuilder<AuditSeal> builder)
        {
            builder.HasKey(s => new { s.UserId, s.Sequence });
            builder.HasOne<User>().WithMany().HasForeignKey(s => s.UserId);
            builder.HasIndex(s => new { s.UserId, s.EntryId }).IsUnique();
            builder.Property(s => s.Sequence).ValueGeneratedNever();
            builder.Property(s => s.Hash).HasMaxLength(32);
            builder.HasAnnotation(TenancyModel.RightsAnnotation, "select, insert");
        }
    }
}

/// <summary>What a seal needs of its entry.</summary>
internal readonly record struct UnsealedEntry(Guid Id, byte[] Mac);

/// <summary>
/// Both ends of a user's chain. The newest seal stands here too, signed, so that cutting off the end shows; and the
/// anchor, at which the chain begins since older entries were removed after their time.
/// </summary>
internal sealed class AuditChain : ITenantOwned
{
    public Guid UserId { get; set; }
    public required long Sequence { get; set; }

    /// <summary>Of the newest seal; empty before the first.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>The newest seal that was removed; 0 when none was.</summary>
    public required long AnchorSequence { get; set; }

    public required byte[] AnchorHash { get; set; }

    /// <summary>Over all of it.</summary>
    public required byte[] Mac { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<AuditChain>
    {
        public void Configure(EntityTypeBuilder<AuditChain> builder)
        {
            builder.HasKey(c => c.UserId);
            builder.Property(c => c.UserId).ValueGeneratedNever();
            builder.HasOne<User>().WithOne().HasForeignKey<AuditChain>(c => c.UserId);
            builder.Property(c => c.Hash).HasMaxLength(32);
            builder.Property(c => c.AnchorHash).HasMaxLength(32);
            builder.Property(c => c.Mac).HasMaxLength(32);
            builder.HasAnnotation(TenancyModel.RightsAnnotation, "select, insert, update");
        }
    }
}
