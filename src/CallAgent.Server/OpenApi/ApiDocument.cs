using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace CallAgent.Server;

/// <summary>The OpenAPI document and the page to try it.</summary>
internal static class ApiDocument
{
    private const string Name = "v1";

    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi(Name, options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.CreateSchemaReferenceId = type => SchemaForm.IsOptional(type.Type) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddSchemaTransformer(SchemaForm.ApplyAsync);
        options.AddOperationTransformer(OperationInputs.ApplyAsync);
        options.AddOperationTransformer(OperationAnswers.ApplyAsync);
        options.AddOperationTransformer(OperationExamples.ApplyAsync);
        options.AddOperationTransformer(OperationConditions.ApplyAsync);
        options.AddDocumentTransformer(DocumentHead.ApplyAsync);
    });

    public static void MapApiDocument(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        // Everything comes from this server: no fonts, agents or telemetry of others.
        app.MapScalarApiReference("/docs", (options, context) =>
        {
            options.ShowDeveloperTools = DeveloperToolsVisibility.Never;
            options.WithNonce(SecurityHeaders.NonceOf(context))
                .WithTitle("CallAgent API")
                .WithOpenApiRoutePattern("/openapi/{documentName}.json")
                .DisableDefaultFonts()
                .DisableTelemetry()
                .DisableAgent()
                .DisableMcp();
        }).AllowAnonymous();
    }

    /// <summary>Names the parameters that a list takes.</summary>
    public static RouteHandlerBuilder Lists(this RouteHandlerBuilder route, ListParameters parameters) => route.WithMetadata(parameters);

    /// <summary>Prints the document, for the copy that is kept in the repository; no database is opened.</summary>
    public static async Task PrintAsync(WebApplication app)
    {
        // Routes are known once the server runs; any free port does.
        app.Urls.Clear();
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        var provider = app.Services.GetRequiredKeyedService<IOpenApiDocumentProvider>(Name);
        var document = await provider.GetOpenApiDocumentAsync();
        Console.Out.Write(await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1) + "\n");
        await app.StopAsync();
    }
}
