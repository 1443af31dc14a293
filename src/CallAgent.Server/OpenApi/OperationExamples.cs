using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace CallAgent.Server;

/// <summary>Gives each answer of a success an example, and says which files a route answers.</summary>
internal static class OperationExamples
{
    private const string Json = "application/json";
    private const string Events = "text/event-stream";

    public static Task ApplyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var options = context.ApplicationServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        foreach (var answer in context.Description.SupportedResponseTypes.Where(a => a.StatusCode is >= 200 and < 300))
        {
            if (ResponseOf(operation, answer.StatusCode)?.Content is { } content && answer.Type is { } type)
            {
                Add(content, type, options);
            }
        }
        AddFiles(operation, context.Description.ActionDescriptor.EndpointMetadata);
        return Task.CompletedTask;
    }

    private static void Add(IDictionary<string, OpenApiMediaType> content, Type type, JsonSerializerOptions options)
    {
        if (content.TryGetValue(Json, out var json))
        {
            json.Example = AnswerExamples.Of(type, options);
        }
        if (content.TryGetValue(Events, out var events) && AnswerExamples.Of(type, options) is { } data)
        {
            events.Example = JsonValue.Create($"event: {JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name)}\ndata: {data.ToJsonString(options)}\n\n");
        }
    }

    // An answer without a type is left out of the document with its content types.
    private static void AddFiles(OpenApiOperation operation, IList<object> metadata)
    {
        foreach (var file in metadata.OfType<IProducesResponseTypeMetadata>().Where(m => (m.Type is null || m.Type == typeof(void)) && m.ContentTypes.Any()))
        {
            if (ResponseOf(operation, file.StatusCode) is { } response)
            {
                response.Content = file.ContentTypes.ToDictionary(type => type, type => new OpenApiMediaType
                {
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = type.StartsWith("text/", StringComparison.Ordinal) ? null : "binary" },
                });
            }
        }
    }

    private static OpenApiResponse? ResponseOf(OpenApiOperation operation, int status) =>
        operation.Responses?.GetValueOrDefault(status.ToString(CultureInfo.InvariantCulture)) as OpenApiResponse;
}
