using System.ComponentModel.DataAnnotations;

namespace CallAgent.Client;

/// <summary><c>scheduled → in_progress → completed | failed | no_answer | busy</c>; a scheduled call may also fail.</summary>
public enum CallStatus { Scheduled, InProgress, Completed, Failed, NoAnswer, Busy }

public sealed record Call : IVersionedRecord
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }
    public required Guid ContactId { get; init; }
    public required Guid? CampaignId { get; init; }
    public required string PhoneNumber { get; init; }
    public required CallStatus Status { get; init; }
    public required DateTimeOffset ScheduledTime { get; init; }
    public required DateTimeOffset? StartTime { get; init; }
    public required DateTimeOffset? EndTime { get; init; }

    /// <summary>Talk time in seconds, once the call has ended.</summary>
    public required int? DurationSeconds { get; init; }

    public required string? RecordingUrl { get; init; }
    public required string? Notes { get; init; }

    /// <summary>Why a call failed, in the words given.</summary>
    public required string? EndedReason { get; init; }

    /// <summary>Who scheduled it: a member's name, or an API key's.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The API key's id, else the member's; <c>null</c> for work in process.</summary>
    public Guid? CreatedById { get; init; }

    /// <summary>Who started it.</summary>
    public string? StartedBy { get; init; }

    public Guid? StartedById { get; init; }

    /// <summary>Grows with every change of the record itself; in quotes it is the <c>ETag</c>.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Calls that somebody has begun and nobody has ended.</summary>
public sealed record RunningCalls
{
    /// <summary>The newest first.</summary>
    public required IReadOnlyList<RunningCall> Data { get; init; }
}

public sealed record RunningCall
{
    public required Guid Id { get; init; }
    public required Guid ContactId { get; init; }
    public required DateTimeOffset StartTime { get; init; }

    /// <summary>Seconds since then, by the server's clock.</summary>
    public required long Seconds { get; init; }
}

public sealed record CreateCall
{
    public required Guid ContactId { get; init; }
    public Guid? CampaignId { get; init; }

    /// <summary>The contact's number when absent.</summary>
    [StringLength(40)] public string? PhoneNumber { get; init; }

    /// <summary>Now when absent.</summary>
    public DateTimeOffset? ScheduledTime { get; init; }

    [StringLength(20_000)] public string? Notes { get; init; }
}

public sealed record UpdateCall
{
    /// <summary>That of the call's conversation, once there is one.</summary>
    public Optional<Guid?> CampaignId { get; init; }

    /// <summary>Only while the call is scheduled.</summary>
    [StringLength(40)] public Optional<string> PhoneNumber { get; init; }

    /// <summary>Only while the call is scheduled.</summary>
    public Optional<DateTimeOffset> ScheduledTime { get; init; }

    /// <summary>A legal next state; anything else is 409.</summary>
    public Optional<CallStatus> Status { get; init; }

    [Range(0, 86_400)] public Optional<int> DurationSeconds { get; init; }
    [StringLength(2_000)] public Optional<string?> RecordingUrl { get; init; }
    [StringLength(20_000)] public Optional<string?> Notes { get; init; }
}

public sealed record EndCall
{
    /// <summary>Seconds of talk, at most a day; when absent, the time since the start.</summary>
    [Range(0, 86_400)] public int? DurationSeconds { get; init; }

    /// <summary>An http(s) address.</summary>
    [StringLength(2_000)] public string? RecordingUrl { get; init; }
}

public sealed record FailCall
{
    /// <summary><c>no_answer</c> and <c>busy</c> end the call in that state; any other text is kept as the reason.</summary>
    [StringLength(200)] public string? Reason { get; init; }
}

public sealed record CorrectCall
{
    /// <summary>How the call did end: <c>completed</c> (only when it was started), <c>failed</c>, <c>no_answer</c> or <c>busy</c>.</summary>
    [Required] public required CallStatus Status { get; init; }

    /// <summary>Why it failed; with another status it is not kept.</summary>
    [StringLength(200)] public string? Reason { get; init; }

    /// <summary>Seconds of talk, at most a day; when absent, they stay.</summary>
    [Range(0, 86_400)] public int? DurationSeconds { get; init; }
}

public sealed record AppendNote
{
    [Required, StringLength(5_000, MinimumLength = 1)] public required string Text { get; init; }
}
