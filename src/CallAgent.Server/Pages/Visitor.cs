using System.Globalization;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>Who looks at this page, and how times and numbers are written for them.</summary>
public sealed class Visitor
{
    private readonly HttpContext context;
    private readonly FormToken tokens;
    private readonly Lazy<TimeZoneInfo> zone;

    internal Visitor(IHttpContextAccessor accessor, FormToken tokens)
    {
        context = accessor.HttpContext ?? throw new InvalidOperationException("A page was rendered outside a request.");
        this.tokens = tokens;
        Culture = Cultures.Of(context.Request);
        zone = new(() => LocalTime.ZoneOf(Principal?.TimeZone ?? "UTC"));
    }

    /// <summary>Who is signed in; <c>null</c> on the pages for strangers.</summary>
    public Principal? Principal => context.Features.Get<Principal>();

    /// <summary>Which operator is signed in at the console; <c>null</c> on every other page.</summary>
    public OperatorAccount? Operator => context.Features.Get<OperatorAccount>();

    /// <summary>Why and until when an operator looks at this user's pages; <c>null</c> for the user's own people.</summary>
    public Impersonation? Impersonation => Principal?.Impersonation;

    /// <summary>Whether lists may be taken along as files.</summary>
    public bool MayExport => Impersonation is null;

    public bool MayWork => May(Permission.Work);

    public bool MayManage => May(Permission.Manage);

    public bool MayOwn => May(Permission.Own);

    /// <summary>The browser's first language, for dates and numbers.</summary>
    public CultureInfo Culture { get; }

    public string Path => context.Request.Path;

    public string PathAndQuery => context.Request.Path + context.Request.QueryString;

    /// <summary><c>light</c>, <c>dark</c>, or <c>null</c> for what the system says.</summary>
    public string? Theme => context.Request.Cookies["theme"] is "light" or "dark" ? context.Request.Cookies["theme"] : null;

    public string FormToken => tokens.Of(context);

    /// <summary>How the rows stood before this page was made; <c>null</c> for a page that follows no changes.</summary>
    internal string? LiveMark => PageMark.Read(context);

    internal string Nonce => SecurityHeaders.NonceOf(context);

    /// <summary>What the page before had to say; shown once.</summary>
    public string? TakeMessage() => Flash.Take(context);

    public string Number(long value) => value.ToString("N0", Culture);

    /// <summary>How many there are, with the word for one of them or, with an s, for many.</summary>
    public string Count(long value, string one) => $"{Number(value)} {one}{(value == 1 ? "" : "s")}";

    public string Percent(double share) => share.ToString("P0", Culture);

    /// <summary>How far a campaign has come, in the same words wherever it is said.</summary>
    public string Progress(CampaignFigures campaign) => campaign.TotalCalls == 0
        ? "No calls yet"
        : $"{Number(campaign.CallsOver)} of {Count(campaign.TotalCalls, "call")} over · {Percent(campaign.ReachedShare)} reached";

    public DateTime Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, zone.Value).DateTime;

    /// <summary>Day and time, in the user's time zone.</summary>
    public string Moment(DateTimeOffset time) => Local(time).ToString("g", Culture);

    public string Day(DateTimeOffset time) => Local(time).ToString("d", Culture);

    /// <summary>A day without its year, as the culture writes it, short.</summary>
    public string DayAndMonth(DateOnly day) => day.ToString(Culture.DateTimeFormat.MonthDayPattern.Replace("MMMM", "MMM", StringComparison.Ordinal), Culture);

    public string Hour(DateTimeOffset time) => Local(time).ToString("t", Culture);

    public DateOnly Today(TimeProvider clock) => DateOnly.FromDateTime(Local(clock.GetUtcNow()));

    /// <summary>A local time as <c>datetime-local</c> fields write it; <c>null</c> when it is none, or out of range.</summary>
    public DateTimeOffset? ReadLocal(string text) =>
        DateTime.TryParseExact(text, ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var local)
            ? LocalTime.ToUtc(local, zone.Value)
            : null;

    /// <summary>Seconds as <c>1:05</c> or <c>1:02:05</c>.</summary>
    public static string Duration(long seconds) => seconds >= 3600
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00}");

    internal bool May(Permission permission) => Principal is { } principal && Permissions.Allows(principal, permission);
}

/// <summary>The culture of a request, from what the browser accepts.</summary>
internal static class Cultures
{
    private static readonly CultureInfo Fallback = CultureInfo.GetCultureInfo("en-US");

    private static readonly Dictionary<string, CultureInfo> Known =
        CultureInfo.GetCultures(CultureTypes.SpecificCultures | CultureTypes.NeutralCultures).Where(c => c.Name.Length > 0)
            .GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);

    /// <summary>The region of it, such as DE; <c>null</c> where a language alone is known, or one that several regions speak.</summary>
    public static string? RegionOf(HttpRequest request) =>
        Of(request).Name is { Length: > 0 } name && new RegionInfo(name).TwoLetterISORegionName is [>= 'A' and <= 'Z', _] region ? region : null;

    public static CultureInfo Of(HttpRequest request)
    {
        foreach (var language in request.GetTypedHeaders().AcceptLanguage.OrderByDescending(l => l.Quality ?? 1))
        {
            if (Known.TryGetValue(language.Value.ToString(), out var culture))
            {
                return culture.IsNeutralCulture ? CultureInfo.CreateSpecificCulture(culture.Name) : culture;
            }
        }
        return Fallback;
    }
}
