namespace CallAgent.Client;

/// <summary>What an exported account has in it: the last file of the export.</summary>
public sealed record AccountManifest
{
    public required Guid UserId { get; init; }

    /// <summary>When the export began.</summary>
    public required DateTimeOffset ExportedAt { get; init; }

    /// <summary>File → how many records are in it; a header is none.</summary>
    public required IReadOnlyDictionary<string, long> Records { get; init; }
}
