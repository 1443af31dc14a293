using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace CallAgent.Server;

/// <summary>
/// What a form must carry to be taken as sent from a page of this site: a keyed hash of the session. It needs no store and
/// no cookie of its own, is the same on every node, and ends with the session.
/// </summary>
/// <remarks>OWASP Cross-Site Request Forgery Prevention, "HMAC based token pattern".</remarks>
internal sealed class FormToken(CallAgentHost host)
{
    /// <summary>The field of a form, or the parameter of an upload's address.</summary>
    public const string Field = "_token";

    private const string Header = "X-Form-Token";

    private readonly Signer signer = host.SignerFor("form-tokens");

    /// <summary>The token of this request's session; empty without one.</summary>
    public string Of(HttpContext context) => SecretOf(context) is { } session ? Base64Url.EncodeToString(signer.Sign(HashOf(session))) : "";

    private static string? SecretOf(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<OperatorRoute>() is not null ? OperatorCookie.Read(context)
        : context.Features.Get<Principal>() is { Kind: CredentialKind.Impersonation } ? ImpersonationCookie.Read(context)
        : SessionCookie.Read(context);

    /// <summary>
    /// Whether the request carries its session's token. An upload carries it in its address or header, so that its body is
    /// not read here.
    /// </summary>
    public async Task<bool> IsGivenAsync(HttpContext context)
    {
        var request = context.Request;
        var given = request.Headers[Header].ToString();
        if (given.Length == 0)
        {
            given = request.Query[Field].ToString();
        }
        if (given.Length == 0 && request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true)
        {
            given = (await request.ReadFormAsync(context.RequestAborted))[Field].ToString();
        }
        return SecretOf(context) is { } session && Base64Url.IsValid(given) && signer.IsSigned(HashOf(session), Base64Url.DecodeFromChars(given));
    }

    private static byte[] HashOf(string session) => SHA256.HashData(Encoding.UTF8.GetBytes(session));
}
