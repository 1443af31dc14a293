using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace CallAgent.Server;

/// <summary>What may be wrong with <c>ASPNETCORE_URLS</c>, in one line.</summary>
internal static class ListenAddresses
{
    /// <exception cref="SettingsException">Says which address has no form that can be used.</exception>
    public static void Check(string? urls)
    {
        foreach (var url in urls?.Split(';', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (!HasForm(url))
            {
                throw new SettingsException($"ASPNETCORE_URLS: \"{url}\" is not of the form http://host:port, with a port up to {IPEndPoint.MaxPort}.");
            }
        }
    }

    /// <summary>Why the server could not listen; <c>null</c> when the failure is about something else.</summary>
    public static string? WhyNot(Exception failure) => failure switch
    {
        IOException { InnerException: AddressInUseException } => $"{failure.Message} Set ASPNETCORE_URLS to another address.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            "ASPNETCORE_URLS: this account may not listen on that port. Take one above 1023, or a proxy in front.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "ASPNETCORE_URLS: this machine does not have that address.",
        InvalidOperationException when failure.Message.Contains("HTTPS endpoint", StringComparison.Ordinal) =>
            "ASPNETCORE_URLS: https needs a certificate. Set Kestrel__Certificates__Default__Path and __Password, or listen on http behind a proxy that has one.",
        InvalidOperationException when failure.Message.StartsWith("Dynamic port binding", StringComparison.Ordinal) => $"ASPNETCORE_URLS: {failure.Message}",
        _ => null,
    };

    private static bool HasForm(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.Scheme is "http" or "https" && (address.IsUnixPipe || address.Port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
