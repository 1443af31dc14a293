using CallAgent.Client;

namespace CallAgent.Server;

internal static class TwoFactorApi
{
    public static void MapTwoFactor(this IEndpointRouteBuilder app)
    {
        var factor = app.MapGroup("/api/two-factor").WithTags("Sign-in");

        factor.MapGet("/", async (Workspace w, CancellationToken c) => TypedResults.Ok(await w.TwoFactor.StatusAsync(c)))
            .Needs(Permission.Self).WithName("GetTwoFactor").WithSummary("Whether your two-factor sign-in is on");

        factor.MapPost("/", async (BeginTwoFactor request, Workspace w, CancellationToken c) => Answers.Of(await w.TwoFactor.BeginAsync(request, c)))
            .Needs(Permission.Self).WithName("BeginTwoFactor").WithSummary("Get a secret for an authenticator app")
            .WithDescription("Nothing changes until a code of it is confirmed.");

        factor.MapPost("/confirm", async (ConfirmTwoFactor request, Workspace w, CancellationToken c) => Answers.Of(await w.TwoFactor.ConfirmAsync(request, c)))
            .Needs(Permission.Self).WithName("ConfirmTwoFactor").WithSummary("Turn two-factor sign-in on by a first code")
            .WithDescription("The answer has ten recovery codes, here and nowhere else.");

        factor.MapPost("/recovery-codes", async (ConfirmTwoFactor request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.TwoFactor.RenewCodesAsync(request, c)))
            .Needs(Permission.Self).WithName("RenewRecoveryCodes").WithSummary("Replace your recovery codes");

        factor.MapPost("/off", async (ConfirmTwoFactor request, Workspace w, CancellationToken c) =>
                Answers.Nothing(await w.TwoFactor.TurnOffAsync(request, c)))
            .Needs(Permission.Self).WithName("TurnOffTwoFactor").WithSummary("Turn two-factor sign-in off");

        app.MapPost("/api/auth/step-up", async (StepUp request, Workspace w, CancellationToken c) => Answers.Nothing(await w.Account.StepUpAsync(request, c)))
            .WithTags("Sign-in").Needs(Permission.Self).WithName("StepUp").WithSummary("Show once more who is there")
            .WithDescription("By the password or a code. What asks for a recent sign-in (403 `recent-sign-in-needed`) then goes on for 15 minutes. For sessions; programs get a new token by the password.");
    }
}
