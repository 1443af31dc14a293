namespace CallAgent.Client;

/// <summary>What to list: page size, position, order, filters and search, the same for every list.</summary>
public sealed record ListQuery
{
    /// <summary>Rows in a page, 1 to 200; 50 when absent.</summary>
    public int? Limit { get; init; }

    /// <summary>The <see cref="Page{T}.NextCursor"/> of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>A sortable field; a leading <c>-</c> turns the order round: <c>-created_at</c>.</summary>
    public string? Sort { get; init; }

    /// <summary>Search text: every word must match the beginning of a word of the row.</summary>
    public string? Q { get; init; }

    /// <summary>Field → value; rows must match all.</summary>
    public IReadOnlyDictionary<string, string> Filters { get; init; } = new Dictionary<string, string>();

    /// <summary>The query string that asks for this, with its leading <c>?</c>, or nothing.</summary>
    public string ToQueryString()
    {
        var parts = new List<string>();
        Add("limit", Limit?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Add("cursor", Cursor);
        Add("sort", Sort);
        Add("q", Q);
        foreach (var (field, value) in Filters)
        {
            Add(field, value);
        }
        return parts.Count == 0 ? "" : "?" + string.Join('&', parts);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                parts.Add($"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}");
            }
        }
    }
}
