using CallAgent.Client;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace CallAgent.Server;

/// <summary>Says which answers carry a tag, and what a condition on it leads to.</summary>
internal static class OperationConditions
{
    public static Task ApplyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var header = HeaderOf(operation, context);
        if (header == HeaderNames.IfNoneMatch || context.Description.SupportedResponseTypes.Any(IsVersioned))
        {
            foreach (var response in operation.Responses!.Where(r => r.Key.StartsWith('2')).Select(r => r.Value).OfType<OpenApiResponse>())
            {
                response.Headers ??= new Dictionary<string, IOpenApiHeader>();
                response.Headers[HeaderNames.ETag] = Tag();
            }
        }
        if (header == HeaderNames.IfNoneMatch)
        {
            operation.Responses!["304"] = new OpenApiResponse
            {
                Description = "Nothing new",
                Headers = new Dictionary<string, IOpenApiHeader> { [HeaderNames.ETag] = Tag() },
            };
        }
        return Task.CompletedTask;
    }

    /// <summary>The condition that an operation takes; <c>null</c> for none.</summary>
    public static string? HeaderOf(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (!metadata.OfType<TakesConditions>().Any())
        {
            return null;
        }
        if (context.Description.HttpMethod == "GET")
        {
            // Files and streams are written while they are read, and nobody knows their bytes before.
            return operation.Responses?.GetValueOrDefault("200")?.Content?.ContainsKey("application/json") == true ? HeaderNames.IfNoneMatch : null;
        }
        var isOfOne = context.Description.RelativePath!.Contains("{id", StringComparison.Ordinal) || metadata.OfType<ChangesOneRecord>().Any();
        return isOfOne ? HeaderNames.IfMatch : null;
    }

    private static bool IsVersioned(Microsoft.AspNetCore.Mvc.ApiExplorer.ApiResponseType response) => response.Type?.IsAssignableTo(typeof(IVersionedRecord)) == true;

    private static OpenApiHeader Tag() => new()
    {
        Description = "Names this state of it, for If-Match and If-None-Match; of a record it is the version in quotes.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}
