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
    public string? Actor { get; init; }
    public Guid? ActorId { get; init; }

    public Client.Turn ToRecord() => new()
    {
        Position = Position,
        Speaker = Speaker,
        Text = Text,
        Timestamp = Timestamp,
        Stage = Stage,
        SentimentScore = SentimentScore,
        Actor = Actor,
        ActorId = ActorId,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<Turn>
    {
        public void Configure(EntityTypeBuilder<Turn> builder)
        {
            builder.HasKey(t => new { t.UserId, t.ConversationId, t.Position });
            builder.HasOne<Conversation>().WithMany().HasForeignKey(t => new { t.UserId, t.ConversationId });
        }
    }
}
