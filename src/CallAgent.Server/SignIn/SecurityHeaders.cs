using System.Security.Cryptography;
using Microsoft.AspNetCore.StaticAssets;

namespace CallAgent.Server;

/// <summary>Headers that every answer carries.</summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'self'; script-src 'self' 'nonce-{0}'; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self' https:; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    // The API page (Scalar) puts styles and a font into its page by itself.
    private const string DocsPolicy =
        "default-src 'self'; script-src 'self' 'nonce-{0}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private const string StrictTransport = "max-age=31536000; includeSubDomains";

    /// <summary>The one-time value that a script in this answer's page must carry.</summary>
    public static string NonceOf(HttpContext context)
    {
        if (context.Items[typeof(SecurityHeaders)] is not string nonce)
        {
            context.Items[typeof(SecurityHeaders)] = nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        }
        return nonce;
    }

    // At the start of the answer: the handler of exceptions empties what was set before.
    public static void UseSecurityHeaders(this IApplicationBuilder app)
    {
        var isHttpsOnly = app.ApplicationServices.GetRequiredService<Surroundings>().HttpsOnly is not null;
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                Write(context);
                if (isHttpsOnly && context.Request.IsHttps)
                {
                    context.Response.Headers.StrictTransportSecurity = StrictTransport;
                }
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    private static void Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        var policy = context.Request.Path.StartsWithSegments("/docs") ? DocsPolicy : Policy;
        headers.ContentSecurityPolicy = policy.Replace("{0}", NonceOf(context), StringComparison.Ordinal);
        // What belongs to somebody stays in nobody's cache; files of the product say themselves how long they may be kept.
        if (IsNamedByContent(context))
        {
            headers.CacheControl = "public, max-age=31536000, immutable";
        }
        else if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-store";
        }
    }

    // A changed file has another name, so that this one never changes.
    private static bool IsNamedByContent(HttpContext context) =>
        context.Response.StatusCode == StatusCodes.Status200OK
        && context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>()?.Properties.Any(p => p.Name == "label") == true;
}
