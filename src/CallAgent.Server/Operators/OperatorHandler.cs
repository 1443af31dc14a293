using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CallAgent.Server;

/// <summary>Marks a route that is the operator's and no user's.</summary>
internal sealed record OperatorRoute;

/// <summary>Signs a request in as an operator, by an operator's token and by nothing else.</summary>
internal sealed class OperatorHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, CallAgentHost host)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Operator";

    private const string Bearer = "Bearer ";

    public static readonly Problem NotAnOperator = new("operator-token-needed", 401, "Not an operator",
        "Send an operator's token as a bearer token: callagent operators add NAME makes one. Credentials of users do not serve here.");

    public static readonly Problem Closed = new("operator-not-configured", 503, "The operator's way is not open on this server",
        "On PostgreSQL it needs DATABASE_ADMIN_URL at the server: the role that serves users cannot look across them. The tool callagent works without.");

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var authorization = Request.Headers.Authorization.ToString();
        if (host.Operators is not { } operators || !authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            || authorization[Bearer.Length..].Trim() is not { } token || !OperatorAccounts.IsMeant(token))
        {
            return AuthenticateResult.NoResult();
        }
        if (await operators.Accounts.WithTokenAsync(token, Context.RequestAborted) is not { } account)
        {
            return AuthenticateResult.Fail("The token is not in force.");
        }
        Context.Features.Set(account);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, account.Name)], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (host.Operators is not null)
        {
            Response.Headers.WWWAuthenticate = "Bearer";
        }
        return (host.Operators is null ? Closed : NotAnOperator).ToAnswer().ExecuteAsync(Context);
    }
}
