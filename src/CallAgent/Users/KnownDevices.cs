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

    private readonly Signer signer = secrets.SignerFor("known-devices");

    public string NewToken(Guid memberId)
    {
        var id = RandomNumberGenerator.GetBytes(IdLength);
        return Base64Url.EncodeToString([.. id, .. signer.Sign(Signed(memberId, id))]);
    }

    /// <summary>The device's id, when it is one of this member's; <c>null</c> otherwise.</summary>
    public string? Find(string? token, Guid? memberId)
    {
        if (memberId is not { } member || token is not { Length: > 0 and < 100 } || !Base64Url.IsValid(token)
            || Base64Url.DecodeFromChars(token) is not { Length: IdLength + 32 } bytes)
        {
            return null;
        }
        return signer.IsSigned(Signed(member, bytes[..IdLength]), bytes.AsSpan(IdLength)) ? Convert.ToHexString(bytes[..IdLength]) : null;
    }

    private static byte[] Signed(Guid memberId, byte[] id) => [.. memberId.ToByteArray(), .. id];
}
