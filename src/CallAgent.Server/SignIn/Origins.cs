namespace CallAgent.Server;

/// <summary>Where a request comes from.</summary>
internal static class Origins
{
    /// <summary>The browser and the address, for the list of sessions.</summary>
    public static SignInOrigin Of(HttpContext context) => new(context.Request.Headers.UserAgent.ToString(), Address(context)?.ToString(), DeviceCookie.Read(context));

    /// <summary>The other end of the connection; IPv4 in its own form.</summary>
    public static System.Net.IPAddress? Address(HttpContext context) =>
        context.Connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : context.Connection.RemoteIpAddress;
}
