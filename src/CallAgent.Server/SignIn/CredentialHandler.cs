using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CallAgent.Server;

/// <summary>
/// Signs a request in by one credential: an API key or access token in a header, else the session cookie. A header that
/// is there but not in force refuses the request, even when a cookie would have let it in.
/// </summary>
internal sealed class CredentialHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, CallAgentHost host)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "CallAgent";

    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var (given, principal) = await ReadAsync(Context, host);
        if (!given)
        {
            return AuthenticateResult.NoResult();
        }
        if (principal is null)
        {
            return AuthenticateResult.Fail("The credential is not in force.");
        }
        Context.Features.Set(principal);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, principal.UserId.ToString())], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (PageRoutes.IsForPerson(Context))
        {
            await (await SignInPages.ChallengeAsync(Context)).ExecuteAsync(Context);
            return;
        }
        Response.Headers.WWWAuthenticate = "Bearer";
        await Problem.NotSignedIn.ToAnswer().ExecuteAsync(Context);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var needed = Context.GetEndpoint()?.Metadata.GetMetadata<NeedsPermission>()?.Permission.ToString().ToLowerInvariant() ?? "";
        return PageRoutes.Answer(Context, Problem.Forbidden(needed)).ExecuteAsync(Context);
    }

    /// <summary>Whether the request brings a credential, and who holds it as long as it is in force.</summary>
    public static async Task<(bool Given, Principal? Principal)> ReadAsync(HttpContext context, CallAgentHost host)
    {
        var (request, cancellation) = (context.Request, context.RequestAborted);
        if (request.Headers.TryGetValue("X-API-Key", out var key))
        {
            return (true, await host.SignIn.WithApiKeyAsync(key.ToString(), cancellation));
        }
        if (request.Headers.Authorization.ToString() is { Length: > 0 } authorization)
        {
            if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            {
                return (true, null);
            }
            var token = authorization[Bearer.Length..].Trim();
            return (true, token.StartsWith(ApiKeys.Marker, StringComparison.Ordinal)
                ? await host.SignIn.WithApiKeyAsync(token, cancellation)
                : await host.SignIn.WithAccessTokenAsync(token, cancellation));
        }
        return SessionCookie.Read(context) is { } session ? (true, await host.SignIn.WithSessionAsync(session, cancellation)) : (false, null);
    }
}
