using System.Globalization;
using System.Text.Json.Nodes;
using CallAgent.Client;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace CallAgent.Server;

/// <summary>Lists every error that a route can answer, each with an example.</summary>
internal static class OperationAnswers
{
    private const string Media = "application/problem+json";

    public static async Task ApplyAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        var schema = await ProblemSchemaAsync(context, cancellation);
        operation.Responses ??= [];
        foreach (var problem in ProblemsOf(operation, context))
        {
            operation.Responses[problem.Status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = problem.Title,
                Content = new Dictionary<string, OpenApiMediaType> { [Media] = new OpenApiMediaType { Schema = schema, Example = Example(problem, context) } },
            };
        }
    }

    private static IEnumerable<Problem> ProblemsOf(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var method = context.Description.HttpMethod;
        var path = context.Description.RelativePath ?? "";
        var hasBody = operation.RequestBody is not null;
        var needs = context.Description.ActionDescriptor.EndpointMetadata.OfType<NeedsPermission>().FirstOrDefault();
        if (path.StartsWith("health", StringComparison.Ordinal))
        {
            yield return new("unavailable", 503, "The database does not answer now");
            yield break;
        }
        yield return Problem.Invalid(hasBody ? "body" : "limit", "What is wrong with it.");
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<OperatorRoute>().Any())
        {
            yield return OperatorHandler.NotAnOperator;
        }
        else if (needs is not null)
        {
            yield return Problem.NotSignedIn;
            yield return Problem.Forbidden(needs.Permission.ToString().ToLowerInvariant());
        }
        else
        {
            yield return Problem.WrongCredentials;
            yield return Problem.TooManyTries(TimeSpan.FromSeconds(8));
        }
        if (needs is not null)
        {
            yield return RateLimits.Example;
        }
        if (path.Contains("{id", StringComparison.Ordinal))
        {
            yield return Problem.NotFound;
        }
        if (method is "POST" or "PATCH" or "PUT" or "DELETE")
        {
            yield return Problem.Conflict("conflict", "It conflicts with what is there", "See the type for which rule.");
        }
        if (needs is not null && method == "POST")
        {
            yield return new("idempotency-key-reused", 422, "This key was used for another request");
        }
        if (OperationConditions.HeaderOf(operation, context) == HeaderNames.IfMatch)
        {
            yield return Problem.Stale;
        }
        if (hasBody)
        {
            yield return new("body-too-large", 413, "The body is too large");
            yield return new("unsupported-media-type", 415, "Not that content type");
        }
        yield return new("internal-error", 500, "Something went wrong here");
        yield return new("unavailable", 503, "The database does not answer now");
    }

    private static async Task<OpenApiSchemaReference> ProblemSchemaAsync(OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        const string Name = nameof(ProblemDetails);
        var document = context.Document!;
        if (document.Components?.Schemas?.ContainsKey(Name) != true)
        {
            document.AddComponent(Name, await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, cancellation));
        }
        return new(Name, document);
    }

    private static JsonObject Example(Problem problem, OpenApiOperationTransformerContext context)
    {
        var example = new JsonObject
        {
            ["type"] = problem.Type,
            ["title"] = problem.Title,
            ["status"] = problem.Status,
            ["instance"] = "/" + context.Description.RelativePath?.Replace(":guid", "", StringComparison.Ordinal).TrimEnd('/'),
            ["trace_id"] = "0af7651916cd43dd8448eb211c80319c",
        };
        if (problem.Errors is { } errors)
        {
            example["errors"] = new JsonObject(errors.Select(e => KeyValuePair.Create(e.Key, (JsonNode?)new JsonArray([.. e.Value.Select(v => (JsonNode)v)]))));
        }
        return example;
    }
}
