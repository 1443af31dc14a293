namespace CallAgent.Server;

/// <summary>The cookie that carries a session's secret; the session itself lives in the database.</summary>
internal static class SessionCookie
{
    private const string Name = "callagent_session";

    // Over HTTPS the prefix makes browsers refuse a cookie that another host or path has planted.
    private const string SecureName = "__Host-" + Name;

    /// <summary>The session's secret: of the request, or the one that began while it was answered.</summary>
    public static string? Read(HttpContext context) =>
        context.Items[typeof(SessionCookie)] as string ?? context.Request.Cookies[NameFor(context)];

    public static void Write(HttpContext context, string token, DateTimeOffset expiresAt)
    {
        context.Items[typeof(SessionCookie)] = token;
        context.Response.Cookies.Append(NameFor(context), token, Options(context, expiresAt));
    }

    public static void Remove(HttpContext context) => context.Response.Cookies.Delete(NameFor(context), Options(context, null));

    private static string NameFor(HttpContext context) => context.Request.IsHttps ? SecureName : Name;

    private static CookieOptions Options(HttpContext context, DateTimeOffset? expiresAt) => new()
    {
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        Expires = expiresAt,
        IsEssential = true,
    };
}
