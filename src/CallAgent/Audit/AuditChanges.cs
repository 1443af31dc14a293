using System.Buffers;
using System.Collections;
using System.Text;
using System.Text.Json;

namespace CallAgent;

/// <summary>Fields with their values before and after, as JSON. Long values are cut: the log tells what happened and is no copy.</summary>
internal sealed class AuditChanges
{
    private const int LongestText = 2_000;
    private const int LongestJson = 4_000;

    private static readonly JsonWriterOptions Options = new() { Encoder = Client.CallAgentJson.Lenient.Encoder };
    private static readonly JsonEncodedText From = JsonEncodedText.Encode("from");
    private static readonly JsonEncodedText To = JsonEncodedText.Encode("to");
    private static readonly JsonEncodedText HiddenName = JsonEncodedText.Encode("hidden");

    private ArrayBufferWriter<byte>? bytes;
    private Utf8JsonWriter? writer;

    public void Add(AuditedField field, object? from, object? to)
    {
        var (hasFrom, hasTo) = (Says(from), Says(to));
        if ((!hasFrom && !hasTo) || Equals(from, to))
        {
            return;
        }
        if (writer is null)
        {
            writer = new Utf8JsonWriter(bytes = new ArrayBufferWriter<byte>(512), Options);
            writer.WriteStartObject();
        }
        writer.WriteStartObject(field.JsonName);
        if (field.IsHidden)
        {
            writer.WriteBoolean(HiddenName, true);
        }
        else
        {
            WriteIf(hasFrom, From, from);
            WriteIf(hasTo, To, to);
        }
        writer.WriteEndObject();
    }

    /// <summary><c>null</c> when nothing changed.</summary>
    public string? ToJson()
    {
        if (writer is null)
        {
            return null;
        }
        writer.WriteEndObject();
        writer.Flush();
        return Encoding.UTF8.GetString(bytes!.WrittenSpan);
    }

    private static bool Says(object? value) => value is not (null or "" or ICollection { Count: 0 } or IReadOnlyCollection<KeyValuePair<string, JsonElement>> { Count: 0 });

    private void WriteIf(bool says, JsonEncodedText name, object? value)
    {
        if (says)
        {
            writer!.WritePropertyName(name);
            Write(value);
        }
    }

    private void Write(object? value)
    {
        switch (value)
        {
            case string text:
                writer!.WriteStringValue(Cut(text, LongestText));
                break;
            case bool flag:
                writer!.WriteBooleanValue(flag);
                break;
            case int number:
                writer!.WriteNumberValue(number);
                break;
            case long number:
                writer!.WriteNumberValue(number);
                break;
            case Guid id:
                writer!.WriteStringValue(id);
                break;
            case Enum name:
                writer!.WriteStringValue(SnakeCase.Of(name.ToString()));
                break;
            default:
                WriteJson(JsonSerializer.Serialize(value, value!.GetType(), Client.CallAgentJson.Lenient));
                break;
        }
    }

    private void WriteJson(string json)
    {
        if (json.Length > LongestJson)
        {
            writer!.WriteStringValue(Cut(json, LongestJson));
        }
        else
        {
            writer!.WriteRawValue(json);
        }
    }

    private static string Cut(string text, int longest)
    {
        if (text.Length <= longest)
        {
            return text;
        }
        // Not through the middle of a character.
        var end = char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest;
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{text[..end]}… ({text.Length} characters)");
    }
}
