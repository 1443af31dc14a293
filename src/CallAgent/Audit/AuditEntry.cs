using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>One thing that somebody did. Written once, never changed; <see cref="AuditKey"/> signs all of it.</summary>
internal sealed class AuditEntry : ITenantOwned
{
    private static readonly IReadOnlyDictionary<string, Client.AuditChange> NoChanges = new Dictionary<string, Client.AuditChange>();

    public Guid UserId { get; set; }

    /// <summary>Version 7, made from <see cref="OccurredAt"/>.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }
    public required Client.AuditKind Kind { get; init; }
    public required string Action { get; init; }
    public Guid? ResourceId { get; init; }
    public required Client.AuditActorKind ActorKind { get; init; }
    public Guid? ActorId { get; init; }
    public string? ActorName { get; init; }
    public string? Address { get; init; }
    public string? RequestId { get; init; }

    /// <summary>JSON as it was written, so that its signature can be checked.</summary>
    public string? Changes { get; init; }

    /// <inheritdoc cref="Changes"/>
    public string? Details { get; set; }

    /// <summary>Proves that this product wrote the row: who has only the database cannot make one.</summary>
    public byte[] Mac { get; set; } = [];

    public static AuditEntry New(
        Guid userId, DateTimeOffset now, AuditActor actor, Client.AuditKind kind, string action, Guid? resourceId = null, string? changes = null, string? details = null) => new()
        {
            UserId = userId,
            Id = Guid.CreateVersion7(now),
            OccurredAt = now,
            Kind = kind,
            Action = action,
            ResourceId = resourceId,
            ActorKind = actor.Kind,
            ActorId = actor.Id,
            ActorName = actor.Name,
            Address = RequestOrigin.Current?.Address,
            RequestId = RequestOrigin.Current?.RequestId,
            Changes = changes,
            Details = details,
        };

    public Client.AuditEntry ToRecord() => new()
    {
        Id = Id,
        OccurredAt = OccurredAt,
        Kind = Kind,
        Action = Action,
        Resource = AuditActions.ResourceOf(Action),
        ResourceId = ResourceId,
        ActorKind = ActorKind,
        ActorId = ActorId,
        ActorName = ActorName,
        Address = Address,
        RequestId = RequestId,
        Changes = Changes is null ? NoChanges : JsonSerializer.Deserialize<Dictionary<string, Client.AuditChange>>(Changes, Client.CallAgentJson.Lenient)!,
        Details = Details is null ? Json.Empty : JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(Details, Client.CallAgentJson.Lenient)!,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<AuditEntry>
    {
        public void Configure(EntityTypeBuilder<AuditEntry> builder)
        {
            builder.HasKey(e => new { e.UserId, e.Id });
            builder.HasOne<User>().WithMany().HasForeignKey(e => e.UserId);
            builder.HasIndex(e => new { e.UserId, e.Action, e.Id });
            builder.HasIndex(e => new { e.UserId, e.ActorId, e.Id });
            builder.HasIndex(e => new { e.UserId, e.ResourceId, e.Id }).HasFilter("resource_id is not null");
            builder.Property(e => e.Action).HasMaxLength(60);
            builder.Property(e => e.Mac).HasMaxLength(32);
            builder.HasAnnotation(TenancyModel.RightsAnnotation, "select, insert");
        }
    }
}
