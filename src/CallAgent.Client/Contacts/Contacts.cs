using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace CallAgent.Client;

public enum ContactStatus { New, Contacted, Interested, NotInterested, Converted, Lost }

public sealed record Contact : IVersionedRecord
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }

    /// <summary>E.164: <c>+</c>, country code, number.</summary>
    public required string PhoneNumber { get; init; }

    /// <summary>Whether the number exists in its country's numbering plan. Numbers that do not are never dialled.</summary>
    public required bool PhoneValid { get; init; }

    public required string? FirstName { get; init; }
    public required string? LastName { get; init; }
    public required string? Email { get; init; }
    public required string? Company { get; init; }
    public required ContactStatus Status { get; init; }
    public required IReadOnlyList<string> Tags { get; init; }
    public required IReadOnlyDictionary<string, JsonElement> CustomFields { get; init; }
    /// <summary>Grows with every change of the record itself; in quotes it is the <c>ETag</c>.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

public sealed record CreateContact
{
    /// <summary>E.164, or national form read in the user's default region. Unique within the user's contacts.</summary>
    [Required, StringLength(40)] public required string PhoneNumber { get; init; }

    [StringLength(100)] public string? FirstName { get; init; }
    [StringLength(100)] public string? LastName { get; init; }
    [StringLength(254)] public string? Email { get; init; }
    [StringLength(200)] public string? Company { get; init; }

    /// <summary><c>new</c> when absent.</summary>
    public ContactStatus? Status { get; init; }

    /// <summary>At most 50; trimmed, lower-cased, spaces become <c>-</c>.</summary>
    [MaxLength(50)] public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>At most 100 fields and 16,384 characters of JSON.</summary>
    public IReadOnlyDictionary<string, JsonElement>? CustomFields { get; init; }
}

public sealed record UpdateContact
{
    [StringLength(40)] public Optional<string> PhoneNumber { get; init; }
    [StringLength(100)] public Optional<string?> FirstName { get; init; }
    [StringLength(100)] public Optional<string?> LastName { get; init; }
    [StringLength(254)] public Optional<string?> Email { get; init; }
    [StringLength(200)] public Optional<string?> Company { get; init; }
    public Optional<ContactStatus> Status { get; init; }

    /// <summary>Replaces all tags.</summary>
    [MaxLength(50)] public Optional<IReadOnlyList<string>> Tags { get; init; }

    /// <summary>Replaces all custom fields.</summary>
    public Optional<IReadOnlyDictionary<string, JsonElement>> CustomFields { get; init; }
}

/// <summary>One change of many contacts: all of it, or none.</summary>
public sealed record ChangeContacts
{
    /// <summary>At most 200; those that are not there are reported and stop nothing.</summary>
    [Required, MinLength(1), MaxLength(200)] public required IReadOnlyList<Guid> Ids { get; init; }

    [MaxLength(50)] public IReadOnlyList<string>? AddTags { get; init; }

    [MaxLength(50)] public IReadOnlyList<string>? RemoveTags { get; init; }

    public ContactStatus? Status { get; init; }

    /// <summary>Deletes them with their calls and conversations; goes with no other change.</summary>
    public bool Delete { get; init; }
}

public sealed record ChangedContacts
{
    /// <summary>How many are different now; what was so already does not count.</summary>
    public required int Changed { get; init; }

    public required int Deleted { get; init; }

    /// <summary>Ids of which the user has no contact.</summary>
    public required IReadOnlyList<Guid> NotFound { get; init; }
}

/// <summary>What happened to a contact, one thing at a time.</summary>
public enum TimelineKind
{
    ContactCreated, ContactUpdated, CallScheduled, CallStarted, CallEnded, CallCorrected, ConversationStarted, StageChanged,
}

public sealed record TimelineEntry
{
    public required Guid Id { get; init; }
    public required TimelineKind Kind { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Who did it: a member's name, or an API key's.</summary>
    public required string? Actor { get; init; }

    /// <summary>The API key's id, else the member's; <c>null</c> for work in process.</summary>
    public Guid? ActorId { get; init; }

    public Guid? CallId { get; init; }
    public Guid? ConversationId { get; init; }

    /// <summary>The particulars, such as the changed fields with their values before and after.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Details { get; init; }
}
