namespace CallAgent;

/// <summary>What each plan allows; <c>null</c> is unlimited. The one table of limits and feature flags.</summary>
internal sealed record PlanLimits(int? Campaigns, int? Contacts, int? CallsPerMonth, int RequestsPerMinute, IReadOnlyList<string> Features)
{
    /// <summary>Of any plan: more are a sign of a program that makes keys and forgets them.</summary>
    private const int MostApiKeys = 100;

    /// <summary>Of any plan, at one time: an invitation is a mail to a stranger.</summary>
    private const int MostInvitations = 100;

    /// <summary>Of any plan; they also go by themselves after a month.</summary>
    private const int MostImports = 200;

    /// <summary>A file may hold more rows than the plan contacts: most of them may be there already.</summary>
    private const int ImportRowsForEachContact = 10;
    private const int FewestImportRows = 10_000;

    private static readonly Dictionary<Client.Plan, PlanLimits> All = new()
    {
        [Client.Plan.Free] = new(3, 100, 50, 600, ["basic_crm", "limited_campaigns", "basic_analytics", "api_access", "import_export"]),
        [Client.Plan.Basic] = new(10, 1_000, 500, 1_200, ["basic_crm", "limited_campaigns", "basic_analytics", "api_access", "import_export"]),
        [Client.Plan.Professional] = new(50, 10_000, 5_000, 6_000,
            ["basic_crm", "limited_campaigns", "basic_analytics", "advanced_analytics", "api_access", "import_export"]),
        [Client.Plan.Enterprise] = new(null, null, null, 60_000,
            ["basic_crm", "unlimited_campaigns", "basic_analytics", "advanced_analytics", "api_access", "import_export", "priority_support"]),
    };

    /// <summary>How many rows a file to import may have; <c>null</c> is any number.</summary>
    public int? ImportRows => Contacts is { } contacts ? FewestImportRows + contacts * ImportRowsForEachContact : null;

    public static PlanLimits Of(Client.Plan plan) => All[plan];

    /// <summary>Whether a total has the same limit on every plan, so that a larger one would not help.</summary>
    public static bool IsOfEveryPlan(string counter) => Of(Client.Plan.Enterprise).On(counter, CounterSpan.Ever) is not null;

    public Client.UsageLimits ToRecord() => new()
    {
        Campaigns = Campaigns,
        Contacts = Contacts,
        CallsPerMonth = CallsPerMonth,
        RequestsPerMinute = RequestsPerMinute,
    };

    /// <summary>The limit on a counter of a period, if the plan has one.</summary>
    public int? On(string counter, CounterSpan span) => (counter, span) switch
    {
        (CounterNames.Campaigns, CounterSpan.Ever) => Campaigns,
        (CounterNames.Contacts, CounterSpan.Ever) => Contacts,
        (CounterNames.ApiKeys, CounterSpan.Ever) => MostApiKeys,
        (CounterNames.Invitations, CounterSpan.Ever) => MostInvitations,
        (CounterNames.Imports, CounterSpan.Ever) => MostImports,
        (CounterNames.Calls, CounterSpan.Month) => CallsPerMonth,
        _ => null,
    };
}
