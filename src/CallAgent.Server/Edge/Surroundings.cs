using System.Net;

namespace CallAgent.Server;

/// <summary>What stands between the server and those who ask, as far as it was told.</summary>
internal sealed record Surroundings
{
    /// <summary>Proxies that are believed when they say whom they speak for.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Other sites whose pages may call the API.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Where requests without TLS are sent to; <c>null</c> when they are answered like others.</summary>
    public Uri? HttpsOnly { get; init; }

    public static Surroundings Of(CallAgentSettings settings) =>
        new() { TrustedProxies = settings.TrustedProxies, CorsOrigins = settings.CorsOrigins, HttpsOnly = settings.HttpsOnly };
}
