using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CallAgent.Client;

/// <summary>
/// Times as RFC 3339: written in UTC with <c>Z</c> and milliseconds, read only with an explicit offset,
/// because a time without one means another moment on every machine.
/// </summary>
public sealed class UtcTimeJsonConverter : JsonConverter<DateTimeOffset>
{
    private const string Form = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && TryParse(reader.GetString()!, out var time))
        {
            return time;
        }
        throw new JsonException("Expected a time such as 2026-01-31T09:30:00Z.");
    }

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[24];
        value.UtcDateTime.TryFormat(text, out var written, Form, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..written]);
    }

    /// <summary>Parses an RFC 3339 time with offset; answers it in UTC, cut to milliseconds, which is what is stored.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        var hasOffset = text.Length >= 20 && text[10] is 'T' or 't' or ' '
            && (text[^1] is 'Z' or 'z' || (text[^6] is '+' or '-' && text[^3] == ':'));
        if (!hasOffset || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var parsed)
            || parsed.UtcDateTime.Year is < 1900 or > 9998)
        {
            return false;
        }
        time = DateTimeOffset.FromUnixTimeMilliseconds(parsed.ToUnixTimeMilliseconds());
        return true;
    }
}
