using System.ComponentModel.DataAnnotations;

namespace CallAgent.Client;

/// <summary>Whether a member may sign in.</summary>
public enum MemberStatus { Active, Deactivated }

/// <summary>A person who signs in to the user's account.</summary>
public sealed record Member : IVersionedRecord
{
    public required Guid Id { get; init; }
    public required string Email { get; init; }
    public required string? FirstName { get; init; }
    public required string? LastName { get; init; }
    public required string FullName { get; init; }
    /// <summary>Whether a link in a mail to the address was followed.</summary>
    public required bool EmailVerified { get; init; }

    /// <summary>Whether the member signs in with a second factor.</summary>
    public required bool TwoFactor { get; init; }

    public required MemberRole Role { get; init; }
    public required MemberStatus Status { get; init; }

    /// <summary>When the member signed in last; <c>null</c> before the first time.</summary>
    public DateTimeOffset? LastSignedInAt { get; init; }

    /// <summary>Grows with every change of the record itself; in quotes it is the <c>ETag</c>.</summary>
    public required int Version { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; init; }
}

public sealed record UpdateMember
{
    /// <summary>Any but <c>owner</c>, which is passed on by its own route.</summary>
    public Optional<MemberRole> Role { get; init; }

    [StringLength(100)] public Optional<string?> FirstName { get; init; }
    [StringLength(100)] public Optional<string?> LastName { get; init; }
}

public sealed record TransferOwnership
{
    /// <summary>The owner's own.</summary>
    [Required, StringLength(256)] public required string Password { get; init; }
}

public sealed record LeaveTeam
{
    /// <summary>One's own.</summary>
    [Required, StringLength(256)] public required string Password { get; init; }
}

/// <summary>An invitation that nobody has accepted yet.</summary>
public sealed record Invitation : IVersionedRecord
{
    public required Guid Id { get; init; }
    public required string Email { get; init; }
    public required MemberRole Role { get; init; }

    /// <summary>Who invited: a member's name, or an API key's.</summary>
    public required string InvitedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    // It is made and ends, and never changes.
    int IVersionedRecord.Version => 1;
}

public sealed record CreateInvitation
{
    [Required, StringLength(254)] public required string Email { get; init; }

    /// <summary>Any but <c>owner</c>.</summary>
    public required MemberRole Role { get; init; }
}

public sealed record AcceptInvitation
{
    /// <summary>From the link in the mail.</summary>
    [Required, StringLength(100)] public required string Token { get; init; }

    /// <summary>8 to 256 characters; any characters.</summary>
    [Required, StringLength(256, MinimumLength = 8)] public required string Password { get; init; }

    [StringLength(100)] public string? FirstName { get; init; }
    [StringLength(100)] public string? LastName { get; init; }
}
