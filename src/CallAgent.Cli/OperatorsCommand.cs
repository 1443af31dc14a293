using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace CallAgent.Cli;

/// <summary>Who may use the operator's API.</summary>
internal static class OperatorsCommand
{
    public static Command Create() => new("operators", "Who may use the operator's API and console of the server.") { Add(), List(), Remove() };

    private static Command Add()
    {
        var name = new Argument<string>("NAME") { Description = "whose token it is, as it is noted of what is done with it" };
        var command = new Command("add", "Make an operator and print the token, this once.") { name };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            await using var operators = Operators.Open(settings);
            // Bare, so that it can be sent to where it is kept.
            Console.Out.WriteLine((await operators.Accounts.AddAsync(parsed.GetValue(name)!, cancellation)).OrThrow());
            Run.Note("Keep it: it is shown this once, and stored as a hash. It is sent as a bearer token to /api/operator.");
            return Run.Success;
        });
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Operators, without their tokens.");
        command.Runs(async (_, settings, cancellation) =>
        {
            await using var operators = Operators.Open(settings);
            var table = new Table().RoundedBorder().AddColumns("Name", "Since");
            foreach (var account in await operators.Accounts.ListAsync(cancellation))
            {
                table.AddRow(account.Name.EscapeMarkup(), account.CreatedAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            }
            Run.Out.Write(table);
            return Run.Success;
        });
        return command;
    }

    private static Command Remove()
    {
        var name = new Argument<string>("NAME");
        var command = new Command("remove", "End an operator's token at once.") { name };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            await using var operators = Operators.Open(settings);
            if (await operators.Accounts.RemoveAsync(parsed.GetValue(name)!, cancellation) is not null)
            {
                return Run.Fail($"There is no operator {parsed.GetValue(name)}.");
            }
            Run.Note($"The token of {parsed.GetValue(name)} is no longer taken.");
            return Run.Success;
        });
        return command;
    }
}
