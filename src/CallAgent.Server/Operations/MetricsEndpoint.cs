using System.Security.Cryptography;
using System.Text;
using Microsoft.Net.Http.Headers;

namespace CallAgent.Server;

/// <summary>
/// Where Prometheus reads: at an address of its own where nothing else is served, or at <c>/metrics</c> with a token.
/// Without either it does not exist.
/// </summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    public static void UseMetrics(this WebApplication app)
    {
        var settings = app.Services.GetRequiredService<OperationSettings>();
        if (!settings.ShowsMetrics)
        {
            return;
        }
        app.Use((context, next) =>
        {
            if (settings.IsForMetrics(context.Connection))
            {
                // What answers here answers without sign-in, so nothing but figures and probes may.
                var isOurs = context.Request.Path == Path || context.Request.Path.StartsWithSegments("/health");
                return isOurs ? next(context) : Refuse(context, StatusCodes.Status404NotFound);
            }
            return context.Request.Path != Path || Knows(context.Request, settings.MetricsToken)
                ? next(context)
                : Refuse(context, settings.MetricsToken is null ? StatusCodes.Status404NotFound : StatusCodes.Status401Unauthorized);
        });
        app.UseOpenTelemetryPrometheusScrapingEndpoint(Path);
    }

    private static bool Knows(HttpRequest request, string? token) =>
        token is not null
        && request.Headers[HeaderNames.Authorization].ToString() is var given
        && given.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given["Bearer ".Length..]), Encoding.UTF8.GetBytes(token));

    // The body is the one of every such answer.
    private static Task Refuse(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
