using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>
/// One thing by which a contact is found: a word of its details, its digits, or <c>tag:…</c>. A table of its own because
/// under row-level security only comparisons of plain values can use an index.
/// </summary>
internal sealed class ContactToken : ITenantOwned
{
    public Guid UserId { get; set; }
    public required string Token { get; init; }
    public required Guid ContactId { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<ContactToken>
    {
        public void Configure(EntityTypeBuilder<ContactToken> builder)
        {
            builder.HasKey(t => new { t.UserId, t.Token, t.ContactId });
            builder.Property(t => t.Token).HasMaxLength(ContactTokens.MaxLength);
        }
    }
}
