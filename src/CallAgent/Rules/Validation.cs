using System.Collections;
using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;

namespace CallAgent;

/// <summary>
/// Holds a request record to the limits declared on it, wherever it comes from; the same attributes become the limits
/// in the OpenAPI document. Text with U+0000 or half a surrogate pair is refused everywhere, because not every database
/// can keep it, and U+FFFE, which is no character and which <see cref="string.Normalize()"/> does not take.
/// </summary>
public static class Validation
{
    /// <summary>No text is longer than this unless its property says so.</summary>
    private const int LongestText = 20_000;

    /// <summary>No list or object has more entries than this unless its property says so.</summary>
    private const int MostEntries = 1_000;

    private static readonly ConcurrentDictionary<Type, Member[]> Members = new();

    /// <summary>What is wrong with the request, by JSON field name; <c>null</c> when nothing is.</summary>
    public static Problem? Of(object request)
    {
        var errors = new Dictionary<string, string[]>();
        CheckMembers("", request, errors);
        return errors.Count == 0 ? null : Problem.Invalid(errors);
    }

    /// <summary>What is wrong with one text that is not part of a record, such as a query value.</summary>
    internal static string? OfText(string text, int longest = LongestText)
    {
        if (text.AsSpan().IndexOfAny('\0', '\uFFFE') is var at and >= 0)
        {
            return $"Must not contain U+{(int)text[at]:X4}.";
        }
        if (!IsWholeUnicode(text))
        {
            return "Must be valid Unicode.";
        }
        return text.Length > longest ? $"Must have at most {longest} characters." : null;
    }

    private static void CheckMembers(string prefix, object request, Dictionary<string, string[]> errors)
    {
        foreach (var member in Members.GetOrAdd(request.GetType(), Describe))
        {
            var value = member.Property.GetValue(request);
            if (value is Client.IOptional optional)
            {
                if (!optional.IsSet)
                {
                    continue;
                }
                value = optional.Value;
                if (value is null && !member.AllowsNull)
                {
                    errors[prefix + member.Name] = ["Must not be null."];
                    continue;
                }
            }
            Check(prefix + member.Name, value, member.Attributes, errors);
        }
    }

    private static void Check(string name, object? value, ValidationAttribute[] attributes, Dictionary<string, string[]> errors)
    {
        if (attributes.Select(a => Error(a, value)).FirstOrDefault(e => e is not null) is { } error)
        {
            errors[name] = [error];
            return;
        }
        if (value is ICollection { Count: > MostEntries } && !attributes.OfType<MaxLengthAttribute>().Any())
        {
            errors[name] = [$"Must have at most {MostEntries} entries."];
            return;
        }
        switch (value)
        {
            case null or Guid or Enum or bool or int or double or DateTimeOffset:
                break;
            case string text:
                AddError(name, OfText(text, Longest(attributes)), errors);
                break;
            case JsonElement json:
                AddError(name, OfJson(json), errors);
                break;
            case IDictionary entries:
                CheckEntries(name, entries, errors);
                break;
            case IEnumerable items:
                var index = 0;
                foreach (var item in items)
                {
                    Check($"{name}[{index++}]", item, [new RequiredAttribute()], errors);
                }
                break;
            default:
                CheckMembers(name + ".", value, errors);
                break;
        }
    }

    private static void CheckEntries(string name, IDictionary entries, Dictionary<string, string[]> errors)
    {
        foreach (DictionaryEntry entry in entries)
        {
            var key = (string)entry.Key;
            if (key.Length is 0 or > 100 || OfText(key) is not null)
            {
                AddError(name, "Names must have 1 to 100 characters of valid Unicode.", errors);
                return;
            }
            Check($"{name}.{key}", entry.Value, entry.Value is JsonElement ? [] : [new RequiredAttribute()], errors);
        }
    }

    private static void AddError(string name, string? error, Dictionary<string, string[]> errors)
    {
        if (error is not null)
        {
            errors[name] = [error];
        }
    }

    private static string? Error(ValidationAttribute attribute, object? value) => attribute switch
    {
        RequiredAttribute => value is null or "" || value is string text && string.IsNullOrWhiteSpace(text) ? "Is required." : null,
        _ when value is null => null,
        StringLengthAttribute { MinimumLength: > 0 } a when value is string s && (s.Length < a.MinimumLength || s.Length > a.MaximumLength) =>
            $"Must have {a.MinimumLength} to {a.MaximumLength} characters.",
        StringLengthAttribute a when value is string s && s.Length > a.MaximumLength => $"Must have at most {a.MaximumLength} characters.",
        MaxLengthAttribute a when value is ICollection { Count: var n } && n > a.Length => $"Must have at most {a.Length} entries.",
        MinLengthAttribute a when value is ICollection { Count: var n } && n < a.Length => $"Must have at least {a.Length} entries.",
        RangeAttribute a when !a.IsValid(value) => $"Must be between {a.Minimum} and {a.Maximum}.",
        _ => null,
    };

    private static string? OfJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => TextOf(json) is { } text ? OfText(text) : "Must be valid Unicode.",
        JsonValueKind.Array => json.EnumerateArray().Select(OfJson).FirstOrDefault(e => e is not null),
        JsonValueKind.Object => json.EnumerateObject().Select(p => OfText(p.Name, 100) ?? OfJson(p.Value)).FirstOrDefault(e => e is not null),
        JsonValueKind.Number when json.GetRawText().Length > 40 => "Numbers must have at most 40 digits.",
        JsonValueKind.Number => double.IsFinite(json.GetDouble()) ? null : "Is too large a number.",
        _ => null,
    };

    private static string? TextOf(JsonElement json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // Half a surrogate pair, escaped.
        }
    }

    private static int Longest(ValidationAttribute[] attributes) =>
        attributes.OfType<StringLengthAttribute>().FirstOrDefault()?.MaximumLength ?? LongestText;

    private static bool IsWholeUnicode(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }
        return true;
    }

    private static Member[] Describe(Type type)
    {
        var nullability = new NullabilityInfoContext();
        return [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0)
            .Select(p => new Member(
                p,
                SnakeCase.Of(p.Name),
                [.. p.GetCustomAttributes<ValidationAttribute>()],
                nullability.Create(p).GenericTypeArguments is not [var inner] || inner.ReadState == NullabilityState.Nullable))];
    }

    private sealed record Member(PropertyInfo Property, string Name, ValidationAttribute[] Attributes, bool AllowsNull);
}
