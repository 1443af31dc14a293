using System.Globalization;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>The query string of a list: the four common parameters, and filters by the names of fields.</summary>
internal readonly record struct ListRequest(ListQuery Query)
{
    public static ValueTask<ListRequest> BindAsync(HttpContext context)
    {
        var query = new ListQuery();
        var filters = new Dictionary<string, string>();
        foreach (var (name, values) in context.Request.Query)
        {
            if (values.Count != 1)
            {
                throw new ProblemException(Problem.Invalid(name, UnknownParameters.MoreThanOnce));
            }
            var value = values[0] ?? "";
            switch (name)
            {
                case "limit":
                    query = query with { Limit = ParseLimit(value) };
                    break;
                case "cursor":
                    query = query with { Cursor = value };
                    break;
                case "sort":
                    query = query with { Sort = value };
                    break;
                case "q":
                    query = query with { Q = value };
                    break;
                default:
                    filters[name] = value;
                    break;
            }
        }
        return new(new ListRequest(query with { Filters = filters }));
    }

    private static int ParseLimit(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
        ? limit
        : throw new ProblemException(Problem.Invalid("limit", "Must be a whole number from 1 to 200."));
}
