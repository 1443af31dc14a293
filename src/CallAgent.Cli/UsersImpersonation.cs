using System.CommandLine;
using CallAgent.Client;

namespace CallAgent.Cli;

/// <summary>Letting whoever operates the installation look into one user, for a while and for a reason that the user reads.</summary>
internal static class UsersImpersonation
{
    public static Command Begin()
    {
        var email = UsersCommand.Email();
        var reason = new Option<string>("--reason") { Description = "why; the user reads it in its audit log", Required = true };
        var minutes = new Option<int>("--minutes") { Description = "for how long, 1 to 60", DefaultValueFactory = _ => Impersonations.UsualMinutes };
        var command = new Command("impersonate", "Print a link that lets a browser see and work in a user as an agent, once and for a while.") { email, reason, minutes };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            await using var operators = Operators.Open(settings);
            if (await operators.FindAsync(parsed.GetValue(email)!, cancellation) is not { } user)
            {
                return Run.Fail($"Nobody is registered as {parsed.GetValue(email)}.");
            }
            var request = new BeginImpersonation { Reason = parsed.GetValue(reason)!, Minutes = parsed.GetValue(minutes) };
            var begun = (await operators.Impersonations.BeginAsync(user.Id, request, null, cancellation)).OrThrow();
            // Bare, so that it can be handed to a browser.
            Console.Out.WriteLine(begun.Link);
            Run.Note($"It serves once, for ten minutes. {user.Email} is told in its audit log, of this and of all that is done. It ends at {begun.ExpiresAt:u}, or by: callagent users end-impersonations {user.Email}");
            return Run.Success;
        });
        return command;
    }

    public static Command End()
    {
        var email = UsersCommand.Email();
        var command = new Command("end-impersonations", "End every impersonation of a user at once, whoever began it.") { email };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            await using var operators = Operators.Open(settings);
            if (await operators.FindAsync(parsed.GetValue(email)!, cancellation) is not { } user)
            {
                return Run.Fail($"Nobody is registered as {parsed.GetValue(email)}.");
            }
            var ended = await operators.Impersonations.EndAsync(user.Id, null, cancellation);
            Run.Note(ended == 0 ? $"Nobody is at work within {user.Email}." : $"{ended} ended.");
            return Run.Success;
        });
        return command;
    }
}
