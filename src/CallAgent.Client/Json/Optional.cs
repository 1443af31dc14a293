using System.Text.Json;
using System.Text.Json.Serialization;

namespace CallAgent.Client;

/// <summary>
/// A member of a PATCH body: absent leaves the field as it is, <c>null</c> clears it, a value sets it.
/// </summary>
[JsonConverter(typeof(OptionalJsonConverterFactory))]
public readonly record struct Optional<T>(T Value) : IOptional
{
    /// <summary>Whether the member was given at all.</summary>
    public bool IsSet { get; } = true;

    object? IOptional.Value => Value;

    public static implicit operator Optional<T>(T value) => new(value);

    /// <summary>The given value, or <paramref name="current"/> when the member is absent.</summary>
    public T Or(T current) => IsSet ? Value : current;
}

/// <summary>What validation needs to see of an <see cref="Optional{T}"/> of any type.</summary>
public interface IOptional
{
    bool IsSet { get; }
    object? Value { get; }
}

/// <summary>Reads and writes <see cref="Optional{T}"/> as its bare value. Absent members are left out by the serializer options.</summary>
public sealed class OptionalJsonConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Optional<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GenericTypeArguments))!;

    private sealed class Converter<T> : JsonConverter<Optional<T>>
    {
        public override bool HandleNull => true;

        public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.Null && typeof(T).IsValueType && Nullable.GetUnderlyingType(typeof(T)) is null)
            {
                throw new JsonException("null is not allowed here.");
            }
            try
            {
                return new Optional<T>(JsonSerializer.Deserialize<T>(ref reader, options)!);
            }
            catch (JsonException e)
            {
                // Its path begins at the value; only without one of its own does the path of the member come to the exception.
                throw new JsonException(e.Message, e);
            }
        }

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.Value, options);
    }
}
