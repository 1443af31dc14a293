using System.Globalization;
using System.Text.Json;

namespace CallAgent;

/// <summary>Records of the API as a table: a column for each member, lists and objects as JSON.</summary>
internal static class RecordColumns
{
    public static IReadOnlyList<string> HeaderOf<T>() => [.. typeof(T).GetProperties().Select(p => SnakeCase.Of(p.Name))];

    public static IEnumerable<string> CellsOf<T>(T record) where T : class
    {
        var members = Json.Object(record);
        return HeaderOf<T>().Select(name => members.TryGetValue(name, out var value) ? Text(value) : "");
    }

    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };
}
