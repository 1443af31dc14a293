using System.Security.Cryptography;

namespace CallAgent;

/// <summary>Signs for one purpose (HMAC-SHA-256, RFC 2104), and knows what was signed under a secret of before.</summary>
public sealed class Signer
{
    private readonly IReadOnlyList<byte[]> keys;
    private readonly int length;

    /// <param name="keys">The present key first.</param>
    /// <param name="length">Bytes of a signature, 16 to 32; a shorter one is the first bytes of the whole.</param>
    internal Signer(IReadOnlyList<byte[]> keys, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, HMACSHA256.HashSizeInBytes);
        (this.keys, this.length) = (keys, length);
    }

    /// <summary>The signature under the present key.</summary>
    public byte[] Sign(ReadOnlySpan<byte> text) => Sign(keys[0], text);

    /// <summary>Whether a signature is of this text, under any of the keys.</summary>
    public bool IsSigned(ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        foreach (var key in keys)
        {
            if (CryptographicOperations.FixedTimeEquals(Sign(key, text), signature))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>The signature under each key, for what is looked up by it.</summary>
    internal IReadOnlyList<byte[]> SignByAll(byte[] text) => [.. keys.Select(key => Sign(key, text))];

    private byte[] Sign(byte[] key, ReadOnlySpan<byte> text) => HMACSHA256.HashData(key, text)[..length];
}
