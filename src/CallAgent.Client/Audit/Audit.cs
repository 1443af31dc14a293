using System.Text.Json;

namespace CallAgent.Client;

/// <summary>What kind of thing the audit log notes.</summary>
public enum AuditKind
{
    /// <summary>Something was created, changed or deleted.</summary>
    Write,

    /// <summary>Personal data was shown or handed out.</summary>
    Read,

    /// <summary>Somebody who is known asked for what it may not have, or for what is not there.</summary>
    Denied,

    /// <summary>Somebody signed in or out, or tried to.</summary>
    SignIn,

    /// <summary>The log says something about itself.</summary>
    System,
}

/// <summary>What kind of actor did something.</summary>
public enum AuditActorKind
{
    Member,
    ApiKey,

    /// <summary>Who runs the installation.</summary>
    Operator,

    /// <summary>Work in the background, or code in process.</summary>
    System,

    /// <summary>Nobody who is signed in.</summary>
    Stranger,
}

/// <summary>One thing that somebody did.</summary>
public sealed record AuditEntry
{
    public required Guid Id { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required AuditKind Kind { get; init; }

    /// <summary>The resource and what was done to it, such as <c>contact.update</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What the action is about, such as <c>contact</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>Which record; <c>null</c> when it is about several or none.</summary>
    public required Guid? ResourceId { get; init; }

    public required AuditActorKind ActorKind { get; init; }

    /// <summary>The member or API key.</summary>
    public required Guid? ActorId { get; init; }

    /// <summary>The name at that time.</summary>
    public required string? ActorName { get; init; }

    /// <summary>The network address it came from.</summary>
    public required string? Address { get; init; }

    /// <summary>The <c>trace_id</c> of the request.</summary>
    public required string? RequestId { get; init; }

    /// <summary>The fields that became different.</summary>
    public required IReadOnlyDictionary<string, AuditChange> Changes { get; init; }

    /// <summary>What else there is to say: what a list was asked for, why something was refused, <c>times</c> when it happened often within a moment.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Details { get; init; }
}

/// <summary>A field before and after.</summary>
public sealed record AuditChange
{
    /// <summary><c>null</c> when the record is new, or the field was empty.</summary>
    public JsonElement? From { get; init; }

    /// <summary><c>null</c> when the record is gone, or the field became empty.</summary>
    public JsonElement? To { get; init; }

    /// <summary>The field is a secret, or text that only its own record holds: that it changed is all that is kept.</summary>
    public bool Hidden { get; init; }
}

/// <summary>How far the audit log is sealed against tampering, and whether the newest part of it is whole.</summary>
public sealed record AuditChain
{
    /// <summary>The number of the newest seal.</summary>
    public required long Sequence { get; init; }

    /// <summary>The newest seal in hexadecimal digits. Note it elsewhere to prove later that nothing before it was replaced.</summary>
    public required string? Hash { get; init; }

    /// <summary>When the newest sealed entry happened.</summary>
    public required DateTimeOffset? SealedThrough { get; init; }

    /// <summary>The seal up to which entries were removed after their time.</summary>
    public required long PrunedThrough { get; init; }

    /// <summary>How many of the newest entries this answer is about.</summary>
    public required int Checked { get; init; }

    public required bool IsIntact { get; init; }

    /// <summary>What is wrong with them.</summary>
    public required IReadOnlyList<string> Faults { get; init; }
}
