using System.Globalization;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>What the address of a page of contacts asks for beyond the list's own parameters.</summary>
internal static class ContactFilters
{
    /// <summary>Cards of one lane that the board shows at first, and with every "show more".</summary>
    public const int LaneCards = 20;

    /// <summary>The query with <c>since=2026-01-31</c>, a day of the visitor's, as the moment at which it began.</summary>
    public static Result<ListQuery> Of(ListQuery query, Visitor visitor)
    {
        if (new PageQuery(visitor.PathAndQuery)["since"] is not { } since)
        {
            return query;
        }
        return visitor.ReadLocal(since + "T00:00") is { } start
            ? query with { Filters = new Dictionary<string, string>(query.Filters) { ["created_after"] = start.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) } }
            : Problem.Invalid("since", "Must be a day, such as 2026-01-31.");
    }

    /// <summary>Where the contacts of this query come as a file.</summary>
    public static string ExportPath(ListQuery query, string format)
    {
        var all = (query with { Limit = null, Cursor = null, Sort = null }).ToQueryString();
        return $"/api/contacts/export?format={format}{(all.Length == 0 ? "" : "&" + all[1..])}";
    }

    /// <summary>One lane of the board: a status, beside what the board is searched by.</summary>
    public static ListQuery Lane(ListQuery board, ContactStatus status, string? cursor) => new()
    {
        Limit = LaneCards,
        Cursor = cursor,
        Q = board.Q,
        Filters = new Dictionary<string, string>(board.Filters) { ["status"] = status.ToText() },
    };
}

/// <summary>A lane of the board with its first cards.</summary>
/// <param name="Count">How many contacts have the status; <c>null</c> when a search leaves that open.</param>
public sealed record BoardLane(ContactStatus Status, long? Count, Page<Contact> Page);
