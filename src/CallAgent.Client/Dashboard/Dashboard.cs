namespace CallAgent.Client;

public sealed record Dashboard
{
    public required DashboardUser User { get; init; }
    public required DashboardStats Stats { get; init; }

    /// <summary>Contact status → how many.</summary>
    public required IReadOnlyDictionary<string, long> ContactsByStatus { get; init; }

    /// <summary>Call status → how many.</summary>
    public required IReadOnlyDictionary<string, long> CallsByStatus { get; init; }

    /// <summary>The last 30 days in the user's time zone, oldest first.</summary>
    public required IReadOnlyList<DashboardDay> Trends { get; init; }

    public required Usage Usage { get; init; }
}

public sealed record DashboardUser
{
    public required Guid Id { get; init; }
    public required string Email { get; init; }
    public required string FullName { get; init; }
    public required string? CompanyName { get; init; }
    public required Plan Plan { get; init; }
    public required UserStatus Status { get; init; }
}

public sealed record DashboardStats
{
    public required long TotalCampaigns { get; init; }
    public required long ActiveCampaigns { get; init; }
    public required long TotalContacts { get; init; }

    /// <summary>Contacts whose status is <c>new</c>.</summary>
    public required long NewContacts { get; init; }

    public required long TotalConversations { get; init; }
    public required long TotalCalls { get; init; }
    public required long CompletedCalls { get; init; }
}

public sealed record DashboardDay
{
    public required DateOnly Date { get; init; }
    public required long NewContacts { get; init; }
    public required long Calls { get; init; }
    public required long CompletedCalls { get; init; }
    public required long Conversations { get; init; }

    /// <summary>Seconds of talk in calls that ended that day.</summary>
    public required long TalkSeconds { get; init; }
}

/// <summary>Use of the plan.</summary>
public sealed record Usage
{
    public required Plan Plan { get; init; }

    /// <summary>The calendar month that calls are counted in.</summary>
    public required UsagePeriod Period { get; init; }

    public required UsageLimits Limits { get; init; }

    // Named twice because the contract calls the answer and its part alike.
    [System.Text.Json.Serialization.JsonPropertyName("usage")]
    public required UsageFigures Figures { get; init; }

    /// <summary>What the plan includes, such as <c>basic_crm</c> and <c>api_access</c>.</summary>
    public required IReadOnlyList<string> Features { get; init; }
}

public sealed record UsagePeriod
{
    /// <summary>First moment of the month in the user's time zone.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>First moment of the next month.</summary>
    public required DateTimeOffset End { get; init; }
}

/// <summary>The plan's limits; <c>null</c> is unlimited.</summary>
public sealed record UsageLimits
{
    public required int? Campaigns { get; init; }
    public required int? Contacts { get; init; }
    public required int? CallsPerMonth { get; init; }
}

public sealed record UsageFigures
{
    public required long Campaigns { get; init; }
    public required long Contacts { get; init; }

    /// <summary>Calls there are, of any month.</summary>
    public required long Calls { get; init; }

    public required long CallsThisMonth { get; init; }
}
