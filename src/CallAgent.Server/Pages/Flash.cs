namespace CallAgent.Server;

/// <summary>A message that the next page shows once.</summary>
internal static class Flash
{
    private const string Cookie = "callagent_flash";
    private const int Longest = 500;

    public static void Write(HttpContext context, string message) => context.Response.Cookies.Append(
        Cookie, message.Length > Longest ? message[..Longest] : message, Options(context, TimeSpan.FromMinutes(1)));

    /// <summary>The message, which is gone after this.</summary>
    public static string? Take(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 } message)
        {
            return null;
        }
        context.Response.Cookies.Delete(Cookie, Options(context, null));
        return message.Length > Longest ? null : message;
    }

    private static CookieOptions Options(HttpContext context, TimeSpan? life) => new()
    {
        HttpOnly = true,
        IsEssential = true,
        MaxAge = life,
        Path = "/",
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
    };
}
