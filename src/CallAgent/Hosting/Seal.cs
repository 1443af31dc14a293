using System.Security.Cryptography;

namespace CallAgent;

/// <summary>Closes what the database must keep but must not be able to read (AES-256-GCM).</summary>
/// <param name="keys">32 bytes each for this purpose alone; the first closes, and each opens.</param>
internal sealed class Seal(IReadOnlyList<byte[]> keys)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <param name="content">What is closed.</param>
    /// <param name="place">Where it belongs; it opens nowhere else.</param>
    public byte[] Close(ReadOnlySpan<byte> content, ReadOnlySpan<byte> place)
    {
        var closed = new byte[NonceLength + TagLength + content.Length];
        RandomNumberGenerator.Fill(closed.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(keys[0], TagLength);
        cipher.Encrypt(closed.AsSpan(0, NonceLength), content, closed.AsSpan(NonceLength + TagLength), closed.AsSpan(NonceLength, TagLength), place);
        return closed;
    }

    /// <exception cref="CryptographicException">It was closed by another key or for another place, or was changed.</exception>
    public byte[] Open(ReadOnlySpan<byte> closed, ReadOnlySpan<byte> place) => Open(closed, place, out _);

    /// <param name="closed">What <see cref="Close"/> made.</param>
    /// <param name="place">Where it belongs.</param>
    /// <param name="isOld">It was closed by a key of before, and should be closed anew.</param>
    /// <exception cref="CryptographicException">It was closed by another key or for another place, or was changed.</exception>
    public byte[] Open(ReadOnlySpan<byte> closed, ReadOnlySpan<byte> place, out bool isOld)
    {
        for (var n = 0; ; n++)
        {
            try
            {
                isOld = n > 0;
                return Open(keys[n], closed, place);
            }
            catch (AuthenticationTagMismatchException) when (n + 1 < keys.Count)
            {
                // Of a key of before, perhaps.
            }
        }
    }

    private static byte[] Open(byte[] key, ReadOnlySpan<byte> closed, ReadOnlySpan<byte> place)
    {
        var content = new byte[closed.Length - NonceLength - TagLength];
        using var cipher = new AesGcm(key, TagLength);
        cipher.Decrypt(closed[..NonceLength], closed[(NonceLength + TagLength)..], closed[NonceLength..(NonceLength + TagLength)], content, place);
        return content;
    }
}
