using Microsoft.AspNetCore.StaticAssets;

namespace CallAgent.Server;

/// <summary>
/// The addresses of files under wwwroot with their fingerprint, which browsers may keep for ever: what a name leads to
/// never changes, because a changed file has another name.
/// </summary>
internal sealed class WebFiles(EndpointDataSource endpoints)
{
    private readonly Lazy<Dictionary<string, string>> routes = new(() => endpoints.Endpoints
        .Select(e => e.Metadata.GetMetadata<StaticAssetDescriptor>())
        .OfType<StaticAssetDescriptor>()
        .Select(d => (Label: d.Properties.FirstOrDefault(p => p.Name == "label")?.Value, d.Route))
        .Where(a => a.Label is not null)
        .GroupBy(a => a.Label!, StringComparer.Ordinal)
        .ToDictionary(g => g.Key, g => "/" + g.First().Route, StringComparer.Ordinal));

    /// <summary>The address of a file such as <c>app.css</c>.</summary>
    public string this[string file] => routes.Value.GetValueOrDefault(file, "/" + file);

    /// <summary>Where modules that name each other without a fingerprint are found.</summary>
    public string ImportMap() => System.Text.Json.JsonSerializer.Serialize(new
    {
        imports = routes.Value.Where(r => r.Key.StartsWith("app/", StringComparison.Ordinal) || r.Key == "lib/sortable.js").OrderBy(r => r.Key, StringComparer.Ordinal).ToDictionary(r => "/" + r.Key, r => r.Value),
    });
}
