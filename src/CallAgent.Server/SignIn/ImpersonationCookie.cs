namespace CallAgent.Server;

/// <summary>The cookie of an operator who is at work within a user; while it lies there, it goes before a session.</summary>
internal static class ImpersonationCookie
{
    private const string Name = "callagent_impersonation";
    private const string SecureName = "__Host-" + Name;

    // Sent a little longer than it is taken, so that the end is said instead of the person's own account shown without a word.
    private static readonly TimeSpan Afterwards = TimeSpan.FromHours(1);

    public static string? Read(HttpContext context) => context.Request.Cookies[NameFor(context)];

    public static void Write(HttpContext context, string token, DateTimeOffset expiresAt) =>
        context.Response.Cookies.Append(NameFor(context), token, Options(context, expiresAt + Afterwards));

    public static void Remove(HttpContext context) => context.Response.Cookies.Delete(NameFor(context), Options(context, null));

    private static string NameFor(HttpContext context) => context.Request.IsHttps ? SecureName : Name;

    private static CookieOptions Options(HttpContext context, DateTimeOffset? expiresAt) => new()
    {
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        Expires = expiresAt,
        IsEssential = true,
    };
}
