using System.ComponentModel.DataAnnotations;

namespace CallAgent.Client;

/// <summary>What a key is for: <c>test</c> keys are told apart at sight and live at most 30 days.</summary>
public enum ApiKeyMode { Live, Test }

public sealed record CreateApiKey
{
    [Required, StringLength(100, MinimumLength = 1)] public required string Name { get; init; }

    public ApiKeyMode Mode { get; init; }

    /// <summary>What it may, such as <c>contacts:read</c>; everything that its member may when absent.</summary>
    [MaxLength(50)] public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Addresses and networks it serves from, such as <c>192.0.2.0/24</c>; everywhere when absent.</summary>
    [MaxLength(50)] public IReadOnlyList<string>? AllowedAddresses { get; init; }

    /// <summary>When it ends; never when absent, a test key after 30 days.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

public sealed record UpdateApiKey
{
    [StringLength(100, MinimumLength = 1)] public Optional<string> Name { get; init; }

    /// <summary>Replaces all scopes.</summary>
    [MaxLength(50)] public Optional<IReadOnlyList<string>> Scopes { get; init; }

    /// <summary>Replaces all addresses; none means everywhere.</summary>
    [MaxLength(50)] public Optional<IReadOnlyList<string>> AllowedAddresses { get; init; }

    public Optional<DateTimeOffset?> ExpiresAt { get; init; }
}

public sealed record RotateApiKey
{
    /// <summary>How long the old key serves on, at most a week; a day when absent.</summary>
    [Range(0, 604_800)] public int? OverlapSeconds { get; init; }
}

public record ApiKey : IVersionedRecord
{
    public required Guid Id { get; init; }

    /// <summary>The member whom it acts for, and who alone can change or replace it.</summary>
    public required Guid MemberId { get; init; }

    public required string Name { get; init; }

    /// <summary>The first characters, enough to tell keys apart.</summary>
    public required string Prefix { get; init; }

    public required ApiKeyMode Mode { get; init; }
    public required IReadOnlyList<string> Scopes { get; init; }
    public required IReadOnlyList<string> AllowedAddresses { get; init; }
    public required DateTimeOffset? ExpiresAt { get; init; }
    /// <summary>Grows with every change of the record itself; in quotes it is the <c>ETag</c>.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The last request signed in by this key, to the minute.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }
}

public sealed record CreatedApiKey : ApiKey
{
    /// <summary>The key itself. It is stored as a hash and shown this once.</summary>
    public required string Key { get; init; }
}
