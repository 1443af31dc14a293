using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

internal sealed class Conversation : IVersioned, ICounted
{
    public Guid UserId { get; set; }
    public required Guid Id { get; init; }
    public required Guid ContactId { get; init; }
    public Guid? CampaignId { get; set; }
    public Guid? CallId { get; set; }
    public required string Stage { get; set; }
    public required IReadOnlyDictionary<string, JsonElement> CollectedData { get; set; }

    /// <summary>Set by hand; otherwise the mean of the contact's turns stands in for it.</summary>
    public double? SentimentScore { get; set; }

    public int DurationSeconds { get; set; }

    // Running figures, so that a turn costs the same whatever the length of the transcript.
    public int TurnCount { get; set; }
    public int ContactTurns { get; set; }
    public int ContactTurnsInStage { get; set; }
    public double SentimentSum { get; set; }
    public int SentimentTurns { get; set; }
    public IReadOnlyList<string> StagesVisited { get; set; } = [];
    public DateTimeOffset? FirstTurnAt { get; set; }

    /// <inheritdoc cref="Call.CountedIn"/>
    public required string CountedIn { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; } = 1;

    public IEnumerable<string> Totals() => Whose().SelectMany(w => new[] { w + CounterNames.Conversations, w + CounterNames.ConversationsAt(Stage) });

    public IEnumerable<Happening> Happenings(ICounted? before) =>
        [.. OfDay(), .. before is Conversation earlier ? earlier.OfDay().Select(h => h with { Amount = -h.Amount }) : []];

    private IEnumerable<Happening> OfDay() => Whose().Select(w => new Happening(w + CounterNames.Conversations, CounterSpan.Day, CreatedAt, CountedIn));

    // What the names of its counters begin with: the account's, and the campaign's.
    private IEnumerable<string> Whose() => CampaignId is { } campaignId ? ["", CounterNames.OfCampaign(campaignId)] : [""];

    /// <param name="transcript">The turns, or <c>null</c> to leave them out, as lists do.</param>
    public Client.Conversation ToRecord(IReadOnlyList<Client.Turn>? transcript = null) => new()
    {
        Id = Id,
        UserId = UserId,
        ContactId = ContactId,
        CampaignId = CampaignId,
        CallId = CallId,
        Stage = Stage,
        Transcript = transcript,
        TurnCount = TurnCount,
        CollectedData = CollectedData,
        SentimentScore = Sentiment,
        DurationSeconds = DurationSeconds,
        Version = Version,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };

    public double? Sentiment => SentimentScore ?? (SentimentTurns == 0 ? null : Math.Round(SentimentSum / SentimentTurns, 4));

    internal sealed class Configuration : IEntityTypeConfiguration<Conversation>
    {
        public void Configure(EntityTypeBuilder<Conversation> builder)
        {
            builder.HasKey(c => new { c.UserId, c.Id });
            builder.HasOne<Contact>().WithMany().HasForeignKey(c => new { c.UserId, c.ContactId }).OnDelete(DeleteBehavior.NoAction);
            builder.HasOne<Campaign>().WithMany().HasForeignKey(c => new { c.UserId, c.CampaignId }).OnDelete(DeleteBehavior.NoAction);
            builder.HasOne<Call>().WithMany().HasForeignKey(c => new { c.UserId, c.CallId }).OnDelete(DeleteBehavior.NoAction);
            builder.HasIndex(c => new { c.UserId, c.ContactId, c.Id });
            builder.HasIndex(c => new { c.UserId, c.CampaignId, c.Id });
            builder.HasIndex(c => new { c.UserId, c.CallId, c.Id });
            builder.HasIndex(c => new { c.UserId, c.Stage, c.Id });
            builder.HasIndex(c => new { c.UserId, c.UpdatedAt, c.Id });
            builder.Ignore(c => c.Sentiment);
        }
    }
}
