using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CallAgent.Client;

/// <summary>The one set of JSON rules that the server and the client share.</summary>
public static class CallAgentJson
{
    /// <summary>Strict reading: unknown and duplicate members are errors; <c>snake_case</c> names and enum values.</summary>
    public static JsonSerializerOptions Strict { get; } = Create(JsonUnmappedMemberHandling.Disallow);

    /// <summary>The client reads answers leniently, so that a newer server with more fields does not break it.</summary>
    public static JsonSerializerOptions Lenient { get; } = Create(JsonUnmappedMemberHandling.Skip);

    /// <summary>Applies the rules to options owned by somebody else, such as those of ASP.NET Core.</summary>
    public static void Apply(JsonSerializerOptions options, JsonUnmappedMemberHandling unmapped = JsonUnmappedMemberHandling.Disallow)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = unmapped;
        options.AllowDuplicateProperties = unmapped == JsonUnmappedMemberHandling.Skip;
        options.RespectNullableAnnotations = unmapped == JsonUnmappedMemberHandling.Disallow;
        options.MaxDepth = 64;
        // Answers are JSON and are never sniffed, so that text needs no escapes for HTML.
        options.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new UtcTimeJsonConverter());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false));
        options.TypeInfoResolverChain.Insert(0, CallAgentJsonContext.Default.WithAddedModifier(LeaveOutAbsent));
    }

    private static JsonSerializerOptions Create(JsonUnmappedMemberHandling unmapped)
    {
        var options = new JsonSerializerOptions();
        Apply(options, unmapped);
        options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutAbsent } });
        options.MakeReadOnly();
        return options;
    }

    private static void LeaveOutAbsent(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(p => p.PropertyType.IsAssignableTo(typeof(IOptional))))
        {
            property.ShouldSerialize = (_, value) => value is IOptional { IsSet: true };
        }
    }
}

/// <summary>Serialization code for the hot records, made at build time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(UtcTimeJsonConverter)],
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(Page<Contact>))]
[JsonSerializable(typeof(CreateContact))]
[JsonSerializable(typeof(UpdateContact))]
[JsonSerializable(typeof(Page<Campaign>))]
[JsonSerializable(typeof(Page<Call>))]
[JsonSerializable(typeof(Page<Conversation>))]
internal sealed partial class CallAgentJsonContext : JsonSerializerContext;
