using CallAgent.Client;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallAgent.Server;

internal static class AuthApi
{
    public static void MapAuth(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/api/auth").WithTags("Sign-in");

        auth.MapPost("/register", RegisterAsync).AllowAnonymous().WithName("Register").WithSummary("Register a user")
            .WithDescription("The plan is free. The answer sets a session cookie.");
        auth.MapPost("/login", LoginAsync).AllowAnonymous().WithName("Login").WithSummary("Log in with a session cookie");
        auth.MapPost("/login/two-factor", LoginTwoFactorAsync).AllowAnonymous().WithName("LoginTwoFactor").WithSummary("Complete a log-in by a code")
            .WithDescription("After a 401 `two-factor-required`, with its `challenge`, within five minutes.");
        auth.MapPost("/token", TokenAsync).AllowAnonymous().WithName("CreateToken").WithSummary("Get an access token")
            .WithDescription("By e-mail and password, by a refresh token, which is good once, or by the challenge of a 401 `two-factor-required` and a code.");
        auth.MapPost("/logout", LogoutAsync).Needs(Permission.Self).WithName("Logout").WithSummary("Log out")
            .WithDescription("Ends the session on the server, so that a copied cookie is dead too. With an access token it ends the refresh token that came with it and "
                + "those that followed; the access token itself ends within 15 minutes. An API key ends when it is deleted.");

        auth.MapGet("/profile", async (Workspace w, CancellationToken c) => TypedResults.Ok(await w.Account.ProfileAsync(c)))
            .Needs(Permission.Read).WithName("GetProfile").WithSummary("Who you are");
        auth.MapPatch("/profile", async (UpdateProfile request, Workspace w, CancellationToken c) => Answers.Of(await w.Account.UpdateAsync(request, c)))
            .Needs(Permission.Manage).WithMetadata(new ChangesOneRecord()).WithName("UpdateProfile").WithSummary("Change the profile and settings");
        auth.MapPatch("/profile/name", async (UpdateName request, Workspace w, CancellationToken c) => Answers.Of(await w.Account.RenameAsync(request, c)))
            .Needs(Permission.Self).WithMetadata(new ChangesOneRecord()).WithName("UpdateName").WithSummary("Change your name")
            .WithDescription("Every member may, whatever its role. What it did before stays under the name it had.");
        auth.MapPost("/password", async (ChangePassword request, Workspace w, CancellationToken c) =>
                Answers.Nothing(await w.Account.ChangePasswordAsync(request, c)))
            .Needs(Permission.Self).WithName("ChangePassword").WithSummary("Change your password")
            .WithDescription("All other sessions and all tokens of yours end.");
        auth.MapDelete("/account", DeleteAccountAsync).Needs(Permission.Own).WithName("DeleteAccount").WithSummary("Erase the account")
            .WithDescription("Erases the user and everything it has. There is no way back. The answer is a certificate: how many rows there were in which table, "
                + "signed by the installation (`callagent erasure verify`). Nothing in it is personal.");
    }

    private static async Task<Results<Created<SignedIn>, ProblemAnswer>> RegisterAsync(
        Register request, CallAgentHost host, HttpContext context, CancellationToken cancellation)
    {
        var registered = await host.RegisterAsync(request, cancellation);
        if (registered.Problem is { } problem)
        {
            return problem.ToAnswer();
        }
        return TypedResults.Created("/api/auth/profile", await SignInAsync(context, host, registered.Value, "Registered.", cancellation));
    }

    private static async Task<Results<Ok<SignedIn>, ProblemAnswer>> LoginAsync(
        Login request, CallAgentHost host, HttpContext context, CancellationToken cancellation)
    {
        var principal = Validation.Of(request) is { } invalid
            ? invalid
            : await host.SignIn.WithPasswordAsync(request.Email, request.Password, Origins.Of(context), cancellation);
        if (principal.Problem is { } problem)
        {
            return problem.ToAnswer();
        }
        DeviceCookie.Write(context, host.SignIn.NewDeviceToken(principal.Value));
        return TypedResults.Ok(await SignInAsync(context, host, principal.Value, "Logged in.", cancellation));
    }

    private static async Task<Results<Ok<SignedIn>, ProblemAnswer>> LoginTwoFactorAsync(
        LoginTwoFactor request, CallAgentHost host, HttpContext context, CancellationToken cancellation)
    {
        var principal = Validation.Of(request) is { } invalid
            ? invalid
            : await host.SignIn.WithTwoFactorAsync(request.Challenge, request.Code, cancellation);
        if (principal.Problem is { } problem)
        {
            return problem.ToAnswer();
        }
        DeviceCookie.Write(context, host.SignIn.NewDeviceToken(principal.Value));
        return TypedResults.Ok(await SignInAsync(context, host, principal.Value, "Logged in.", cancellation));
    }

    private static async Task<Results<Ok<Token>, ProblemAnswer>> TokenAsync(
        CreateToken request, CallAgentHost host, HttpContext context, CancellationToken cancellation)
    {
        if (Validation.Of(request) is { } invalid)
        {
            return invalid.ToAnswer();
        }
        if (request.RefreshToken is { } refresh)
        {
            return Answers.Of(await host.AccessTokens.RefreshAsync(refresh, cancellation));
        }
        var principal = request switch
        {
            { Challenge: { } challenge, Code: { } code } => await host.SignIn.WithTwoFactorAsync(challenge, code, cancellation),
            { Email: { } email, Password: { } password } => await host.SignIn.WithPasswordAsync(email, password, Origins.Of(context), cancellation),
            _ => Problem.Invalid("email", "Send email and password, or refresh_token, or challenge and code."),
        };
        return principal.Problem is { } problem
            ? problem.ToAnswer()
            : TypedResults.Ok(await host.AccessTokens.IssueAsync(principal.Value, cancellation));
    }

    private static async Task<Ok<Done>> LogoutAsync(Workspace workspace, HttpContext context, CancellationToken cancellation)
    {
        await workspace.Sessions.EndOwnAsync(cancellation);
        if (workspace.Principal.Kind == CredentialKind.Session)
        {
            SessionCookie.Remove(context);
        }
        return TypedResults.Ok(new Done
        {
            Message = workspace.Principal.Kind switch
            {
                CredentialKind.Session => "Logged out.",
                CredentialKind.AccessToken => "Logged out: the refresh token has ended, and the access token ends by itself within 15 minutes.",
                _ => "There is no session to end: an API key ends when it is deleted.",
            },
        });
    }

    private static async Task<Results<Ok<ErasureCertificate>, ProblemAnswer>> DeleteAccountAsync(
        [Microsoft.AspNetCore.Mvc.FromBody] DeleteAccount request, Workspace workspace, HttpContext context, CancellationToken cancellation)
    {
        var erased = await workspace.Account.DeleteAsync(request, cancellation);
        if (erased.Problem is null)
        {
            SessionCookie.Remove(context);
        }
        return Answers.Of(erased);
    }

    internal static async Task<SignedIn> SignInAsync(
        HttpContext context, CallAgentHost host, Principal principal, string message, CancellationToken cancellation)
    {
        var (token, expiresAt) = await host.SignIn.StartSessionAsync(principal, Origins.Of(context), cancellation);
        SessionCookie.Write(context, token, expiresAt);
        await using var workspace = host.As(principal);
        var profile = await workspace.Account.ProfileAsync(cancellation);
        return new()
        {
            Message = message,
            User = new()
            {
                Id = profile.Id,
                Email = profile.Email,
                FullName = profile.FullName,
                CompanyName = profile.CompanyName,
                Plan = profile.Plan,
                Role = profile.Role,
            },
        };
    }
}
