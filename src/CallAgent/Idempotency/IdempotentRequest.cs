using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>A request that was carried out under an idempotency key, with its answer for whoever sends it again.</summary>
internal sealed class IdempotentRequest : ITenantOwned
{
    public Guid UserId { get; set; }

    /// <summary>Follows from the key and from who sent it: two of them cannot be carried out.</summary>
    public required Guid Id { get; init; }

    /// <summary>SHA-256 of the method, the path with its query, and the body.</summary>
    public required byte[] Fingerprint { get; init; }

    /// <summary>The answer, sealed: it may hold what is shown once, such as a key.</summary>
    public required byte[] Answer { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<IdempotentRequest>
    {
        public void Configure(EntityTypeBuilder<IdempotentRequest> builder)
        {
            builder.ToTable("idempotent_requests");
            builder.HasKey(r => new { r.UserId, r.Id });
            builder.HasOne<User>().WithMany().HasForeignKey(r => r.UserId);
            builder.HasIndex(r => new { r.UserId, r.CreatedAt });
        }
    }
}
