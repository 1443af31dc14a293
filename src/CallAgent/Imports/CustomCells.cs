using System.Text.Json;
using System.Text.RegularExpressions;

namespace CallAgent;

/// <summary>
/// Custom fields as values of a table. A number or <c>true</c> is one, everything else is text; what would not come back
/// as it was goes into a column of JSON instead, so that export and import are exact.
/// </summary>
internal static partial class CustomCells
{
    public static JsonElement Read(string cell) => cell is "true" or "false" || Number().IsMatch(cell)
        ? JsonElement.Parse(cell)
        : JsonSerializer.SerializeToElement(cell);

    /// <summary>The value as a cell; <c>null</c> when it needs JSON.</summary>
    public static string? Write(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number when Number().IsMatch(value.GetRawText()) => value.GetRawText(),
        JsonValueKind.String when value.GetString() is { Length: > 0 } text && text.Trim() == text && Read(text).ValueKind == JsonValueKind.String => text,
        _ => null,
    };

    // At most 15 digits, which every program keeps; a number with leading zeros is a code and stays text.
    [GeneratedRegex(@"^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$", RegexOptions.NonBacktracking)]
    private static partial Regex Number();
}
