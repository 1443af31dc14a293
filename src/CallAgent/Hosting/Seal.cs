using System.Security.Cryptography;

namespace CallAgent;

/// <summary>Closes what the database must keep but must not be able to read (AES-256-GCM).</summary>
/// <param name="key">32 bytes for this purpose alone.</param>
internal sealed class Seal(byte[] key)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    /// <param name="content">What is closed.</param>
    /// <param name="place">Where it belongs; it opens nowhere else.</param>
    public byte[] Close(ReadOnlySpan<byte> content, ReadOnlySpan<byte> place)
    {
        var closed = new byte[NonceLength + TagLength + content.Length];
        RandomNumberGenerator.Fill(closed.AsSpan(0, NonceLength));
        using var cipher = new AesGcm(key, TagLength);
        cipher.Encrypt(closed.AsSpan(0, NonceLength), content, closed.AsSpan(NonceLength + TagLength), closed.AsSpan(NonceLength, TagLength), place);
        return closed;
    }

    /// <exception cref="CryptographicException">It was closed by another key or for another place, or was changed.</exception>
    public byte[] Open(ReadOnlySpan<byte> closed, ReadOnlySpan<byte> place)
    {
        var content = new byte[closed.Length - NonceLength - TagLength];
        using var cipher = new AesGcm(key, TagLength);
        cipher.Decrypt(closed[..NonceLength], closed[(NonceLength + TagLength)..], closed[NonceLength..(NonceLength + TagLength)], content, place);
        return content;
    }
}
