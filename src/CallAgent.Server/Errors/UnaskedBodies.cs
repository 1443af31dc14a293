using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace CallAgent.Server;

/// <summary>
/// Refuses a body where a route takes none: who sends the time at which a call began means something by it, and would be told that it went well.
/// An empty object says nothing and is let through, which many callers send with every POST.
/// </summary>
internal static class UnaskedBodies
{
    public static RouteGroupBuilder WithoutUnaskedBodies(this RouteGroupBuilder routes) => routes.AddEndpointFilterFactory((route, next) =>
        route.MethodInfo.GetParameters().Any(ReadsBodyItself)
            ? next
            : context => IsUnasked(context.HttpContext) ? GoOnAsync(context, next) : next(context));

    private static bool IsUnasked(HttpContext http) =>
        http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true
        && http.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is null;

    private static async ValueTask<object?> GoOnAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        await CheckAsync(context.HttpContext.Request) is { } problem ? problem.ToAnswer() : await next(context);

    private static async Task<Problem?> CheckAsync(HttpRequest request)
    {
        // Bounded as every body is. Sent in chunks, it may turn out to be none.
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        if (bytes.Length == 0)
        {
            return null;
        }
        try
        {
            using var body = JsonDocument.Parse(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
            return body.RootElement.ValueKind != JsonValueKind.Object ? TakesNone
                : body.RootElement.EnumerateObject().FirstOrDefault() is { Value.ValueKind: not JsonValueKind.Undefined } member
                    ? Problem.Invalid(member.Name, "Is not a field here.")
                    : null;
        }
        catch (JsonException)
        {
            return TakesNone;
        }
    }

    private static Problem TakesNone { get; } = Problem.Invalid("body", "This request takes no body.");

    private static bool ReadsBodyItself(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(HttpContext) || parameter.ParameterType == typeof(HttpRequest) || parameter.ParameterType == typeof(Stream);
}
