using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>Something said. A transcript is these rows, because a growing JSON value costs more with every turn.</summary>
internal sealed class Turn : ITenantOwned
{
    public Guid UserId { get; set; }
    public required Guid ConversationId { get; init; }
    public required int Position { get; init; }
    public required Client.Speaker Speaker { get; init; }
    public required string Text { get; init; }
    public required DateTimeOffset Timestamp { get; init; }
    public required string Stage { get; init; }
    public double? SentimentScore { get; init; }

    /// <summary>The name that the sender gave it, by which a turn that is sent again is known.</summary>
    public string? ClientId { get; init; }

    /// <summary>The stage that it moved the conversation on to, and by which rule.</summary>
    public string? NextStage { get; set; }

    public string? NextReason { get; set; }

    public Client.StageTransition? Transition => NextStage is null ? null : new() { From = Stage, To = NextStage, Reason = NextReason! };

    public Client.Turn ToRecord() => new()
    {
        Position = Position,
        Speaker = Speaker,
        Text = Text,
        Timestamp = Timestamp,
        Stage = Stage,
        SentimentScore = SentimentScore,
        ClientId = ClientId,
        Transition = Transition,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<Turn>
    {
        public void Configure(EntityTypeBuilder<Turn> builder)
        {
            builder.HasKey(t => new { t.UserId, t.ConversationId, t.Position });
            builder.Ignore(t => t.Transition);
            builder.HasIndex(t => new { t.UserId, t.ConversationId, t.ClientId }).IsUnique().HasFilter("client_id is not null");
            builder.HasOne<Conversation>().WithMany().HasForeignKey(t => new { t.UserId, t.ConversationId });
        }
    }
}
