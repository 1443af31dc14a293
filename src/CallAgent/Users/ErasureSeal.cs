using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace CallAgent;

/// <summary>Signs certificates of erasure, so that the installation knows its own again when nothing else is left.</summary>
internal sealed class ErasureSeal(Secrets secrets)
{
    private readonly Signer signer = secrets.SignerFor("erasure-certificates");

    public Client.ErasureCertificate Sign(Guid userId, DateTimeOffset at, IReadOnlyDictionary<string, long> rows)
    {
        var unsigned = new Client.ErasureCertificate { UserId = userId, ErasedAt = at, Rows = rows, Signature = "" };
        return unsigned with { Signature = Base64Url.EncodeToString(signer.Sign(Canonical(unsigned))) };
    }

    public bool IsOurs(Client.ErasureCertificate certificate) =>
        Base64Url.IsValid(certificate.Signature) && signer.IsSigned(Canonical(certificate), Base64Url.DecodeFromChars(certificate.Signature));

    // Lines, so that how the JSON is written does not matter. Tables have no line breaks in their names.
    private static byte[] Canonical(Client.ErasureCertificate certificate) => Encoding.UTF8.GetBytes(string.Join('\n',
        ["erasure 1", certificate.UserId.ToString(), RecordColumns.Text(certificate.ErasedAt),
            .. certificate.Rows.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => string.Create(CultureInfo.InvariantCulture, $"{r.Key}={r.Value}"))]));
}
