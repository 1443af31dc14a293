using System.Collections;
using System.Globalization;
using System.Text.Json;
using Fluid.Values;

namespace CallAgent;

/// <summary>
/// Turns plain data into template values, on demand. A type that is not named here reads as nothing:
/// no template reaches a member of a CLR object.
/// </summary>
internal static class ScriptValues
{
    public static FluidValue From(object? value, TimeZoneInfo zone, int depth = 0) => value switch
    {
        _ when depth > ScriptLimits.ContextDepth => NilValue.Instance,
        null => NilValue.Instance,
        string text => Text(text),
        bool truth => BooleanValue.Create(truth),
        JsonElement json => FromJson(json, zone, depth),
        DateTimeOffset time => new DateTimeValue(TimeZoneInfo.ConvertTime(time, zone)),
        DateTime time => new DateTimeValue(time),
        DateOnly day => new DateTimeValue(day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)),
        Guid id => Text(id.ToString()),
        Enum name => Text(JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString())),
        double or float => Number(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        IConvertible number and (sbyte or byte or short or ushort or int or uint or long or ulong or decimal) =>
            NumberValue.Create(number.ToDecimal(CultureInfo.InvariantCulture)),
        IReadOnlyDictionary<string, object?> fields => Dictionary(fields, zone, depth),
        IReadOnlyDictionary<string, JsonElement> fields => Dictionary(fields, zone, depth),
        IReadOnlyDictionary<string, string> fields => Dictionary(fields, zone, depth),
        IList list => List(list.Cast<object?>(), zone, depth),
        IReadOnlyList<object?> list => List(list, zone, depth),
        _ => NilValue.Instance
    };

    public static bool IsBlank(FluidValue value) => value switch
    {
        StringValue text => string.IsNullOrWhiteSpace(text.ToStringValue()),
        ArrayValue list => list.Values.Count == 0,
        DictionaryValue => true, // has no text of its own
        _ => value.IsNil()
    };

    /// <summary>The characters a value stands for, with something for each item of a list.</summary>
    public static long Weight(FluidValue value, int depth = 0)
    {
        const int item = 2;
        if (value is StringValue text)
        {
            return text.ToStringValue().Length;
        }
        if (value is not ArrayValue list || depth > ScriptLimits.ContextDepth)
        {
            return item;
        }
        var weight = 0L;
        foreach (var each in list.Values)
        {
            weight += item + Weight(each, depth + 1);
            if (weight > ScriptLimits.ValueCharacters)
            {
                break;
            }
        }
        return weight;
    }

    /// <summary>The contact's time zone, else the user's, else UTC.</summary>
    public static TimeZoneInfo TimeZone(IReadOnlyDictionary<string, object?> model)
    {
        foreach (var owner in new[] { "contact", "user" })
        {
            if (model.GetValueOrDefault(owner) is IReadOnlyDictionary<string, object?> fields
                && IdOf(fields.GetValueOrDefault("time_zone")) is { } id
                && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
            {
                return zone;
            }
        }
        return TimeZoneInfo.Utc;
    }

    // A contact's is a custom field, and so JSON.
    private static string? IdOf(object? zone) => zone switch
    {
        string id => id,
        JsonElement { ValueKind: JsonValueKind.String } json => JsonText(json),
        _ => null
    };

    private static FluidValue FromJson(JsonElement json, TimeZoneInfo zone, int depth) => json.ValueKind switch
    {
        JsonValueKind.String => Text(JsonText(json)),
        JsonValueKind.True => BooleanValue.True,
        JsonValueKind.False => BooleanValue.False,
        JsonValueKind.Number => json.TryGetDecimal(out var number) ? NumberValue.Create(number) : Text(json.GetRawText()),
        JsonValueKind.Array => List(json.EnumerateArray().Select(e => (object?)e), zone, depth),
        JsonValueKind.Object => new DictionaryValue(new ScriptObject(json, zone, depth)),
        _ => NilValue.Instance
    };

    // A string with half of a surrogate pair cannot be read as text.
    private static string JsonText(JsonElement json)
    {
        try
        {
            return json.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    // Empty reads as nothing, so that {% if contact.company %} means what it says.
    private static FluidValue Text(string text) =>
        string.IsNullOrWhiteSpace(text) ? NilValue.Instance : new StringValue(text, encode: false);

    private static FluidValue Number(double number) =>
        Math.Abs(number) < (double)decimal.MaxValue
            ? NumberValue.Create((decimal)number)
            : Text(number.ToString(CultureInfo.InvariantCulture));

    private static DictionaryValue Dictionary<T>(IReadOnlyDictionary<string, T> fields, TimeZoneInfo zone, int depth) =>
        new(new ScriptFields<T>(fields, zone, depth));

    private static ArrayValue List(IEnumerable<object?> items, TimeZoneInfo zone, int depth) =>
        new([.. items.Take(ScriptLimits.ListItems).Select(i => From(i, zone, depth + 1))]);
}

internal sealed class ScriptFields<T>(IReadOnlyDictionary<string, T> fields, TimeZoneInfo zone, int depth) : IFluidIndexable
{
    public int Count => fields.Count;

    public IEnumerable<string> Keys => fields.Keys;

    public bool TryGetValue(string name, out FluidValue value)
    {
        var found = fields.TryGetValue(name, out var field);
        value = ScriptValues.From(field, zone, depth + 1);
        return found;
    }
}

internal sealed class ScriptObject(JsonElement json, TimeZoneInfo zone, int depth) : IFluidIndexable
{
    public int Count => json.EnumerateObject().Count();

    public IEnumerable<string> Keys => json.EnumerateObject().Select(p => p.Name);

    public bool TryGetValue(string name, out FluidValue value)
    {
        var found = json.TryGetProperty(name, out var field);
        value = found ? ScriptValues.From(field, zone, depth + 1) : NilValue.Instance;
        return found;
    }
}
