using System.Net;
using System.Net.Sockets;

namespace CallAgent;

/// <summary>Addresses and networks of the Internet.</summary>
public static class Networks
{
    /// <summary>An address, or a network such as <c>192.0.2.0/24</c>; <c>null</c> when it is neither.</summary>
    public static IPNetwork? Parse(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) && address.ToString() == text ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;

    /// <summary>Whose an address is: who has one IPv6 address has the 64 bits behind it too. Nobody's address is zero.</summary>
    public static Guid OwnerOf(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address is not null)
        {
            address.TryWriteBytes(bytes, out _);
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                bytes[8..].Clear();
            }
        }
        return new Guid(bytes);
    }
}
