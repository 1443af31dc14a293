using CallAgent.Client;

namespace CallAgent.Server;

internal static class DashboardPages
{
    private const int NextCalls = 6;
    private const int ActiveCampaigns = 5;

    public static void MapDashboardPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/dashboard", ShowAsync).Needs(Permission.Read).IsLive();
        pages.MapGet("/usage", async (Workspace w, CancellationToken c) => PageRoutes.Show<UsagePage>(new { Usage = await w.Dashboards.UsageAsync(c) }))
            .Needs(Permission.Read).IsLive();
    }

    // A known number of queries, whatever there is: counters by day, and the first rows of a few indexes.
    private static async Task<IResult> ShowAsync(Visitor visitor, TimeProvider clock, Workspace w, CancellationToken cancellation)
    {
        var address = new PageQuery(visitor.PathAndQuery);
        var campaignId = Guid.TryParseExact(address["campaign_id"], "D", out var given) ? given : (Guid?)null;
        var query = new DashboardQuery { Days = DashboardPeriods.Days(address["period"], visitor.Today(clock)), CampaignId = campaignId };
        var dashboard = await w.Dashboards.GetAsync(query, cancellation);
        if (dashboard.Problem is not null)
        {
            return PageRoutes.ShowProblem(Problem.NotFound);
        }
        var campaigns = (await w.Campaigns.ListAsync(new() { Limit = ActiveCampaigns, Sort = "-updated_at", Filters = new Dictionary<string, string> { ["is_active"] = "true" } }, cancellation)).OrThrow();
        var next = (await w.Calls.ListAsync(new() { Limit = NextCalls, Sort = "scheduled_time", Filters = Scheduled(campaignId) }, cancellation)).OrThrow();
        return PageRoutes.Show<DashboardPage>(new
        {
            View = new DashboardView(
                dashboard.Value,
                DashboardPeriods.Name(address["period"]),
                (await w.Campaigns.NamesAsync(cancellation)).ToDictionary(c => c.Id, c => c.Name),
                [.. campaigns.Data],
                await w.Campaigns.FiguresAsync([.. campaigns.Data.Select(c => c.Id)], cancellation),
                [.. next.Data],
                await w.Contacts.ManyAsync(next.Data.Select(c => c.ContactId), cancellation),
                await w.Calls.OverdueAsync(campaignId, DashboardView.MostOverdue, cancellation),
                clock.GetUtcNow()),
        });
    }

    private static Dictionary<string, string> Scheduled(Guid? campaignId)
    {
        var filters = new Dictionary<string, string> { ["status"] = "scheduled" };
        if (campaignId is { } id)
        {
            filters["campaign_id"] = id.ToString();
        }
        return filters;
    }
}

/// <summary>The periods that a dashboard offers, by their name in the address.</summary>
internal static class DashboardPeriods
{
    public static readonly (string Value, string Text)[] All = [("7", "7 days"), ("30", "30 days"), ("90", "90 days"), ("month", "This month")];

    /// <summary>The name, or that of the usual period for one that is not known.</summary>
    public static string Name(string? period) => All.Any(p => p.Value == period) ? period! : "30";

    public static int Days(string? period, DateOnly today) => Name(period) switch { "7" => 7, "90" => 90, "month" => today.Day, _ => 30 };
}

/// <summary>Everything that the dashboard shows.</summary>
/// <param name="Figures">Totals, days and use.</param>
/// <param name="Period">Its name in the address.</param>
/// <param name="Campaigns">All campaigns' names, to choose one.</param>
/// <param name="Active">The campaigns that are shown with their progress.</param>
/// <param name="Progress">How far those have come.</param>
/// <param name="Next">The scheduled calls that come first.</param>
/// <param name="Contacts">Whom they are with.</param>
/// <param name="Overdue">Calls whose time has passed, counted up to <see cref="MostOverdue"/>.</param>
/// <param name="Now">When it was read.</param>
public sealed record DashboardView(
    Dashboard Figures, string Period, IReadOnlyDictionary<Guid, string> Campaigns, IReadOnlyList<Campaign> Active,
    IReadOnlyDictionary<Guid, CampaignFigures> Progress, IReadOnlyList<Call> Next, IReadOnlyDictionary<Guid, Contact> Contacts, int Overdue, DateTimeOffset Now)
{
    public const int MostOverdue = 100;
}
