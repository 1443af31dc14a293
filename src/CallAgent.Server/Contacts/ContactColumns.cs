using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>The columns of the list that a person has chosen, kept in a cookie of their browser.</summary>
public sealed record ContactColumns(IReadOnlyList<string> Shown)
{
    /// <summary>Goes before the name of a custom field.</summary>
    public const string Custom = "field:";

    private const string Cookie = "contact_columns";
    private const int Most = 20;
    private const int LongestCookie = 2_000;

    /// <summary>Those that every contact has, in the order in which they stand; the name is always there.</summary>
    public static readonly IReadOnlyList<string> Fixed = ["phone_number", "email", "company", "status", "tags", "created_at", "updated_at"];

    private static readonly string[] Usual = ["phone_number", "company", "status", "tags", "created_at"];

    public bool Has(string column) => Shown.Contains(column);

    /// <summary>The custom fields that can be chosen: those of these contacts, and those chosen before.</summary>
    public IEnumerable<string> Fields(IEnumerable<Contact> contacts) =>
        Shown.Where(c => c.StartsWith(Custom, StringComparison.Ordinal)).Select(c => c[Custom.Length..])
            .Union(contacts.SelectMany(c => c.CustomFields.Keys)).Order(StringComparer.OrdinalIgnoreCase).Take(Most);

    public static ContactColumns Of(HttpRequest request) => request.Cookies[Cookie] is { Length: > 0 and <= LongestCookie } text
        ? Chosen(text.Split('.').Select(Uri.UnescapeDataString))
        : new(Usual);

    public static ContactColumns Chosen(IEnumerable<string> columns)
    {
        var chosen = columns.ToHashSet(StringComparer.Ordinal);
        return new([.. Fixed.Where(chosen.Contains), .. chosen.Where(c => c.StartsWith(Custom, StringComparison.Ordinal) && c.Length > Custom.Length).Take(Most)]);
    }

    public void Write(HttpContext context)
    {
        // "none" is no column, and unlike an empty cookie it is kept.
        var text = string.Join('.', Shown.DefaultIfEmpty("none").Select(c => Uri.EscapeDataString(c).Replace(".", "%2E", StringComparison.Ordinal)));
        if (text.Length <= LongestCookie)
        {
            context.Response.Cookies.Append(Cookie, text, new()
            {
                HttpOnly = true,
                IsEssential = true,
                MaxAge = TimeSpan.FromDays(365),
                Path = "/contacts",
                SameSite = SameSiteMode.Lax,
                Secure = context.Request.IsHttps,
            });
        }
    }

    /// <summary>The head of a column; and what the list is sorted by with it, if it can be.</summary>
    public static string Title(string column) => column switch
    {
        "email" => "E-mail",
        "created_at" => "Added",
        "updated_at" => "Changed",
        _ when column.StartsWith(Custom, StringComparison.Ordinal) => column[Custom.Length..],
        _ => Words.Of(column),
    };

    /// <summary>The orders that a person can choose without the heads of columns, which a phone has no room for.</summary>
    public static readonly IReadOnlyList<(string Value, string Text)> Orders =
    [
        ("", "Newest first"), ("created_at", "Oldest first"), ("last_name", "Name, A to Z"), ("-last_name", "Name, Z to A"),
        ("-updated_at", "Changed last"), ("updated_at", "Unchanged for longest"), ("phone_number", "Phone number"), ("-phone_number", "Phone number, backwards"),
    ];

    public static string? SortOf(string column) => column switch
    {
        "name" => "last_name",
        "phone_number" or "created_at" or "updated_at" => column,
        _ => null,
    };
}
