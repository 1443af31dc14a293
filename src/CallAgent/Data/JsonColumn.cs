using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CallAgent;

/// <summary>
/// A value kept as JSON text. Text and not <c>jsonb</c>, because it must come back as it went in on both databases, and
/// because operators on <c>jsonb</c> cannot use an index under row-level security anyway.
/// </summary>
internal sealed class JsonColumn<T>() : ValueConverter<T, string>(value => Write(value), text => Read(text)) where T : class
{
    // Most rows have no tags and no custom fields: one shared value instead of a parser run a row.
    private static readonly T EmptyObject = typeof(T).Name.Contains("Dictionary", StringComparison.Ordinal) ? Parse("{}") : null!;
    private static readonly T EmptyArray = typeof(T).Name.Contains("List", StringComparison.Ordinal) ? Parse("[]") : null!;

    public static string Write(T value) => JsonSerializer.Serialize(value, Client.CallAgentJson.Lenient);

    public static T Read(string text) => text switch
    {
        "{}" => EmptyObject,
        "[]" => EmptyArray,
        _ => Parse(text),
    };

    private static T Parse(string text) => JsonSerializer.Deserialize<T>(text, Client.CallAgentJson.Lenient)!;
}

/// <summary>Values are replaced as a whole and never changed in place, so the written form decides.</summary>
internal sealed class JsonColumnComparer<T>() : ValueComparer<T>(
    (a, b) => ReferenceEquals(a, b) || (a != null && b != null && JsonColumn<T>.Write(a) == JsonColumn<T>.Write(b)),
    value => JsonColumn<T>.Write(value).GetHashCode(StringComparison.Ordinal),
    value => value) where T : class;
