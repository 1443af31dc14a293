using System.Security.Cryptography;

namespace CallAgent.Server;

/// <summary>Headers that every answer carries.</summary>
internal static class SecurityHeaders
{
    // Scripts come from files, and from the API page (Scalar) by a nonce of the answer; it also puts styles into the page.
    private const string Policy =
        "default-src 'self'; script-src 'self' 'nonce-{0}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>The one-time value that a script in this answer's page must carry.</summary>
    public static string NonceOf(HttpContext context)
    {
        if (context.Items[typeof(SecurityHeaders)] is not string nonce)
        {
            context.Items[typeof(SecurityHeaders)] = nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        }
        return nonce;
    }

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers.ContentSecurityPolicy = Policy.Replace("{0}", NonceOf(context), StringComparison.Ordinal);
        if (context.Request.Path.StartsWithSegments("/api"))
        {
            headers.CacheControl = "no-store";
        }
        return next(context);
    });
}
