using Scalar.AspNetCore;

namespace CallAgent.Server;

/// <summary>The OpenAPI document and the page to try it.</summary>
internal static class ApiDocument
{
    public static IServiceCollection AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1");

    public static void MapApiDocument(this IEndpointRouteBuilder app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapScalarApiReference("/docs", options => options.WithTitle("CallAgent API")).AllowAnonymous();
    }

    /// <summary>Names the parameters that a list takes.</summary>
    public static RouteHandlerBuilder Lists(this RouteHandlerBuilder route, ListParameters parameters) => route.WithMetadata(parameters);
}
