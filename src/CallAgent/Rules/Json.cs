using System.Text.Json;

namespace CallAgent;

internal static class Json
{
    private const int MostFields = 100;
    private const int MostCharacters = 16 * 1024;

    // What is kept is told again within other objects: pages, the timeline, the audit log, exports. Readers stop at 64.
    private const int Deepest = 16;

    public static IReadOnlyDictionary<string, JsonElement> Empty { get; } = new Dictionary<string, JsonElement>();

    /// <summary>An object's members by their JSON names.</summary>
    public static Dictionary<string, JsonElement> Object(object value) =>
        JsonSerializer.SerializeToElement(value, value.GetType(), Client.CallAgentJson.Lenient).EnumerateObject().ToDictionary(p => p.Name, p => p.Value);

    /// <summary>Holds a free-form object to its bounds.</summary>
    public static Problem? CheckBounds(string field, IReadOnlyDictionary<string, JsonElement>? value)
    {
        if (value is null)
        {
            return null;
        }
        if (value.Count > MostFields)
        {
            return Problem.Invalid(field, $"Must have at most {MostFields} fields.");
        }
        if (value.Values.Any(v => IsDeeperThan(Deepest - 1, v)))
        {
            return Problem.Invalid(field, $"Must not be nested more than {Deepest} levels deep.");
        }
        return value.Sum(f => f.Key.Length + f.Value.GetRawText().Length) > MostCharacters
            ? Problem.Invalid(field, $"Must have at most {MostCharacters} characters of JSON.")
            : null;
    }

    private static bool IsDeeperThan(int levels, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => levels == 0 || value.EnumerateArray().Any(v => IsDeeperThan(levels - 1, v)),
        JsonValueKind.Object => levels == 0 || value.EnumerateObject().Any(p => IsDeeperThan(levels - 1, p.Value)),
        _ => false,
    };
}
