using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CallAgent.Server;

/// <summary>
/// Signs a request in by one credential: an API key or access token in a header, else the cookie of an operator at work
/// within the user, else the session cookie. What is there but not in force refuses the request, even when what comes
/// after it would have let it in. None of them serves on a route of the operator's.
/// </summary>
internal sealed class CredentialHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, CallAgentHost host)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "CallAgent";

    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.GetEndpoint()?.Metadata.GetMetadata<OperatorRoute>() is not null)
        {
            return AuthenticateResult.NoResult();
        }
        var (given, principal) = await ReadAsync(Context, host);
        if (!given)
        {
            return AuthenticateResult.NoResult();
        }
        if (principal is null)
        {
            // Where an impersonation has ended, the person's own session is there again with the next request.
            ImpersonationCookie.Remove(Context);
            return AuthenticateResult.Fail("The credential is not in force.");
        }
        Context.Features.Set(principal);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, principal.UserId.ToString())], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (PageRoutes.IsForPerson(Context) && ImpersonationCookie.Read(Context) is not null)
        {
            await PageRoutes.Show<ImpersonationOver>(status: StatusCodes.Status401Unauthorized).ExecuteAsync(Context);
            return;
        }
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
        var needed = Context.GetEndpoint()?.Metadata.GetMetadata<NeedsPermission>()?.Permission ?? Permission.Read;
        var problem = Context.Features.Get<Principal>() is { } key && Permissions.Allows(key, needed) && Permissions.MissingScope(Context, key) is { } scope
            ? Problem.OutOfScope(scope)
            : Context.Features.Get<Principal>() is { Kind: CredentialKind.Impersonation } ? Problem.NotForOperators
            : Problem.Forbidden(needed.ToString().ToLowerInvariant());
        return PageRoutes.Answer(Context, problem).ExecuteAsync(Context);
    }

    /// <summary>Whether the request brings a credential, and who holds it as long as it is in force.</summary>
    public static async Task<(bool Given, Principal? Principal)> ReadAsync(HttpContext context, CallAgentHost host)
    {
        var (request, cancellation) = (context.Request, context.RequestAborted);
        if (request.Headers.TryGetValue("X-API-Key", out var key))
        {
            return (true, await host.SignIn.WithApiKeyAsync(key.ToString(), Origins.Address(context), cancellation));
        }
        if (request.Headers.Authorization.ToString() is { Length: > 0 } authorization)
        {
            if (!authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            {
                return (true, null);
            }
            var token = authorization[Bearer.Length..].Trim();
            return (true, CallAgent.ApiKeys.IsMeant(token)
                ? await host.SignIn.WithApiKeyAsync(token, Origins.Address(context), cancellation)
                : await host.SignIn.WithAccessTokenAsync(token, cancellation));
        }
        if (ImpersonationCookie.Read(context) is { } impersonation)
        {
            return (true, await host.SignIn.WithImpersonationAsync(impersonation, cancellation));
        }
        return SessionCookie.Read(context) is { } session ? (true, await host.SignIn.WithSessionAsync(session, cancellation)) : (false, null);
    }
}
