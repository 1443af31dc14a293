using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>A user's figures, read from counters: the cost does not grow with what is counted.</summary>
public sealed class Dashboards
{
    private readonly Workspace workspace;

    internal Dashboards(Workspace workspace) => this.workspace = workspace;

    private Principal Principal => workspace.Principal;

    /// <summary>Totals, distributions and the days of a period; the last 30 when no other is asked for.</summary>
    public async Task<Result<Client.Dashboard>> GetAsync(Client.DashboardQuery? query = null, CancellationToken cancellation = default)
    {
        query ??= new();
        if (Validation.Of(query) is { } invalid)
        {
            return invalid;
        }
        if (query.CampaignId is { } campaignId && !await workspace.Db.Campaigns.AnyAsync(c => c.Id == campaignId, cancellation))
        {
            return Problem.Invalid("campaign_id", "You have no such campaign.");
        }
        var profile = await workspace.Account.ProfileAsync(cancellation);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(workspace.Now, Principal.Zone).DateTime);
        var (from, before) = (today.AddDays(1 - query.Days), today.AddDays(1 - 2 * query.Days));
        var counters = await DashboardCounters.ReadAsync(workspace.Db, ThisMonth, before, query.CampaignId, cancellation);
        var (days, earlier) = (DaysFrom(from), DaysFrom(before));
        return new Client.Dashboard
        {
            User = Describe(profile),
            Stats = Stats(counters),
            ContactsByStatus = Enum.GetValues<Client.ContactStatus>().ToDictionary(s => s.ToText(), s => counters.Total(CounterNames.ContactsIn(s))),
            CallsByStatus = counters.CallsByStatus(),
            ConversationsByStage = counters.ConversationsByStage(),
            Period = new()
            {
                From = from,
                To = today,
                CampaignId = query.CampaignId,
                Totals = DashboardCounters.Sum(days),
                Before = DashboardCounters.Sum(earlier),
            },
            Trends = days,
            Usage = Usage(counters),
        };

        List<Client.DashboardDay> DaysFrom(DateOnly first) => [.. Enumerable.Range(0, query.Days).Select(n => counters.Day(first.AddDays(n)))];
    }

    /// <summary>Use against the plan's limits.</summary>
    public async Task<Client.Usage> UsageAsync(CancellationToken cancellation = default) =>
        Usage(await DashboardCounters.ReadAsync(workspace.Db, ThisMonth, null, null, cancellation));

    private static Client.DashboardUser Describe(Client.Profile profile) => new()
    {
        Id = profile.Id,
        Email = profile.Email,
        FullName = profile.FullName,
        CompanyName = profile.CompanyName,
        Plan = profile.Plan,
        Status = profile.Status,
    };

    private static Client.DashboardStats Stats(DashboardCounters counters) => new()
    {
        TotalCampaigns = counters.Total(CounterNames.Campaigns),
        ActiveCampaigns = counters.Total(CounterNames.ActiveCampaigns),
        TotalContacts = counters.Total(CounterNames.Contacts),
        NewContacts = counters.Total(CounterNames.ContactsIn(Client.ContactStatus.New)),
        TotalConversations = counters.Total(CounterNames.Conversations),
        TotalCalls = counters.Total(CounterNames.Calls),
        CompletedCalls = counters.Total(CounterNames.CallsIn(Client.CallStatus.Completed)),
    };

    private Client.Usage Usage(DashboardCounters counters)
    {
        var limits = PlanLimits.Of(Principal.Plan);
        var local = TimeZoneInfo.ConvertTime(workspace.Now, Principal.Zone);
        var start = new DateTime(local.Year, local.Month, 1);
        return new()
        {
            Plan = Principal.Plan,
            Period = new() { Start = Moment(start), End = Moment(start.AddMonths(1)) },
            Limits = limits.ToRecord(),
            Figures = new()
            {
                Campaigns = counters.Total(CounterNames.Campaigns),
                Contacts = counters.Total(CounterNames.Contacts),
                Calls = counters.Total(CounterNames.Calls),
                CallsThisMonth = counters.ThisMonth(CounterNames.Calls),
            },
            Features = limits.Features,
        };
    }

    private string ThisMonth => workspace.Db.Ledger.PeriodOf(CounterSpan.Month, workspace.Now);

    private DateTimeOffset Moment(DateTime local) => LocalTime.ToUtc(local, Principal.Zone)!.Value;
}
