using System.Globalization;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>
/// What the address of a page with a list asks for. Unlike the API it takes empty values, which forms send, as not given,
/// and leaves what the list does not know to the page.
/// </summary>
internal readonly record struct PageList(ListQuery Query)
{
    /// <summary>Rows on a page of a list.</summary>
    public const int Rows = 50;

    public static ValueTask<PageList> BindAsync(HttpContext context)
    {
        var known = context.GetEndpoint()?.Metadata.GetMetadata<ListParameters>() ?? throw new InvalidOperationException("The page's route does not say what its list takes.");
        var query = context.Request.Query;
        return new(new PageList(new ListQuery
        {
            Limit = int.TryParse(query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? Math.Clamp(limit, 1, 200) : Rows,
            Cursor = Given("cursor"),
            Sort = Given("sort"),
            Q = known.CanSearch ? Given("q") : null,
            Filters = known.Filters.Where(f => Given(f) is not null).ToDictionary(f => f, f => Given(f)!),
        }));

        string? Given(string name) => query[name].LastOrDefault()?.Trim() is { Length: > 0 } value ? value : null;
    }
}
