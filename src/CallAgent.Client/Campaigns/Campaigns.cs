using System.ComponentModel.DataAnnotations;

namespace CallAgent.Client;

/// <summary>The sample campaigns that come with the product.</summary>
public enum SampleType { Sales, Support, Survey }

public sealed record Campaign : IVersionedRecord
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }
    public required string Name { get; init; }
    public required string? Description { get; init; }

    /// <summary>Stage slugs in the order in which a call goes through them.</summary>
    public required IReadOnlyList<string> Stages { get; init; }

    /// <summary>Stage → what to say there, and when to move on.</summary>
    public required IReadOnlyDictionary<string, StageScript> ScriptTemplate { get; init; }

    /// <summary>Names of what is to be found out during the call.</summary>
    public required IReadOnlyList<string> DataCollectionFields { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>Grows with every change of the record itself; in quotes it is the <c>ETag</c>.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

public sealed record StageScript
{
    // Not by an initializer: serialization code that is made at build time sets what is absent to null.

    /// <summary>
    /// Liquid template with <c>contact</c>, <c>user</c>, <c>agent</c>, <c>campaign</c> and <c>context</c>. <c>agent.name</c> is the
    /// name of the member or API key that asks; a member without a name has none, and its script says so as of any variable.
    /// </summary>
    [StringLength(20_000)]
    public string Script { get => field ?? ""; init; }

    public TransitionRules? TransitionRules { get; init; }
}

/// <summary>When a stage ends: any one of the rules moves the conversation on.</summary>
public sealed record TransitionRules
{
    /// <summary>Whole words or phrases in what the contact says, whatever the case.</summary>
    [MaxLength(100)] public IReadOnlyList<string> Keywords { get => field ?? []; init; }

    /// <summary>−1 to 1: reached when the contact's sentiment is at least this.</summary>
    [Range(-1.0, 1.0)] public double? SentimentThreshold { get; init; }

    /// <summary>Turns of the contact in this stage before any rule applies; alone, it is itself the rule.</summary>
    [Range(0, 1000)] public int? MinTurns { get; init; }
}

public sealed record CreateCampaign
{
    [Required, StringLength(200, MinimumLength = 1)] public required string Name { get; init; }
    [StringLength(5_000)] public string? Description { get; init; }

    /// <summary>1 to 20 slugs; when absent the first five of the six known stages.</summary>
    [MinLength(1), MaxLength(20)] public IReadOnlyList<string>? Stages { get; init; }

    public IReadOnlyDictionary<string, StageScript>? ScriptTemplate { get; init; }
    [MaxLength(100)] public IReadOnlyList<string>? DataCollectionFields { get; init; }

    /// <summary>Active when absent.</summary>
    public bool? IsActive { get; init; }
}

public sealed record UpdateCampaign
{
    [StringLength(200, MinimumLength = 1)] public Optional<string> Name { get; init; }
    [StringLength(5_000)] public Optional<string?> Description { get; init; }
    [MinLength(1), MaxLength(20)] public Optional<IReadOnlyList<string>> Stages { get; init; }
    public Optional<IReadOnlyDictionary<string, StageScript>> ScriptTemplate { get; init; }
    [MaxLength(100)] public Optional<IReadOnlyList<string>> DataCollectionFields { get; init; }
    public Optional<bool> IsActive { get; init; }
}

public sealed record CreateSampleCampaign
{
    public required SampleType Type { get; init; }
}

public sealed record RenderScript
{
    [Required, StringLength(64, MinimumLength = 1)] public required string Stage { get; init; }

    /// <summary>The contact whose details fill the template; that of the conversation when absent.</summary>
    public Guid? ContactId { get; init; }

    /// <summary>The conversation that has found out what the template says as <c>collected</c>.</summary>
    public Guid? ConversationId { get; init; }

    /// <summary>Further values for the template, as <c>context</c>.</summary>
    public IReadOnlyDictionary<string, System.Text.Json.JsonElement>? Context { get; init; }
}

public sealed record RenderedScript
{
    public required string Stage { get; init; }
    public required string Script { get; init; }

    /// <summary>Variables of the template that had no value, such as <c>contact.first_name</c>.</summary>
    public required IReadOnlyList<string> Missing { get; init; }
}

/// <summary>A text that is being written, filled in before it is saved.</summary>
public sealed record PreviewScript
{
    /// <summary>Liquid template, as in <see cref="StageScript.Script"/>.</summary>
    [StringLength(20_000)] public required string Script { get; init; }

    /// <summary>The campaign whose name and description fill the template.</summary>
    public Guid? CampaignId { get; init; }

    /// <summary>The contact whose details fill the template.</summary>
    public Guid? ContactId { get; init; }

    /// <summary>Further values for the template, as <c>context</c>.</summary>
    public IReadOnlyDictionary<string, System.Text.Json.JsonElement>? Context { get; init; }
}

public sealed record ScriptPreview
{
    /// <summary>The text; as far as it got when there is an error.</summary>
    public required string Script { get; init; }

    /// <summary>Variables that had no value where the text needed one.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Where in the text each of them is missing.</summary>
    public required IReadOnlyList<ScriptGap> Gaps { get; init; }

    /// <summary>All variables of the template.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    /// <summary>Why the template cannot be filled in; <c>null</c> when it can.</summary>
    public required ScriptError? Error { get; init; }
}

/// <summary>A place in a text where a variable had no value.</summary>
/// <param name="Position">UTF-16 code units before it, as strings are counted in C#, Java and JavaScript.</param>
/// <param name="Variable">Such as <c>contact.first_name</c>.</param>
public sealed record ScriptGap(int Position, string Variable);

/// <summary>What is wrong with a template.</summary>
/// <param name="Message">In plain words.</param>
/// <param name="Line">Counted from 1; <c>null</c> when it is not about one place.</param>
/// <param name="Column">Counted from 1.</param>
public sealed record ScriptError(string Message, int? Line = null, int? Column = null);

public sealed record NextStage
{
    public required string Stage { get; init; }

    /// <summary>The stage after it; <c>null</c> after the last.</summary>
    public required string? Next { get; init; }

    public required bool IsLast { get; init; }
}

/// <summary>Everything a machine needs to run a campaign's calls, in one answer.</summary>
public sealed record CampaignBehavior
{
    public required Guid CampaignId { get; init; }
    public required string Name { get; init; }
    public required bool IsActive { get; init; }
    public required string FirstStage { get; init; }
    public required IReadOnlyList<StageBehavior> Stages { get; init; }
    public required IReadOnlyList<string> DataCollectionFields { get; init; }
}

public sealed record StageBehavior
{
    public required string Stage { get; init; }
    public required string Label { get; init; }
    public required string Script { get; init; }

    /// <summary>Variables that the script uses.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    public required TransitionRules TransitionRules { get; init; }
    public required string? Next { get; init; }
}
