namespace CallAgent.Server;

/// <summary>
/// Refuses changes that another site makes a browser send. A request that says it comes from elsewhere is refused; one
/// signed in by a cookie must also be of a kind that no foreign form can make: JSON, or with the token of a page of ours.
/// </summary>
internal static class CrossSite
{
    private static readonly Problem Refused = new(
        "cross-site-request", 403, "The request may come from another site",
        "A change signed in by a cookie needs the content type application/json, or the token of a page's form, and must come from this site. "
        + "Machines send an API key instead.");

    public static void UseCrossSiteCheck(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (IsUnsafe(context.Request.Method) && await IsSuspiciousAsync(context))
        {
            await PageRoutes.Answer(context, Refused).ExecuteAsync(context);
            return;
        }
        await next(context);
    });

    private static bool IsUnsafe(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    private static async Task<bool> IsSuspiciousAsync(HttpContext context) => context.Features.Get<Principal>() switch
    {
        { Kind: CredentialKind.Session or CredentialKind.Impersonation } => await LacksProofAsync(context),
        // At the console every change is a form, even one without fields.
        null when context.Features.Get<OperatorAccount>() is not null && IsPage(context) =>
            IsFromElsewhere(context.Request) || !await IsTokenGivenAsync(context),
        // A foreign form must not sign somebody in as somebody else.
        null => IsPage(context) && IsFromElsewhere(context.Request),
        _ => false,
    };

    private static async Task<bool> LacksProofAsync(HttpContext context) =>
        IsFromElsewhere(context.Request) || (IsKindOfForm(context.Request) && !await IsTokenGivenAsync(context));

    private static Task<bool> IsTokenGivenAsync(HttpContext context) => context.RequestServices.GetRequiredService<FormToken>().IsGivenAsync(context);

    private static bool IsPage(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<PageRoute>() is not null;

    // What is neither JSON nor empty; a page's own requests may be either and bring the token.
    private static bool IsKindOfForm(HttpRequest request) =>
        (request.ContentType is { Length: > 0 } && !request.HasJsonContentType())
        || (request.ContentType is null or "" && (request.ContentLength > 0 || request.Headers.TransferEncoding.Count > 0));

    private static bool IsFromElsewhere(HttpRequest request) =>
        request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site"
        || (request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsOwn(origin, request));

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
