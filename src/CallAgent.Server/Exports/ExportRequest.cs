using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>The query string of an export: that of the list without its pages, and <c>format</c>.</summary>
internal readonly record struct ExportRequest(ExportFormat Format, ListQuery Query)
{
    public static async ValueTask<ExportRequest> BindAsync(HttpContext context)
    {
        var query = (await ListRequest.BindAsync(context)).Query;
        var format = query.Filters.TryGetValue("format", out var name)
            ? FormatOf(name) ?? throw new ProblemException(Problem.Invalid("format", "Must be csv or jsonl."))
            : ExportFormat.Csv;
        return new(format, query with { Filters = query.Filters.Where(f => f.Key != "format").ToDictionary() });
    }

    private static ExportFormat? FormatOf(string name) => name switch { "csv" => ExportFormat.Csv, "jsonl" => ExportFormat.Jsonl, _ => null };
}
