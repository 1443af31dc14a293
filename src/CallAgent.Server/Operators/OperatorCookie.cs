namespace CallAgent.Server;

/// <summary>The cookie of an operator's session at the console; the pages of users never get to see it.</summary>
internal static class OperatorCookie
{
    public const string Path = "/operator";

    private const string Name = "callagent_operator";

    // "__Host-" would need the path "/".
    private const string SecureName = "__Secure-" + Name;

    public static string? Read(HttpContext context) => context.Request.Cookies[NameFor(context)];

    public static void Write(HttpContext context, string token, DateTimeOffset expiresAt) =>
        context.Response.Cookies.Append(NameFor(context), token, Options(context, expiresAt));

    public static void Remove(HttpContext context) => context.Response.Cookies.Delete(NameFor(context), Options(context, null));

    private static string NameFor(HttpContext context) => context.Request.IsHttps ? SecureName : Name;

    private static CookieOptions Options(HttpContext context, DateTimeOffset? expiresAt) => new()
    {
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        SameSite = SameSiteMode.Strict,
        Path = Path,
        Expires = expiresAt,
        IsEssential = true,
    };
}
