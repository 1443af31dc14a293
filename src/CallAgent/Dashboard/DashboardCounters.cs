using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>
/// The counters that a dashboard needs: by name, each a range of the key, so that neither years of days nor other
/// campaigns cost anything.
/// </summary>
internal sealed record DashboardCounters(Dictionary<(string Name, string Period), long> Values, string Month, string Whose)
{
    private static readonly Client.CallStatus[] Outcomes = [.. Enum.GetValues<Client.CallStatus>().Where(CallStates.IsOver)];

    private static readonly string[] Totals =
    [
        CounterNames.Campaigns, CounterNames.ActiveCampaigns, CounterNames.Contacts, CounterNames.Calls, CounterNames.Conversations,
        .. Enum.GetValues<Client.ContactStatus>().Select(CounterNames.ContactsIn), .. Enum.GetValues<Client.CallStatus>().Select(CounterNames.CallsIn),
    ];

    private static readonly string[] Daily = [CounterNames.Calls, CounterNames.Conversations, CounterNames.TalkSeconds, .. Outcomes.Select(CounterNames.CallsIn)];

    /// <param name="db">The unit of work.</param>
    /// <param name="month">The period that calls are limited in.</param>
    /// <param name="from">The first day; <c>null</c> for totals alone.</param>
    /// <param name="campaignId">Whose calls and conversations, instead of the account's.</param>
    /// <param name="cancellation">Stops the query.</param>
    public static async Task<DashboardCounters> ReadAsync(CrmDb db, string month, DateOnly? from, Guid? campaignId, CancellationToken cancellation)
    {
        var whose = campaignId is { } id ? CounterNames.OfCampaign(id) : "";
        var totals = campaignId is null ? Totals : [.. Totals, .. Enum.GetValues<Client.CallStatus>().Select(s => whose + CounterNames.CallsIn(s))];
        var rows = db.Counters.AsNoTracking().Where(c => totals.Contains(c.Name) && (c.Period == "" || c.Period == month));
        if (from is { } day)
        {
            string[] daily = [CounterNames.Contacts, .. Daily.Select(name => whose + name)];
            var (first, stages) = (Name(day), whose + CounterNames.ConversationsByStage);
            // '/' is the character after '.': the range of what begins so.
            var end = stages[..^1] + '/';
            rows = rows
                .Concat(db.Counters.AsNoTracking().Where(c => daily.Contains(c.Name) && string.Compare(c.Period, first) >= 0))
                .Concat(db.Counters.AsNoTracking().Where(c => string.Compare(c.Name, stages) >= 0 && string.Compare(c.Name, end) < 0 && c.Period == ""));
        }
        var found = await rows.Select(c => new { c.Name, c.Period, c.Value }).ToListAsync(cancellation);
        // A month's period lies among the days', so that one of them may come twice.
        return new(found.GroupBy(c => (c.Name, c.Period)).ToDictionary(g => g.Key, g => g.First().Value), month, whose);
    }

    public long Total(string name) => Values.GetValueOrDefault((name, ""));

    public long ThisMonth(string name) => Values.GetValueOrDefault((name, Month));

    public IReadOnlyDictionary<string, long> CallsByStatus() =>
        Enum.GetValues<Client.CallStatus>().ToDictionary(s => s.ToText(), s => Total(Whose + CounterNames.CallsIn(s)));

    /// <summary>Stages that somebody is at, in the order of a call as far as they are known.</summary>
    public IReadOnlyDictionary<string, long> ConversationsByStage()
    {
        var stages = Whose + CounterNames.ConversationsByStage;
        var found = Values.Where(v => v.Value > 0 && v.Key.Name.StartsWith(stages, StringComparison.Ordinal))
            .Select(v => KeyValuePair.Create(v.Key.Name[stages.Length..], v.Value));
        return new OrderedDictionary<string, long>(found.OrderBy(s => Order(s.Key)).ThenBy(s => s.Key, StringComparer.Ordinal));

        static int Order(string stage) => Stages.Known.Index().Where(s => s.Item == stage).Select(s => s.Index).DefaultIfEmpty(int.MaxValue).First();
    }

    public Client.DashboardDay Day(DateOnly date) => new()
    {
        Date = date,
        NewContacts = On(date, CounterNames.Contacts),
        Calls = On(date, Whose + CounterNames.Calls),
        CompletedCalls = On(date, Client.CallStatus.Completed),
        NoAnswerCalls = On(date, Client.CallStatus.NoAnswer),
        BusyCalls = On(date, Client.CallStatus.Busy),
        FailedCalls = On(date, Client.CallStatus.Failed),
        Conversations = On(date, Whose + CounterNames.Conversations),
        TalkSeconds = On(date, Whose + CounterNames.TalkSeconds),
    };

    public static Client.DashboardFigures Sum(IReadOnlyCollection<Client.DashboardFigures> days) => new()
    {
        NewContacts = days.Sum(d => d.NewContacts),
        Calls = days.Sum(d => d.Calls),
        CompletedCalls = days.Sum(d => d.CompletedCalls),
        NoAnswerCalls = days.Sum(d => d.NoAnswerCalls),
        BusyCalls = days.Sum(d => d.BusyCalls),
        FailedCalls = days.Sum(d => d.FailedCalls),
        Conversations = days.Sum(d => d.Conversations),
        TalkSeconds = days.Sum(d => d.TalkSeconds),
    };

    private long On(DateOnly date, Client.CallStatus outcome) => On(date, Whose + CounterNames.CallsIn(outcome));

    private long On(DateOnly date, string name) => Values.GetValueOrDefault((name, Name(date)));

    private static string Name(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
