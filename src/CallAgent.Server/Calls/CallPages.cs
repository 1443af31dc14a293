using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>The list of calls, and the way into one.</summary>
internal static class CallPages
{
    /// <summary>The name of the problem that only asks whether to go on.</summary>
    public const string ContactInCall = "contact-in-call";

    private const int Matches = 8;

    // Of so many that match, the best are shown.
    private const int Looked = 50;

    // A form is filled in for some minutes, and "now" is a moment ago by then.
    private static readonly TimeSpan Typing = TimeSpan.FromMinutes(10);

    public static void MapCallPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/calls", ListAsync).Needs(Permission.Read).WithMetadata(CallAgent.Calls.Parameters);
        pages.MapGet("/calls/next", NextAsync).Needs(Permission.Work);
        pages.MapGet("/calls/new", NewAsync).Needs(Permission.Work);
        pages.MapPost("/calls/new", CreateAsync).Needs(Permission.Work);
        pages.MapCallDesk();
    }

    private static async Task<IResult> ListAsync(PageList list, HttpContext context, Visitor visitor, TimeProvider clock, Workspace w, CancellationToken cancellation)
    {
        var due = context.Request.Query["due"].ToString();
        var page = await w.Calls.ListAsync(CallDue.Resolve(list.Query, due, visitor, clock), cancellation);
        if (page.Problem is { } problem)
        {
            return PageRoutes.ShowProblem(problem);
        }
        var contacts = await w.Contacts.ManyAsync(page.Value.Data.Select(c => c.ContactId), cancellation);
        var campaigns = await w.Campaigns.NamesAsync(cancellation);
        return PageRoutes.Show<CallList>(new { Page = page.Value, list.Query, Contacts = contacts, Campaigns = campaigns });
    }

    // Decides nothing and changes nothing: it only shows the way, so that a link and a key can lead here.
    private static async Task<IResult> NextAsync(HttpContext context, Workspace w, CancellationToken cancellation)
    {
        var address = new PageForm(FromAddress(context.Request));
        return await w.CallDesks.NextAsync(address.Id("after"), cancellation) switch
        {
            { CallId: { } call } => PageRoutes.Go($"/calls/{call}"),
            { ContactId: { } contact } => PageRoutes.Go($"/calls/new?contact_id={contact}" + (address.Id("campaign_id") is { } campaign ? $"&campaign_id={campaign}" : "")),
            _ => PageRoutes.Go("/calls", (await w.Contacts.CountsAsync(cancellation)).Values.Sum() == 0
                ? "There are no contacts yet."
                : "Nobody is left to call: no call is due, and every new contact with a number that can be dialled has been called."),
        };
    }

    private static async Task<IResult> NewAsync(HttpContext context, Workspace w, CancellationToken cancellation)
    {
        var address = new PageForm(FromAddress(context.Request));
        var choice = await ChooseAsync(w, address, cancellation);
        // Enter in the search takes the first.
        return address.IsOn("first") && choice.Found.Count > 0
            ? PageRoutes.Go(choice.AddressOf(choice.Found[0]))
            : PageRoutes.Show<CallNew>(new { Choice = choice });
    }

    private static async Task<IResult> CreateAsync(PageForm form, Visitor visitor, TimeProvider clock, Workspace w, CancellationToken cancellation)
    {
        var later = form["when"] == "later";
        if (Check(form, later, visitor, clock) is { } problem)
        {
            return await AgainAsync(problem);
        }
        if (!later && !form.IsOn("anyway") && await w.CallDesks.OtherCallWithAsync(form.Id("contact_id")!.Value, cancellation) is { } other)
        {
            return await AgainAsync(InCall(other, visitor));
        }
        var created = await w.Calls.CreateAsync(
            new() { ContactId = form.Id("contact_id")!.Value, CampaignId = form.Id("campaign_id"), ScheduledTime = later ? visitor.ReadLocal(form["scheduled_time"]) : null },
            cancellation);
        if (created.Problem is { } refused)
        {
            return await AgainAsync(refused);
        }
        if (later)
        {
            return PageRoutes.Go("/calls?due=upcoming&sort=scheduled_time", $"The call is scheduled for {visitor.Moment(created.Value.ScheduledTime)}.");
        }
        var started = await w.Calls.StartAsync(created.Value.Id, cancellation);
        if (started.Problem is null)
        {
            return PageRoutes.Go($"/calls/{created.Value.Id}");
        }
        // What could not be called now was not to be scheduled either; its place in the month is free again.
        _ = await w.Calls.DeleteAsync(created.Value.Id, cancellation);
        return await AgainAsync(started.Problem);

        async Task<IResult> AgainAsync(Problem why) =>
            PageRoutes.Show<CallNew>(new { Choice = await ChooseAsync(w, form, cancellation), Form = form, Problem = why }, why.Status);
    }

    // Two people who go along the same list come to the same contact; whoever knows better may still call.
    private static Problem InCall(Call call, Visitor visitor) =>
        Problem.Conflict(ContactInCall, "Somebody is in a call with this contact", $"{call.StartedBy ?? "Somebody"} began it at {visitor.Hour(call.StartTime!.Value)}.");

    private static Problem? Check(PageForm form, bool later, Visitor visitor, TimeProvider clock)
    {
        if (form.Id("contact_id") is null)
        {
            return Problem.Invalid("contact_id", "Choose whom to call.");
        }
        return later ? CheckTime("scheduled_time", visitor.ReadLocal(form["scheduled_time"]), clock) : null;
    }

    /// <summary>What is wrong with a time at which somebody is to be called.</summary>
    public static Problem? CheckTime(string field, DateTimeOffset? time, TimeProvider clock) =>
        time is null ? Problem.Invalid(field, "Give a day and a time.")
        : time < clock.GetUtcNow() - Typing ? Problem.Invalid(field, "Is in the past.")
        : null;

    /// <summary>What can be chosen: contacts that match the search, the newest without one, and the campaigns.</summary>
    private static async Task<CallChoice> ChooseAsync(Workspace w, PageForm asked, CancellationToken cancellation)
    {
        var chosen = asked.Id("contact_id") is { } id ? await w.Contacts.FindAsync(id, cancellation) : null;
        var search = asked.Text("q");
        var found = chosen is not null && search is null ? [] : (await w.Contacts.ListAsync(new() { Q = search, Limit = search is null ? Matches : Looked }, cancellation)) switch
        {
            { Problem: null } page => [.. page.Value.Data.OrderBy(c => Distance(c, search)).Take(Matches)],
            _ => Array.Empty<Contact>(),
        };
        return new(chosen, search, found, asked.Id("campaign_id"), await w.Campaigns.NamesAsync(cancellation));
    }

    // Who is called just that comes before those whose names only begin so; among equals the newest.
    private static int Distance(Contact contact, string? search)
    {
        var (name, sought) = (Words.NameOf(contact), search?.Trim());
        return string.Equals(name, sought, StringComparison.OrdinalIgnoreCase) ? 0
            : sought?.Split(' ').All(part => name.Split(' ').Contains(part, StringComparer.OrdinalIgnoreCase)) == true ? 1
            : 2;
    }

    private static IEnumerable<KeyValuePair<string, string?>> FromAddress(HttpRequest request) =>
        request.Query.Select(q => KeyValuePair.Create(q.Key, q.Value.LastOrDefault()));
}

