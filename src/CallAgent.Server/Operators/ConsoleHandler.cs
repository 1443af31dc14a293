using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace CallAgent.Server;

/// <summary>Signs a request to the console in by the console's own session, and by nothing else.</summary>
internal sealed class ConsoleHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, CallAgentHost host)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Console";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (host.Operators is not { } operators || OperatorCookie.Read(Context) is not { } token)
        {
            return AuthenticateResult.NoResult();
        }
        if (await operators.Sessions.WithTokenAsync(token, Context.RequestAborted) is not { } account)
        {
            return AuthenticateResult.Fail("The session has ended.");
        }
        Context.Features.Set(account);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, account.Name)], Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => Answer().ExecuteAsync(Context);

    private IResult Answer() => host.Operators is null
        ? ConsolePages.ShowClosed()
        : HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method)
            ? PageRoutes.Go($"{ConsolePages.SignIn}?return={Uri.EscapeDataString(Request.Path + Request.QueryString)}")
            // What was sent is not kept: each of these forms is sent after a look at how things are.
            : PageRoutes.Show<ConsoleSignIn>(new { HasEnded = true }, StatusCodes.Status401Unauthorized);
}
