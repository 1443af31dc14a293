namespace CallAgent;

/// <summary>How somebody signed in.</summary>
public enum CredentialKind { InProcess, Session, AccessToken, ApiKey, Impersonation }

/// <summary>Who is acting, and for which user. Every unit of work belongs to one.</summary>
public sealed record Principal
{
    /// <summary>The tenant.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The person, or <c>null</c> for code that works in process.</summary>
    public Guid? MemberId { get; init; }

    public required Client.MemberRole Role { get; init; }

    /// <summary>A member's name or an API key's, as the timeline shows it.</summary>
    public required string ActorName { get; init; }

    /// <summary>What a script calls who is acting: a member's own name or an API key's; <c>null</c> for who has none, since nobody is called an address.</summary>
    public string? SpokenName { get; init; }

    public required Client.Plan Plan { get; init; }
    public required Client.UserStatus Status { get; init; }
    public required string? CompanyName { get; init; }
    public required string TimeZone { get; init; }
    public required string DefaultRegion { get; init; }
    public CredentialKind Kind { get; init; }

    /// <summary>Of the session, API key or impersonation; of an access token the sign-in that it came from.</summary>
    public Guid? CredentialId { get; init; }

    /// <summary>When the password or a code was given last; <c>null</c> for keys and in process.</summary>
    public DateTimeOffset? ProvedAt { get; init; }

    /// <summary>What an API key is limited to; <c>null</c> for other credentials.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>Why and until when an operator is at work here; <c>null</c> for everybody else.</summary>
    public Client.Impersonation? Impersonation { get; init; }

    /// <summary>Which operator does one thing to this user, without being at work within it.</summary>
    internal string? OperatorName { get; init; }

    internal int CredentialVersion { get; init; }

    /// <summary>What the timeline, calls and turns remember of who acted: the API key or the impersonation, else the member.</summary>
    public Guid? ActorId => Kind is CredentialKind.ApiKey or CredentialKind.Impersonation ? CredentialId : MemberId;

    /// <summary>Whether the member was deactivated by its team.</summary>
    public bool IsDeactivated { get; init; }

    /// <summary>Whether the account's status and the team let the member in.</summary>
    public bool IsActive => Status.LetsIn() && !IsDeactivated;

    internal TimeZoneInfo Zone => LocalTime.ZoneOf(TimeZone);
}
