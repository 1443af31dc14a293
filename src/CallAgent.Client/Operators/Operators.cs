using System.ComponentModel.DataAnnotations;

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

    /// <summary>What the plan's limit on calls is compared with; a month of the user's own time zone.</summary>
    public required long CallsThisMonth { get; init; }
}

/// <summary>Puts a user on another plan.</summary>
public sealed record ChangePlan
{
    public required Plan Plan { get; init; }
}

/// <summary>Lets an operator into a user for a while.</summary>
public sealed record BeginImpersonation
{
    /// <summary>Why; the user reads it in its audit log.</summary>
    [Required, StringLength(200)]
    public required string Reason { get; init; }

    /// <summary>For how long; 30 when absent.</summary>
    [Range(1, 60)]
    public int? Minutes { get; init; }
}

/// <summary>An operator within a user, who sees and works there as an agent does, until a fixed end.</summary>
public sealed record Impersonation
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }

    /// <summary>The name that the user's audit log has too.</summary>
    public required string Operator { get; init; }

    public required string Reason { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>It cannot be moved.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Opens it in the browser that follows it first, within ten minutes. Answered where one begins, and nowhere else.</summary>
    public string? Link { get; init; }
}
