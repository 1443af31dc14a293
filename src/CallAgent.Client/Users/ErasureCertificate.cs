namespace CallAgent.Client;

/// <summary>Says that a user was erased, when, and how much there was of it. Nothing in it is personal.</summary>
public sealed record ErasureCertificate
{
    public required Guid UserId { get; init; }

    public required DateTimeOffset ErasedAt { get; init; }

    /// <summary>Table → how many rows of the user were erased from it.</summary>
    public required IReadOnlyDictionary<string, long> Rows { get; init; }

    /// <summary>Made from the rest by a key of the installation; <c>callagent erasure verify</c> checks it.</summary>
    public required string Signature { get; init; }
}
