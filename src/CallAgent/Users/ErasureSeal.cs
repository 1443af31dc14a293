using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CallAgent;

/// <summary>Signs certificates of erasure, so that the installation knows its own again when nothing else is left.</summary>
internal sealed class ErasureSeal(Secrets secrets)
{
    private readonly byte[] key = secrets.Derive("erasure-certificates");

    public Client.ErasureCertificate Sign(Guid userId, DateTimeOffset at, IReadOnlyDictionary<string, long> rows)
    {
        var unsigned = new Client.ErasureCertificate { UserId = userId, ErasedAt = at, Rows = rows, Signature = "" };
        return unsigned with { Signature = SignatureOf(unsigned) };
    }

    public bool IsOurs(Client.ErasureCertificate certificate) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(certificate.Signature), Encoding.UTF8.GetBytes(SignatureOf(certificate)));

    private string SignatureOf(Client.ErasureCertificate certificate) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(Canonical(certificate))));

    // Lines, so that how the JSON is written does not matter. Tables have no line breaks in their names.
    private static string Canonical(Client.ErasureCertificate certificate) => string.Join('\n',
        ["erasure 1", certificate.UserId.ToString(), RecordColumns.Text(certificate.ErasedAt),
            .. certificate.Rows.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Key}={r.Value}"))]);
}
