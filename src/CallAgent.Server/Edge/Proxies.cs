using Microsoft.AspNetCore.HttpOverrides;

namespace CallAgent.Server;

/// <summary>
/// Takes address and scheme of the caller from a proxy's headers, when the proxy is one that is trusted; whoever else sends
/// them is not listened to. What counts by address, such as rates and sign-in tries, then counts the caller and not the proxy.
/// </summary>
internal static class Proxies
{
    private const string TrustAll = "ForwardedHeaders_Enabled";

    public static void UseTrustedProxies(this WebApplication app)
    {
        if (app.Services.GetRequiredService<Surroundings>().TrustedProxies is not { Count: > 0 } trusted)
        {
            return;
        }
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            // As many as are trusted, from the nearest on: the first that is not is the caller.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var network in trusted)
        {
            options.KnownIPNetworks.Add(network);
        }
        app.UseForwardedHeaders(options);
    }

    /// <summary>The framework's own switch believes everybody.</summary>
    public static void RefuseTrustInAll(IConfiguration configuration)
    {
        if (string.Equals(configuration[TrustAll], "true", StringComparison.OrdinalIgnoreCase))
        {
            throw new SettingsException("ASPNETCORE_FORWARDEDHEADERS_ENABLED believes everybody who sends X-Forwarded-For. Name the proxies in TRUSTED_PROXIES instead.");
        }
    }
}
