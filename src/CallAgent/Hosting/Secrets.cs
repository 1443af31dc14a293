using System.Security.Cryptography;
using System.Text;

namespace CallAgent;

/// <summary>
/// The installation's secret, from which every key is derived for one purpose each. After it was changed, what was signed and
/// sealed under secrets of before is still read, and nothing new is written under them.
/// </summary>
internal sealed class Secrets(string secretKey, params IEnumerable<string> before)
{
    private readonly byte[][] roots = [.. before.Prepend(secretKey).Select(Encoding.UTF8.GetBytes)];

    /// <summary>32 bytes that say nothing about the secret or about other purposes' keys (RFC 5869).</summary>
    public byte[] Derive(string purpose) => DeriveAll(purpose)[0];

    /// <summary>The same from each secret, the present one first.</summary>
    public IReadOnlyList<byte[]> DeriveAll(string purpose) =>
        [.. roots.Select(root => HKDF.DeriveKey(HashAlgorithmName.SHA256, root, 32, info: Encoding.UTF8.GetBytes($"callagent/{purpose}")))];

    /// <summary>Signs for one purpose, with so many bytes.</summary>
    public Signer SignerFor(string purpose, int length = HMACSHA256.HashSizeInBytes) => new(DeriveAll(purpose), length);

    /// <summary>Closes for one purpose.</summary>
    public Seal SealFor(string purpose) => new(DeriveAll(purpose));

    /// <summary>256 random bits as text without punctuation.</summary>
    public static string NewToken() => RandomNumberGenerator.GetString("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 43);

    /// <summary>What is stored of a token, and what it is looked up by.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
