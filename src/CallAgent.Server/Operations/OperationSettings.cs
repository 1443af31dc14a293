using System.Globalization;

namespace CallAgent.Server;

/// <summary>What a server is told about being operated; the README lists the variables.</summary>
internal sealed record OperationSettings
{
    private const int LongestDrain = 300;
    private const int DrainInProduction = 5;
    private const int ShortestToken = 16;

    /// <summary>How long it goes on serving after it was told to stop, so that proxies see it leave.</summary>
    public required TimeSpan Drain { get; init; }

    /// <summary>An address of its own at which Prometheus may read metrics without more ado.</summary>
    public Uri? MetricsUrl { get; init; }

    /// <summary>With which Prometheus may read metrics at the server's own address.</summary>
    public string? MetricsToken { get; init; }

    public bool ShowsMetrics => MetricsUrl is not null || MetricsToken is not null;

    /// <summary>Whether a request came to the address that is for metrics and probes alone.</summary>
    public bool IsForMetrics(ConnectionInfo connection) => connection.LocalPort == MetricsUrl?.Port;

    /// <exception cref="SettingsException">A variable cannot be used.</exception>
    public static OperationSettings FromEnvironment(bool isDevelopment) => new()
    {
        // Nobody balances between laptops, and Ctrl-C should be quick there.
        Drain = TimeSpan.FromSeconds(Seconds("CALLAGENT_DRAIN_SECONDS", LongestDrain) ?? (isDevelopment ? 0 : DrainInProduction)),
        MetricsUrl = Address("METRICS_URL"),
        MetricsToken = Variable("METRICS_TOKEN") switch
        {
            { Length: < ShortestToken } => throw new SettingsException($"METRICS_TOKEN is too short: it needs at least {ShortestToken} characters."),
            var token => token,
        },
    };

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static int? Seconds(string name, int most) => Variable(name) switch
    {
        null => null,
        { } text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= most => seconds,
        _ => throw new SettingsException($"{name} must be a whole number of seconds from 0 to {most}."),
    };

    private static Uri? Address(string name) => Variable(name) switch
    {
        null => null,
        { } text when Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == "http" && address.PathAndQuery == "/" => address,
        _ => throw new SettingsException($"{name} is not of the form http://host:port."),
    };
}
