using System.CommandLine;
using System.Globalization;
using CallAgent.Client;
using Spectre.Console;

namespace CallAgent.Cli;

/// <summary>Checks audit logs, and removes what is older than its time.</summary>
internal static class AuditCommand
{
    /// <summary>A log is not what CallAgent wrote.</summary>
    private const int Tampered = 3;

    public static Command Create() => new("audit", "The audit logs of this installation.") { Verify(), Prune() };

    private static Command Verify()
    {
        var email = Email();
        var command = new Command("verify", "Check every entry and seal; exit code 3 says that a log was tampered with.") { email };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            await using var host = await CallAgentHost.StartAsync(settings, cancellation: cancellation);
            var isWhole = true;
            await foreach (var user in UsersAsync(settings, parsed.GetValue(email), cancellation))
            {
                await using var workspace = await host.AsAsync(user.Id, cancellation);
                if (workspace is null)
                {
                    continue; // Erased meanwhile.
                }
                await workspace.Audit.SealAsync(cancellation);
                var report = await workspace.Audit.VerifyAsync(cancellation);
                isWhole &= report.IsIntact;
                Show(user, report);
            }
            return isWhole ? Run.Success : Tampered;
        });
        return command;
    }

    private static Command Prune()
    {
        var email = Email();
        var days = new Option<int?>("--days") { Description = "remove entries older than this; CALLAGENT_AUDIT_DAYS when absent, at least 30" };
        var command = new Command("prune", "Remove entries after their time; the server does this once a day by itself.") { email, days };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            var life = parsed.GetValue(days) ?? settings.AuditDays;
            CallAgentSettings.CheckAuditDays("--days", life);
            await using var host = await CallAgentHost.StartAsync(settings, cancellation: cancellation);
            long gone = 0;
            await foreach (var user in UsersAsync(settings, parsed.GetValue(email), cancellation))
            {
                await using var workspace = await host.AsAsync(user.Id, cancellation);
                if (workspace is null)
                {
                    continue; // Erased meanwhile.
                }
                gone += await workspace.Audit.PruneAsync(host.Now.AddDays(-life), cancellation);
            }
            Run.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{gone:N0} entries older than {life} days were removed."));
            return Run.Success;
        });
        return command;
    }

    private static Argument<string?> Email() => new("USER") { Description = "the owner's e-mail address; every user when absent", Arity = ArgumentArity.ZeroOrOne };

    private static async IAsyncEnumerable<OperatedUser> UsersAsync(
        CallAgentSettings settings, string? email, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var operators = Operators.Open(settings);
        if (email is not null)
        {
            yield return await operators.FindAsync(email, cancellation) ?? throw new SettingsException($"Nobody is registered as {email}.");
            yield break;
        }
        await foreach (var user in operators.AllAsync(cancellation))
        {
            yield return user;
        }
    }

    private static void Show(OperatedUser user, AuditReport report)
    {
        var about = string.Create(CultureInfo.InvariantCulture, $"{report.Checked:N0} entries checked, {report.Waiting:N0} not sealed yet");
        if (report.PrunedThrough > 0)
        {
            about += string.Create(CultureInfo.InvariantCulture, $", those up to seal {report.PrunedThrough:N0} removed after their time");
        }
        Run.Out.WriteLine($"{user.Email}: {(report.IsIntact ? "intact" : "TAMPERED WITH")}; {about}.");
        if (report.Hash is { } hash)
        {
            Run.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  newest seal {report.Sequence}: {hash}"));
        }
        foreach (var fault in report.Faults)
        {
            Run.Out.WriteLine($"  {fault}");
        }
    }
}
