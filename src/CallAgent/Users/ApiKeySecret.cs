using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CallAgent;

/// <summary>
/// The form of API keys: <c>ca_live_</c> or <c>ca_test_</c>, 43 random characters, and six that follow from them, so that
/// scanners find leaked keys and do not cry over look-alikes, and a mistyped key costs no query.
/// </summary>
internal static class ApiKeySecret
{
    private const int ChecksumLength = 6;
    private const string Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly string[] Markers = [.. Enum.GetValues<Client.ApiKeyMode>().Select(Marker)];

    public static string New(Client.ApiKeyMode mode)
    {
        var text = Marker(mode) + Secrets.NewToken();
        return text + Checksum(text);
    }

    /// <summary>Whether the text is meant as an API key.</summary>
    public static bool IsMeant(string text) => Array.Exists(Markers, marker => text.StartsWith(marker, StringComparison.Ordinal));

    /// <summary>Whether it can be one.</summary>
    public static bool IsWhole(string text) => IsMeant(text) && text.Length > ChecksumLength && text[^ChecksumLength..] == Checksum(text[..^ChecksumLength]);

    private static string Marker(Client.ApiKeyMode mode) => $"ca_{mode.ToText()}_";

    private static string Checksum(string text)
    {
        var number = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        var digits = new char[ChecksumLength];
        for (var i = 0; i < digits.Length; i++)
        {
            (number, var digit) = Math.DivRem(number, (ulong)Digits.Length);
            digits[i] = Digits[(int)digit];
        }
        return new(digits);
    }
}
