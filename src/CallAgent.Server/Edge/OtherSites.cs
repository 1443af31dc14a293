using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace CallAgent.Server;

/// <summary>
/// Lets pages of the configured sites call the API with a key or token (CORS). Never with a cookie: another site's page does
/// not act for whoever happens to be signed in here. Without configuration there is no such site.
/// </summary>
internal static class OtherSites
{
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    public static void UseOtherSites(this WebApplication app)
    {
        if (app.Services.GetRequiredService<Surroundings>().CorsOrigins is { Count: > 0 } origins)
        {
            app.UseWhen(context => context.Request.Path.StartsWithSegments("/api"), api => api.UseCors(policy => Allow(policy, [.. origins])));
        }
    }

    private static void Allow(CorsPolicyBuilder policy, string[] origins) => policy
        .WithOrigins(origins)
        .WithMethods("GET", "POST", "PUT", "PATCH", "DELETE")
        .WithHeaders(HeaderNames.Authorization, "X-API-Key", HeaderNames.ContentType, HeaderNames.IfMatch, HeaderNames.IfNoneMatch, "Idempotency-Key")
        .WithExposedHeaders(HeaderNames.ETag, HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.ContentDisposition, "RateLimit", "RateLimit-Policy")
        .SetPreflightMaxAge(Remembered);
}
