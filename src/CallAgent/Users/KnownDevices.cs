using System.Buffers.Text;
using System.Security.Cryptography;

namespace CallAgent;

/// <summary>
/// Tells a browser that has signed a member in before from a stranger's: it carries a signed token. Wrong tries of
/// strangers then slow strangers down, and the member gets in.
/// </summary>
internal sealed class KnownDevices(Secrets secrets)
{
    private const int IdLength = 16;

    private readonly byte[] key = secrets.Derive("known-devices");

    public string NewToken(Guid memberId)
    {
        var id = RandomNumberGenerator.GetBytes(IdLength);
        return Base64Url.EncodeToString([.. id, .. Sign(memberId, id)]);
    }

    /// <summary>The device's id, when it is one of this member's; <c>null</c> otherwise.</summary>
    public string? Find(string? token, Guid? memberId)
    {
        if (memberId is not { } member || token is not { Length: > 0 and < 100 } || !Base64Url.IsValid(token)
            || Base64Url.DecodeFromChars(token) is not { Length: IdLength + 32 } bytes)
        {
            return null;
        }
        return CryptographicOperations.FixedTimeEquals(Sign(member, bytes[..IdLength]), bytes.AsSpan(IdLength)) ? Convert.ToHexString(bytes[..IdLength]) : null;
    }

    private byte[] Sign(Guid memberId, byte[] id) => HMACSHA256.HashData(key, (byte[])[.. memberId.ToByteArray(), .. id]);
}
