using CallAgent.Client;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallAgent.Server;

/// <summary>Lost passwords, and addresses that are confirmed or changed.</summary>
internal static class RecoveryApi
{
    public static void MapRecovery(this IEndpointRouteBuilder app)
    {
        var auth = app.MapGroup("/api/auth").WithTags("Sign-in");

        auth.MapPost("/password/forgot", (ForgotPassword request, CallAgentHost host) =>
                Answers.Later(host.Recovery.ForgotPassword(request), "If this is a member's address, a mail is on its way."))
            .AllowAnonymous().WithName("ForgotPassword").WithSummary("Ask for a new password")
            .WithDescription("Mails a link that works once, for 30 minutes. The answer and its time are the same for every address.");

        auth.MapPost("/password/reset", async (ResetPassword request, CallAgentHost host, CancellationToken c) =>
                Answers.Nothing(await host.Recovery.ResetPasswordAsync(request, c)))
            .AllowAnonymous().WithName("ResetPassword").WithSummary("Set a new password by a mailed token")
            .WithDescription("All sessions and tokens of the member end; API keys stay.");

        auth.MapPost("/email", async (ChangeEmail request, Workspace w, CancellationToken c) =>
                Answers.Later(await w.Account.ChangeEmailAsync(request, c), "A mail is on its way to the new address."))
            .Needs(Permission.Self).WithName("ChangeEmail").WithSummary("Change your e-mail address")
            .WithDescription("Mails a link to the new address, and tells the old one. The change is made when the link is followed, within 30 minutes.");

        auth.MapPost("/email/confirm", async (UseMailedToken request, CallAgentHost host, CancellationToken c) =>
                Answers.Nothing(await host.Recovery.ConfirmEmailAsync(request, c)))
            .AllowAnonymous().WithName("ConfirmEmail").WithSummary("Confirm a new e-mail address by a mailed token")
            .WithDescription("An address that signs in to an account already is refused (409 `email-taken`).");

        auth.MapPost("/email/verification", SendVerificationAsync)
            .Needs(Permission.Self).WithName("SendVerification").WithSummary("Mail a link to confirm your address");

        auth.MapPost("/email/verify", async (UseMailedToken request, CallAgentHost host, CancellationToken c) =>
                Answers.Nothing(await host.Recovery.VerifyEmailAsync(request, c)))
            .AllowAnonymous().WithName("VerifyEmail").WithSummary("Confirm your e-mail address by a mailed token");
    }

    private static async Task<Accepted<Done>> SendVerificationAsync(Workspace workspace, CancellationToken cancellation)
    {
        await workspace.Account.SendVerificationAsync(cancellation);
        return TypedResults.Accepted((string?)null, new Done { Message = "If your address is not confirmed yet, a mail is on its way." });
    }
}
