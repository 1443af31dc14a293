using System.Net;

namespace CallAgent;

internal static class Networks
{
    /// <summary>An address, or a network such as <c>192.0.2.0/24</c>; <c>null</c> when it is neither.</summary>
    public static IPNetwork? Parse(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) && address.ToString() == text ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}
