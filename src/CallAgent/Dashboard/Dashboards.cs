using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>A user's figures, read from counters: the cost does not grow with what is counted.</summary>
public sealed class Dashboards
{
    private const int Days = 30;

    private readonly Workspace workspace;

    internal Dashboards(Workspace workspace) => this.workspace = workspace;

    private Principal Principal => workspace.Principal;

    /// <summary>Totals, distributions and the last 30 days.</summary>
    public async Task<Client.Dashboard> GetAsync(CancellationToken cancellation = default)
    {
        var profile = await workspace.Account.ProfileAsync(cancellation);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(workspace.Now, Principal.Zone).DateTime);
        var figures = await ReadAsync(today.AddDays(1 - Days), cancellation);
        return new()
        {
            User = new()
            {
                Id = profile.Id,
                Email = profile.Email,
                FullName = profile.FullName,
                CompanyName = profile.CompanyName,
                Plan = profile.Plan,
                Status = profile.Status,
            },
            Stats = new()
            {
                TotalCampaigns = figures.Total(CounterNames.Campaigns),
                ActiveCampaigns = figures.Total(CounterNames.ActiveCampaigns),
                TotalContacts = figures.Total(CounterNames.Contacts),
                NewContacts = figures.Total(CounterNames.ContactsIn(Client.ContactStatus.New)),
                TotalConversations = figures.Total(CounterNames.Conversations),
                TotalCalls = figures.Total(CounterNames.Calls),
                CompletedCalls = figures.Total(CounterNames.CallsIn(Client.CallStatus.Completed)),
            },
            ContactsByStatus = Enum.GetValues<Client.ContactStatus>().ToDictionary(s => s.ToText(), s => figures.Total(CounterNames.ContactsIn(s))),
            CallsByStatus = Enum.GetValues<Client.CallStatus>().ToDictionary(s => s.ToText(), s => figures.Total(CounterNames.CallsIn(s))),
            Trends = [.. Enumerable.Range(1 - Days, Days).Select(n => figures.Day(today.AddDays(n)))],
            Usage = Usage(figures),
        };
    }

    /// <summary>Use against the plan's limits.</summary>
    public async Task<Client.Usage> UsageAsync(CancellationToken cancellation = default) => Usage(await ReadAsync(DateOnly.MaxValue, cancellation));

    private Client.Usage Usage(Figures figures)
    {
        var limits = PlanLimits.Of(Principal.Plan);
        var local = TimeZoneInfo.ConvertTime(workspace.Now, Principal.Zone);
        var start = new DateTime(local.Year, local.Month, 1);
        return new()
        {
            Plan = Principal.Plan,
            Period = new() { Start = Moment(start), End = Moment(start.AddMonths(1)) },
            Limits = new() { Campaigns = limits.Campaigns, Contacts = limits.Contacts, CallsPerMonth = limits.CallsPerMonth },
            Figures = new()
            {
                Campaigns = figures.Total(CounterNames.Campaigns),
                Contacts = figures.Total(CounterNames.Contacts),
                Calls = figures.Total(CounterNames.Calls),
                CallsThisMonth = figures.In(CounterNames.Calls, ThisMonth),
            },
            Features = limits.Features,
        };
    }

    private string ThisMonth => workspace.Db.Ledger.PeriodOf(CounterSpan.Month, workspace.Now);

    private DateTimeOffset Moment(DateTime local)
    {
        // A month may begin in the hour that the clock leaves out.
        var valid = Principal.Zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        return new DateTimeOffset(valid, Principal.Zone.GetUtcOffset(valid)).ToUniversalTime();
    }

    private async Task<Figures> ReadAsync(DateOnly from, CancellationToken cancellation)
    {
        var (first, month) = (from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ThisMonth);
        var counters = await workspace.Db.Counters.AsNoTracking()
            .Where(c => !c.Name.StartsWith(CounterNames.OfCampaigns))
            .Where(c => c.Period == "" || c.Period == month || string.Compare(c.Period, first) >= 0)
            .ToListAsync(cancellation);
        return new(counters.ToDictionary(c => (c.Name, c.Period), c => c.Value));
    }

    private sealed record Figures(Dictionary<(string Name, string Period), long> Values)
    {
        public long Total(string name) => In(name, "");

        public long In(string name, string period) => Values.GetValueOrDefault((name, period));

        public Client.DashboardDay Day(DateOnly date)
        {
            var period = date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            return new()
            {
                Date = date,
                NewContacts = In(CounterNames.Contacts, period),
                Calls = In(CounterNames.Calls, period),
                CompletedCalls = In(CounterNames.CallsIn(Client.CallStatus.Completed), period),
                Conversations = In(CounterNames.Conversations, period),
                TalkSeconds = In(CounterNames.TalkSeconds, period),
            };
        }
    }
}
