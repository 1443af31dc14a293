using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>
/// Something that happened to a contact. Append-only. That the contact was added has no row here: it stands in the contact, see
/// <see cref="Timeline.Beginning"/>.
/// </summary>
internal sealed class TimelineEntry : ITenantOwned
{
    public Guid UserId { get; set; }
    public required Guid Id { get; init; }
    public required Guid ContactId { get; init; }
    public required Client.TimelineKind Kind { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public string? Actor { get; init; }

    /// <summary>The API key's id, else the member's. No foreign key: it stays when they are gone.</summary>
    public Guid? ActorId { get; init; }

    // No foreign keys: what happened stays true when the call it happened in is deleted.
    public Guid? CallId { get; init; }
    public Guid? ConversationId { get; init; }

    public required IReadOnlyDictionary<string, JsonElement> Details { get; init; }

    public Client.TimelineEntry ToRecord() => new()
    {
        Id = Id,
        Kind = Kind,
        OccurredAt = OccurredAt,
        Actor = Actor,
        ActorId = ActorId,
        CallId = CallId,
        ConversationId = ConversationId,
        Details = Details,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<TimelineEntry>
    {
        public void Configure(EntityTypeBuilder<TimelineEntry> builder)
        {
            builder.HasKey(e => new { e.UserId, e.Id });
            builder.HasOne<Contact>().WithMany().HasForeignKey(e => new { e.UserId, e.ContactId });
            builder.HasIndex(e => new { e.UserId, e.ContactId, e.Id });
        }
    }
}
