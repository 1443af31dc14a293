namespace CallAgent.Client;

public sealed record Dashboard
{
    public required DashboardUser User { get; init; }
    public required DashboardStats Stats { get; init; }

    /// <summary>Contact status → how many.</summary>
    public required IReadOnlyDictionary<string, long> ContactsByStatus { get; init; }

    /// <summary>Call status → how many; those of the campaign when one was asked for.</summary>
    public required IReadOnlyDictionary<string, long> CallsByStatus { get; init; }

    /// <summary>Stage → how many conversations have got there and no further; those of the campaign when one was asked for.</summary>
    public required IReadOnlyDictionary<string, long> ConversationsByStage { get; init; }

    /// <summary>The period that was asked for, and the one of the same length before it.</summary>
    public required DashboardPeriod Period { get; init; }

    /// <summary>The days of the period in the user's time zone, oldest first.</summary>
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

/// <summary>Which days, and what of them.</summary>
public sealed record DashboardQuery
{
    public const int MostDays = 366;

    /// <summary>How many days up to today; 1 to 366.</summary>
    [System.ComponentModel.DataAnnotations.Range(1, MostDays)]
    public int Days { get; init; } = 30;

    /// <summary>Only this campaign's calls and conversations; contacts are the account's.</summary>
    public Guid? CampaignId { get; init; }
}

public sealed record DashboardPeriod
{
    public required DateOnly From { get; init; }

    /// <summary>Today in the user's time zone.</summary>
    public required DateOnly To { get; init; }

    public required Guid? CampaignId { get; init; }
    public required DashboardFigures Totals { get; init; }

    /// <summary>The same of as many days before <see cref="From"/>.</summary>
    public required DashboardFigures Before { get; init; }
}

/// <summary>What happened in some days.</summary>
public record DashboardFigures
{
    public required long NewContacts { get; init; }

    /// <summary>Calls that were entered, made or not yet.</summary>
    public required long Calls { get; init; }

    /// <summary>Calls that took place, by when they ended.</summary>
    public required long CompletedCalls { get; init; }

    public required long NoAnswerCalls { get; init; }
    public required long BusyCalls { get; init; }
    public required long FailedCalls { get; init; }
    public required long Conversations { get; init; }

    /// <summary>Seconds of talk in calls that ended then.</summary>
    public required long TalkSeconds { get; init; }
}

public sealed record DashboardDay : DashboardFigures
{
    public required DateOnly Date { get; init; }
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

    /// <summary>Of all the account's people and keys together, over HTTP.</summary>
    public required int RequestsPerMinute { get; init; }
}

public sealed record UsageFigures
{
    public required long Campaigns { get; init; }
    public required long Contacts { get; init; }

    /// <summary>Calls there are, of any month.</summary>
    public required long Calls { get; init; }

    public required long CallsThisMonth { get; init; }
}
