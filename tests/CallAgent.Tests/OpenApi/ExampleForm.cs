using System.Text.Json;
using System.Text.Json.Nodes;

namespace CallAgent.Tests;

/// <summary>Compares an example with the schema beside it: the same fields, no more and no fewer, of the types it says.</summary>
internal static class ExampleForm
{
    public static IEnumerable<string> Faults(JsonNode document, JsonNode schema, JsonNode? example, string at)
    {
        if (schema["oneOf"] is JsonArray choices)
        {
            // A field that may be null: null, or the other.
            return example is null ? [] : Faults(document, choices.Single(c => (string?)c!["type"] != "null")!, example, at);
        }
        var form = Follow(document, schema);
        if (form["enum"] is JsonArray values)
        {
            return values.Any(v => JsonNode.DeepEquals(v, example)) ? [] : [$"{at} is {example}, none of the values."];
        }
        return TypesOf(form) is { Count: > 0 } types && !types.Contains(TypeOf(example)) && !(TypeOf(example) == "integer" && types.Contains("number"))
            ? [$"{at} is {TypeOf(example)} and not {string.Join(" or ", types)}."]
            : example switch
            {
                JsonObject fields => FaultsOf(document, form, fields, at),
                JsonArray items when form["items"] is { } item => items.SelectMany((value, i) => Faults(document, item, value, $"{at}[{i}]")),
                _ => [],
            };
    }

    private static IEnumerable<string> FaultsOf(JsonNode document, JsonNode form, JsonObject fields, string at)
    {
        var properties = form["properties"] as JsonObject ?? [];
        foreach (var (name, schema) in properties)
        {
            foreach (var fault in fields.ContainsKey(name) ? Faults(document, schema!, fields[name], $"{at}.{name}") : [$"{at}.{name} is missing."])
            {
                yield return fault;
            }
        }
        // What has names of its own says of which form their values are, or takes any.
        var takesAny = properties.Count == 0 && form["additionalProperties"] is null;
        foreach (var (name, value) in fields.Where(f => !takesAny && !properties.ContainsKey(f.Key)))
        {
            foreach (var fault in form["additionalProperties"] is JsonObject other ? Faults(document, other, value, $"{at}.{name}") : [$"{at}.{name} is not in the schema."])
            {
                yield return fault;
            }
        }
    }

    private static JsonNode Follow(JsonNode document, JsonNode schema)
    {
        while ((string?)schema["$ref"] is { } reference)
        {
            schema = reference[2..].Split('/').Aggregate(document, (node, part) => node[part]!);
        }
        return schema;
    }

    private static List<string> TypesOf(JsonNode form) => form["type"] switch
    {
        JsonArray several => [.. several.Select(t => (string)t!)],
        JsonValue one => [(string)one!],
        _ => [],
    };

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        _ => value.ToJsonString().Contains('.', StringComparison.Ordinal) ? "number" : "integer",
    };
}
