using System.CommandLine;
using System.Text.Json;
using CallAgent.Client;

namespace CallAgent.Cli;

/// <summary>What is done to a user when nobody else can: it works as that user and reaches no other.</summary>
internal static class UsersLastResorts
{
    private static readonly JsonSerializerOptions Readable = new(CallAgentJson.Lenient) { WriteIndented = true };

    public static Command SignOut()
    {
        var email = new Argument<string?>("E-MAIL") { Description = "the owner's e-mail address", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "every user of this installation" };
        var command = new Command("sign-out", "End all sessions and tokens of a user's members, who sign in anew. API keys stay.") { email, all };
        command.Validators.Add(result =>
        {
            if (result.GetValue(email) is null != result.GetValue(all))
            {
                result.AddError("Name a user by its owner's e-mail address, or all of them by --all.");
            }
        });
        command.Runs(async (parsed, settings, cancellation) =>
        {
            await using var operators = Operators.Open(settings);
            if (parsed.GetValue(email) is not { } address)
            {
                return await SignOutAsync(operators.AllAsync(cancellation), settings, cancellation);
            }
            return await operators.FindAsync(address, cancellation) is { } user
                ? await SignOutAsync(new[] { user }.ToAsyncEnumerable(), settings, cancellation)
                : Run.Fail($"Nobody is registered as {address}.");
        });
        return command;
    }

    private static async Task<int> SignOutAsync(IAsyncEnumerable<OperatedUser> users, CallAgentSettings settings, CancellationToken cancellation)
    {
        await using var host = await CallAgentHost.StartAsync(settings, cancellation: cancellation);
        var (count, sessions) = (0, 0);
        await foreach (var user in users.WithCancellation(cancellation))
        {
            // Erased in between: nobody is left to be signed out.
            if (await host.AsOperatorAsync(user.Id, null, cancellation) is { } found)
            {
                await using var workspace = found;
                sessions += await workspace.Sessions.DeleteAllAsync(cancellation);
                count++;
            }
        }
        Run.Note($"{sessions} sessions and all tokens of {count} {(count == 1 ? "user" : "users")} are ended; a running server knows within seconds. API keys stay.");
        return Run.Success;
    }

    public static Command ResetTwoFactor()
    {
        var email = new Argument<string>("E-MAIL") { Description = "the member's e-mail address" };
        var command = new Command("reset-two-factor", "Let a member who lost app and recovery codes sign in by the password alone.") { email };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            var address = parsed.GetValue(email)!;
            await using var operators = Operators.Open(settings);
            if (await operators.FindMemberAsync(address, cancellation) is not var (userId, memberId))
            {
                return Run.Fail($"Nobody signs in as {address}.");
            }
            await using var host = await CallAgentHost.StartAsync(settings, cancellation: cancellation);
            await using var workspace = await host.AsOperatorAsync(userId, null, cancellation) ?? throw new SettingsException($"Nobody signs in as {address}.");
            if (await workspace.TwoFactor.ResetAsync(memberId, cancellation) is { } problem)
            {
                return Run.Fail(problem.Title + ".");
            }
            Run.Note($"{address} signs in by the password alone now, and is told so by mail.");
            return Run.Success;
        });
        return command;
    }

    public static Command Erase()
    {
        var email = UsersCommand.Email();
        var yes = new Option<bool>("--yes") { Description = "do not ask" };
        var command = new Command("erase", "Erase a user with everything it has, and print the certificate. There is no way back.") { email, yes };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            var address = parsed.GetValue(email)!;
            await using var operators = Operators.Open(settings);
            if (await operators.FindAsync(address, cancellation) is not { } user)
            {
                return Run.Fail($"Nobody is registered as {address}.");
            }
            if (!parsed.GetValue(yes) && !IsConfirmed(user))
            {
                return Run.Fail("Nothing was erased.");
            }
            await using var host = await CallAgentHost.StartAsync(settings, cancellation: cancellation);
            await using var workspace = await host.AsOperatorAsync(user.Id, null, cancellation) ?? throw new SettingsException($"Nobody is registered as {address}.");
            var certificate = await workspace.Account.EraseAsync(cancellation);
            // Bare, so that it can be sent to a file.
            Console.Out.WriteLine(JsonSerializer.Serialize(certificate, Readable));
            Run.Note($"{user.Email} is erased. The lines above are the certificate: callagent erasure verify FILE checks it.");
            return Run.Success;
        });
        return command;
    }

    private static bool IsConfirmed(OperatedUser user)
    {
        Run.Note($"{user.Email} ({user.CompanyName ?? "no company name"}): {user.Campaigns} campaigns, {user.Contacts} contacts and {user.Calls} calls will be erased, for all of its members. There is no way back.");
        Console.Error.Write("Type the e-mail address to go on: ");
        return string.Equals(Console.In.ReadLine()?.Trim(), user.Email, StringComparison.OrdinalIgnoreCase);
    }
}
