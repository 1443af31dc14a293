namespace CallAgent.Client;

/// <summary>A sign-in of the web page that is still in force.</summary>
public sealed record Session
{
    public required Guid Id { get; init; }

    /// <summary>Such as <c>Firefox on Linux</c>, as the browser says; <c>null</c> when it says nothing known.</summary>
    public required string? Device { get; init; }

    /// <summary>What the browser says of itself.</summary>
    public required string? UserAgent { get; init; }

    /// <summary>The address it began from.</summary>
    public required string? Address { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last request, to the minute. Two weeks without one end the session.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When it ends at the latest.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether this request was signed in by it.</summary>
    public required bool IsCurrent { get; init; }
}
