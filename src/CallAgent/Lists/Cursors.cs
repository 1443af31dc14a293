using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CallAgent;

/// <summary>
/// Positions in lists, handed out as opaque text. The signature covers the user and the whole query, so that a cursor
/// serves only the user and the query it was made for.
/// </summary>
internal sealed class Cursors(Secrets secrets)
{
    private const int SignatureLength = 16;

    private readonly Signer signer = secrets.SignerFor("cursors", SignatureLength);

    public string Write(Guid userId, string query, string sortKey, Guid id)
    {
        var text = Encoding.UTF8.GetBytes($"{id:N}{sortKey}");
        return Base64Url.EncodeToString([.. signer.Sign(Signed(userId, query, text)), .. text]);
    }

    /// <summary>The position, or <c>null</c> when the cursor is not one of this user and query.</summary>
    public (string SortKey, Guid Id)? Read(Guid userId, string query, string cursor)
    {
        if (cursor.Length > 4_000 || !Base64Url.IsValid(cursor))
        {
            return null;
        }
        var bytes = Base64Url.DecodeFromChars(cursor);
        if (bytes.Length < SignatureLength + 32)
        {
            return null;
        }
        var text = bytes.AsSpan(SignatureLength);
        if (!signer.IsSigned(Signed(userId, query, text), bytes.AsSpan(0, SignatureLength)))
        {
            return null;
        }
        var position = Encoding.UTF8.GetString(text);
        return (position[32..], Guid.ParseExact(position[..32], "N"));
    }

    private static byte[] Signed(Guid userId, string query, ReadOnlySpan<byte> text) =>
        [.. userId.ToByteArray(), .. SHA256.HashData(Encoding.UTF8.GetBytes(query)), .. text];
}