/// <summary>What the page for a new call offers.</summary>
public sealed record CallChoice(Contact? Contact, string? Search, IReadOnlyList<Contact> Found, Guid? CampaignId, IReadOnlyList<CampaignName> Campaigns)
{
    /// <summary>The page on which this contact is chosen.</summary>
    public string AddressOf(Contact contact) => $"/calls/new?contact_id={contact.Id}" + (CampaignId is { } campaign ? $"&campaign_id={campaign}" : "");
}

/// <summary>When calls are due, as the list of calls asks for it.</summary>
internal static class CallDue
{
    /// <summary>Today is the user's day; the other kinds are the API's.</summary>
    public static ListQuery Resolve(ListQuery query, string due, Visitor visitor, TimeProvider clock)
    {
        var sort = query.Sort ?? (due.Length > 0 ? "scheduled_time" : null);
        if (due != "today")
        {
            return query with { Sort = sort };
        }
        var today = visitor.Today(clock);
        var filters = query.Filters.Where(f => f.Key != "due").ToDictionary();
        filters["scheduled_after"] = Start(today);
        filters["scheduled_before"] = Start(today.AddDays(1));
        filters.TryAdd("status", CallStatus.Scheduled.ToText());
        return query with { Sort = sort, Filters = filters };

        string Start(DateOnly day) => visitor.ReadLocal(day.ToString("yyyy-MM-dd'T00:00'", System.Globalization.CultureInfo.InvariantCulture))!.Value
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
    }
}
