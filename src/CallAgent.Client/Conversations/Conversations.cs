using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace CallAgent.Client;

public enum Speaker { Agent, Contact }

public sealed record Conversation : IVersionedRecord
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }
    public required Guid ContactId { get; init; }
    public required Guid? CampaignId { get; init; }
    public required Guid? CallId { get; init; }
    public required string Stage { get; init; }

    /// <summary>All turns in order. Lists leave it out.</summary>
    public IReadOnlyList<Turn>? Transcript { get; init; }

    public required int TurnCount { get; init; }
    public required IReadOnlyDictionary<string, JsonElement> CollectedData { get; init; }

    /// <summary>−1 to 1: mean of the contact's turns that have one.</summary>
    public required double? SentimentScore { get; init; }

    /// <summary>Seconds from the first turn to the last.</summary>
    public required int DurationSeconds { get; init; }

    /// <summary>Grows with every change of the record itself; in quotes it is the <c>ETag</c>.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

public sealed record Turn
{
    /// <summary>1 for the first.</summary>
    public required int Position { get; init; }

    public required Speaker Speaker { get; init; }
    public required string Text { get; init; }
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The stage in which it was said.</summary>
    public required string Stage { get; init; }

    public double? SentimentScore { get; init; }

    /// <summary>Who wrote it down: a member's name, or an API key's.</summary>
    public string? Actor { get; init; }

    /// <summary>The API key's id, else the member's; <c>null</c> for work in process.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>The name that its sender gave it.</summary>
    public string? ClientId { get; init; }

    /// <summary>The change of stage that it led to; <c>null</c> when the stage stayed.</summary>
    public StageTransition? Transition { get; init; }
}

public sealed record CreateConversation
{
    /// <summary>The call it belongs to; contact and campaign follow from it.</summary>
    public Guid? CallId { get; init; }

    /// <summary>Needed when there is no call.</summary>
    public Guid? ContactId { get; init; }

    public Guid? CampaignId { get; init; }

    /// <summary>The campaign's first stage when absent.</summary>
    [StringLength(64, MinimumLength = 1)] public string? Stage { get; init; }

    public IReadOnlyDictionary<string, JsonElement>? CollectedData { get; init; }
}

public sealed record UpdateConversation
{
    /// <summary>One of the campaign's stages.</summary>
    [StringLength(64, MinimumLength = 1)] public Optional<string> Stage { get; init; }

    /// <summary>Replaces what was collected.</summary>
    public Optional<IReadOnlyDictionary<string, JsonElement>> CollectedData { get; init; }

    [Range(-1.0, 1.0)] public Optional<double?> SentimentScore { get; init; }

    /// <summary>Seconds, at most a day.</summary>
    [Range(0, 86_400)] public Optional<int> DurationSeconds { get; init; }
}

/// <summary>Changes some of what was collected and leaves the rest.</summary>
public sealed record CollectData
{
    /// <summary>Field → value; <c>null</c> takes the field away.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Fields { get; init; }
}

public sealed record AppendTurn
{
    /// <summary>
    /// A name that the sender makes for the turn, such as a UUID. Sent again, because an answer was lost, it is answered
    /// with the turn that is there already.
    /// </summary>
    [StringLength(64, MinimumLength = 1)] public string? ClientId { get; init; }

    public required Speaker Speaker { get; init; }

    [Required, StringLength(10_000, MinimumLength = 1)]
    public required string Text { get; init; }

    /// <summary>Now when absent.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>−1 to 1.</summary>
    [Range(-1.0, 1.0)] public double? SentimentScore { get; init; }

    /// <summary>Further values for the line that is said next, as <c>context</c>; nothing of it is kept.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Context { get; init; }
}

/// <summary>What a turn led to.</summary>
public sealed record TurnResult
{
    public required Turn Turn { get; init; }

    /// <summary>What was found in the contact's words, by field.</summary>
    public required IReadOnlyDictionary<string, string> Extracted { get; init; }

    /// <summary>The change of stage, or <c>null</c> when the stage stays.</summary>
    public required StageTransition? Transition { get; init; }

    /// <summary>The stage now.</summary>
    public required string Stage { get; init; }

    /// <summary>The line to say now; empty without a campaign, and where it could not be rendered.</summary>
    public required string Script { get; init; }

    /// <summary>Variables of the line that had no value, such as <c>contact.first_name</c>.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Why the line could not be rendered; <c>null</c> when it was, as nearly always. The turn is kept all the same.</summary>
    public required string? ScriptProblem { get; init; }
}

public sealed record StageTransition
{
    public required string From { get; init; }
    public required string To { get; init; }

    /// <summary>For example <c>keyword "tell me"</c>, <c>sentiment 0.4 ≥ 0.3</c> or <c>min_turns 3</c>.</summary>
    public required string Reason { get; init; }
}

public sealed record ConversationSummary
{
    public required Guid Id { get; init; }
    public required string Stage { get; init; }
    public required int TurnCount { get; init; }
    public required int AgentTurns { get; init; }
    public required int ContactTurns { get; init; }
    public required int DurationSeconds { get; init; }
    public required double? SentimentScore { get; init; }

    /// <summary>Stages the conversation has been in, in order.</summary>
    public required IReadOnlyList<string> StagesVisited { get; init; }

    public required IReadOnlyDictionary<string, JsonElement> CollectedData { get; init; }

    /// <summary>Fields the campaign asks for that are still unknown.</summary>
    public required IReadOnlyList<string> MissingFields { get; init; }

    /// <summary>The above in one or two plain sentences.</summary>
    public required string Summary { get; init; }
}
