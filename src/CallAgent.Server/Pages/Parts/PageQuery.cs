using Microsoft.AspNetCore.WebUtilities;

namespace CallAgent.Server;

/// <summary>The address of a page, and the same address with one thing asked differently.</summary>
public sealed class PageQuery
{
    private readonly string path;
    private readonly Dictionary<string, string?> values;

    /// <param name="pathAndQuery">As the browser asked for it.</param>
    public PageQuery(string pathAndQuery)
    {
        var mark = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        path = mark < 0 ? pathAndQuery : pathAndQuery[..mark];
        values = QueryHelpers.ParseQuery(mark < 0 ? "" : pathAndQuery[mark..])
            .ToDictionary(p => p.Key, p => p.Value.LastOrDefault(), StringComparer.Ordinal);
    }

    public string? this[string name] => values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

    /// <summary>With another value; a changed filter begins at the first page.</summary>
    public string With(string name, string? value)
    {
        var changed = values.Where(p => p.Key != name && p.Value is { Length: > 0 } && (name == "cursor" || p.Key != "cursor")).ToDictionary();
        if (value is { Length: > 0 })
        {
            changed[name] = value;
        }
        return QueryHelpers.AddQueryString(path, changed);
    }

    public string Without(string name) => With(name, null);
}
