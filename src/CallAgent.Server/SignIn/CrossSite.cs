namespace CallAgent.Server;

/// <summary>
/// Refuses changes that another site makes a browser send with its cookie: an unsafe request signed in by a cookie must
/// have a JSON body or none, and must not say that it comes from elsewhere.
/// </summary>
internal static class CrossSite
{
    private static readonly Problem Refused = new(
        "cross-site-request", 403, "The request may come from another site",
        "A change signed in by a cookie needs the content type application/json and must come from this site. Machines send an API key instead.");

    public static void UseCrossSiteCheck(this IApplicationBuilder app) => app.Use((context, next) =>
        IsUnsafe(context.Request.Method) && context.Features.Get<Principal>() is { Kind: CredentialKind.Session } && IsSuspicious(context.Request)
            ? Refused.ToAnswer().ExecuteAsync(context)
            : next(context));

    private static bool IsUnsafe(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    private static bool IsSuspicious(HttpRequest request) =>
        (request.ContentType is { Length: > 0 } && !request.HasJsonContentType())
        || (request.ContentType is null or "" && (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0))
        || request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site"
        || (request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsOwn(origin, request));

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
