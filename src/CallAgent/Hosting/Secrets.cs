using System.Security.Cryptography;
using System.Text;

namespace CallAgent;

/// <summary>The installation's secret, from which every key is derived for one purpose each.</summary>
internal sealed class Secrets(string secretKey)
{
    private readonly byte[] root = Encoding.UTF8.GetBytes(secretKey);

    /// <summary>32 bytes that say nothing about the secret or about other purposes' keys (RFC 5869).</summary>
    public byte[] Derive(string purpose) =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, root, 32, info: Encoding.UTF8.GetBytes($"callagent/{purpose}"));

    /// <summary>256 random bits as text without punctuation.</summary>
    public static string NewToken() => RandomNumberGenerator.GetString("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", 43);

    /// <summary>What is stored of a token, and what it is looked up by.</summary>
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
