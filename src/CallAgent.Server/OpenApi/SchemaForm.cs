using System.ComponentModel.DataAnnotations;
using System.Reflection;
using CallAgent.Client;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CallAgent.Server;

/// <summary>Gives types with a JSON form of their own the schema of that form.</summary>
internal static class SchemaForm
{
    public static async Task ApplyAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var type = context.JsonTypeInfo.Type;
        if (type == typeof(DateTimeOffset) || Nullable.GetUnderlyingType(type) == typeof(DateTimeOffset))
        {
            (schema.Type, schema.Format) = (OrNull(JsonSchemaType.String, type), "date-time");
        }
        else if (type == typeof(ProblemDetails))
        {
            schema.AdditionalPropertiesAllowed = true;
        }
        else if (IsOptional(type))
        {
            await UnwrapAsync(schema, type.GenericTypeArguments[0], context, cancellation);
        }
    }

    public static bool IsOptional(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);

    // A member that may be absent has the schema of its value; that it is not required says the rest.
    private static async Task UnwrapAsync(OpenApiSchema schema, Type value, OpenApiSchemaTransformerContext context, CancellationToken cancellation)
    {
        var inner = await context.GetOrCreateSchemaAsync(value, null, cancellation);
        (schema.Type, schema.Format, schema.Enum, schema.Items) = (inner.Type, inner.Format, inner.Enum, inner.Items);
        (schema.Properties, schema.AdditionalProperties, schema.AdditionalPropertiesAllowed) =
            (inner.Properties, inner.AdditionalProperties, inner.AdditionalPropertiesAllowed);
        (schema.Pattern, schema.Minimum, schema.Maximum) = (inner.Pattern, inner.Minimum, inner.Maximum);
        schema.Type = (schema.Type ?? JsonSchemaType.String) | (AllowsNull(context) ? JsonSchemaType.Null : 0);
        schema.Description = null;
        var attributes = context.JsonPropertyInfo?.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), true) ?? [];
        foreach (var attribute in attributes)
        {
            Limit(schema, attribute);
        }
    }

    private static bool AllowsNull(OpenApiSchemaTransformerContext context) =>
        context.JsonPropertyInfo?.AttributeProvider is PropertyInfo property
        && new NullabilityInfoContext().Create(property).GenericTypeArguments is [{ ReadState: NullabilityState.Nullable }];

    private static void Limit(OpenApiSchema schema, object attribute)
    {
        switch (attribute)
        {
            case StringLengthAttribute a:
                (schema.MinLength, schema.MaxLength) = (a.MinimumLength == 0 ? null : a.MinimumLength, a.MaximumLength);
                break;
            case MinLengthAttribute a:
                (schema.MinItems, schema.MinLength) = (a.Length, null);
                break;
            case MaxLengthAttribute a:
                (schema.MaxItems, schema.MaxLength) = (a.Length, null);
                break;
            case RangeAttribute a:
                (schema.Minimum, schema.Maximum) = (FormattableString.Invariant($"{a.Minimum}"), FormattableString.Invariant($"{a.Maximum}"));
                break;
        }
    }

    private static JsonSchemaType OrNull(JsonSchemaType form, Type type) =>
        Nullable.GetUnderlyingType(type) is null ? form : form | JsonSchemaType.Null;
}
