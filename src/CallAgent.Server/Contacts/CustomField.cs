using System.Text.Json;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>A custom field as forms show and send it: typed text, and of what kind it is.</summary>
public sealed record CustomField(string Name, string Kind, string Text)
{
    public static CustomField Of(string name, JsonElement value) => new(name, KindOf(value), TextOf(value));

    /// <summary>The kinds that a field can be given; JSON is for what a program has put there.</summary>
    public static IEnumerable<(string Value, string Text)> Kinds(string current) =>
        new[] { ("text", "Text"), ("number", "Number"), ("yes_no", "Yes or no") }.Concat(current == "json" ? [("json", "JSON")] : []);

    /// <summary>A value in words; objects and lists as JSON.</summary>
    public static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => "Yes",
        JsonValueKind.False => "No",
        JsonValueKind.Null => "",
        _ => TextOf(value),
    };

    /// <summary>The value in its type, or what is wrong with it.</summary>
    public (JsonElement Value, string? Error) Read() => Kind switch
    {
        // As it was typed, so that no digit is lost.
        "number" => ReadJson() is ({ ValueKind: JsonValueKind.Number } number, null) ? (number, null) : (default, "Is not a number, such as 12 or 3.5."),
        "yes_no" => Text.Trim().ToUpperInvariant() switch
        {
            "YES" or "TRUE" => (JsonSerializer.SerializeToElement(true), null),
            "NO" or "FALSE" => (JsonSerializer.SerializeToElement(false), null),
            _ => (default, "Must be yes or no."),
        },
        "json" => ReadJson(),
        _ => (JsonSerializer.SerializeToElement(Text), null),
    };

    private (JsonElement, string?) ReadJson()
    {
        try
        {
            return (JsonSerializer.Deserialize<JsonElement>(Text.Trim(), CallAgentJson.Strict), null);
        }
        catch (JsonException)
        {
            return (default, "Is not JSON.");
        }
    }

    private static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "yes_no",
        _ => "json",
    };

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        _ => value.GetRawText(),
    };
}
