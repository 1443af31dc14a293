namespace CallAgent.Client;

/// <summary>One page of a list. Follow <see cref="NextCursor"/> until <see cref="HasMore"/> is false.</summary>
public sealed record Page<T>
{
    public required IReadOnlyList<T> Data { get; init; }

    /// <summary>Whether another page follows.</summary>
    public required bool HasMore { get; init; }

    /// <summary>Opaque position after the last row of this page; <c>null</c> on the last one.</summary>
    public string? NextCursor { get; init; }
}
