namespace CallAgent.Client;

/// <summary>A user as the operator sees it: who it is and how much it uses, and nothing of what it holds.</summary>
public sealed record OperatedUser
{
    public required Guid Id { get; init; }

    /// <summary>The owner's.</summary>
    public required string Email { get; init; }

    public required string? CompanyName { get; init; }
    public required Plan Plan { get; init; }
    public required UserStatus Status { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required long Campaigns { get; init; }
    public required long Contacts { get; init; }
    public required long Calls { get; init; }
}

/// <summary>Puts a user on another plan.</summary>
public sealed record ChangePlan
{
    public required Plan Plan { get; init; }
}
