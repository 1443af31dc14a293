using System.Security.Cryptography;

namespace CallAgent;

/// <summary>Closes what the database must keep but must not be able to read (AES-256-GCM).</summary>
/// <param name="keys">32 bytes each for this purpose alone; the first closes, and each opens.</param>
internal sealed class Seal(IReadOnlyList<byte[]> keys)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private static readonly Problem OfAnotherSecret = new(
        "secret-changed", 500, "This was sealed under another secret",
        "Nothing was changed. Whoever runs this installation can mend it: the SECRET_KEY of before belongs into SECRET_KEY_FALLBACKS.");

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

    /// <exception cref="ProblemException">It was closed by another key or for another place, or was changed.</exception>
    public byte[] Open(ReadOnlySpan<byte> closed, ReadOnlySpan<byte> place) => Open(closed, place, out _);

    /// <param name="closed">What <see cref="Close"/> made.</param>
    /// <param name="place">Where it belongs.</param>
    /// <param name="isOld">It was closed by a key of before, and should be closed anew.</param>
    /// <exception cref="ProblemException">It was closed by another key or for another place, or was changed.</exception>
    public byte[] Open(ReadOnlySpan<byte> closed, ReadOnlySpan<byte> place, out bool isOld)
    {
        for (var n = 0; n < keys.Count; n++)
        {
            try
            {
                isOld = n > 0;
                return Open(keys[n], closed, place);
            }
            catch (AuthenticationTagMismatchException)
            {
                // Of a key of before, perhaps.
            }
        }
        throw new ProblemException(OfAnotherSecret);
    }

    private static byte[] Open(byte[] key, ReadOnlySpan<byte> closed, ReadOnlySpan<byte> place)
    {
        var content = new byte[closed.Length - NonceLength - TagLength];
        using var cipher = new AesGcm(key, TagLength);
        cipher.Decrypt(closed[..NonceLength], closed[(NonceLength + TagLength)..], closed[NonceLength..(NonceLength + TagLength)], content, place);
        return content;
    }
}
