namespace CallAgent.Server;

/// <summary>Tells a browser that has signed in before from a stranger's; it signs nobody in.</summary>
internal static class DeviceCookie
{
    private const string Name = "callagent_device";
    private const string SecureName = "__Host-" + Name;

    private static readonly TimeSpan Life = TimeSpan.FromDays(365);

    public static string? Read(HttpContext context) => context.Request.Cookies[NameFor(context)];

    public static void Write(HttpContext context, string token) => context.Response.Cookies.Append(NameFor(context), token, new()
    {
        HttpOnly = true,
        Secure = context.Request.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = Life,
        IsEssential = true,
    });

    private static string NameFor(HttpContext context) => context.Request.IsHttps ? SecureName : Name;
}
