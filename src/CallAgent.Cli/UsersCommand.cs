using System.CommandLine;
using System.Globalization;
using CallAgent.Client;
using Spectre.Console;

namespace CallAgent.Cli;

internal static class UsersCommand
{
    private const int MostListed = 200;

    private static readonly string[] Plans = [.. Enum.GetValues<Plan>().Select(Word)];

    public static Command Create() => new("users", "The users of this installation.")
    {
        List(),
        Show(),
        Members(),
        SetPlan(),
        SetStatus("suspend", "End every way of signing in of a user, within seconds.", UserStatus.Suspended),
        SetStatus("activate", "Let a user sign in again.", UserStatus.Active),
        UsersImpersonation.Begin(),
        UsersImpersonation.End(),
        UsersLastResorts.SignOut(),
        UsersLastResorts.ResetTwoFactor(),
        UsersLastResorts.Erase(),
    };

    private static Command List()
    {
        var search = new Option<string?>("--search") { Description = "part of an e-mail or company" };
        var command = new Command("list", "Users with their plan, status and usage.") { search };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            await using var operators = Operators.Open(settings);
            var users = await operators.ListAsync(parsed.GetValue(search), limit: MostListed + 1, cancellation: cancellation);
            if (users.Count == 0)
            {
                Run.Out.WriteLine("No users. Register one at the server, or run: callagent demo");
                return Run.Success;
            }
            Run.Out.Write(Table(users.Take(MostListed)));
            if (users.Count > MostListed)
            {
                Run.Out.WriteLine($"There are more than {MostListed}; narrow the list with --search.");
            }
            return Run.Success;
        });
        return command;
    }

    private static Command Show()
    {
        var email = Email();
        var command = new Command("show", "One user.") { email };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            await using var operators = Operators.Open(settings);
            if (await operators.FindAsync(parsed.GetValue(email)!, cancellation) is not { } user)
            {
                return Run.Fail($"No such user. Nobody is registered as {parsed.GetValue(email)}.");
            }
            Run.Out.Write(Details(user));
            return Run.Success;
        });
        return command;
    }

    private static Command Members()
    {
        var email = Email();
        var command = new Command("members", "The members of a user, with their roles.") { email };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            await using var operators = Operators.Open(settings);
            var table = new Table().RoundedBorder().AddColumns("E-mail", "Name", "Role", "Status", "Since");
            foreach (var member in (await operators.MembersAsync(parsed.GetValue(email)!, cancellation)).OrThrow())
            {
                table.AddRow(member.Email.EscapeMarkup(), member.FullName.EscapeMarkup(), Word(member.Role), Word(member.Status), Day(member.CreatedAt));
            }
            Run.Out.Write(table);
            return Run.Success;
        });
        return command;
    }

    private static Command SetPlan()
    {
        var email = Email();
        var plan = new Argument<string>("PLAN") { Description = "free, basic, professional or enterprise" };
        plan.CompletionSources.Add([.. Plans]);
        plan.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && !Plans.Contains(given.Value, StringComparer.OrdinalIgnoreCase))
            {
                result.AddError($"There is no plan {given.Value}. Plans: {string.Join(", ", Plans)}.");
            }
        });
        var command = new Command("set-plan", "Put a user on another plan.") { email, plan };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            await using var operators = Operators.Open(settings);
            var changed = (await operators.SetPlanAsync(parsed.GetValue(email)!, Enum.Parse<Plan>(parsed.GetValue(plan)!, ignoreCase: true), cancellation)).OrThrow();
            Run.Out.WriteLine($"{changed.Email} is on the {Word(changed.Plan)} plan; a running server knows within seconds.");
            return Run.Success;
        });
        return command;
    }

    private static Command SetStatus(string name, string description, UserStatus status)
    {
        var email = Email();
        var command = new Command(name, description) { email };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            await using var operators = Operators.Open(settings);
            var changed = (await operators.SetStatusAsync(parsed.GetValue(email)!, status, cancellation)).OrThrow();
            Run.Out.WriteLine($"{changed.Email} is {Word(changed.Status)}; a running server knows within seconds.");
            return Run.Success;
        });
        return command;
    }

    internal static Argument<string> Email() => new("E-MAIL") { Description = "the owner's e-mail address" };

    private static Table Table(IEnumerable<OperatedUser> users)
    {
        var table = new Table().RoundedBorder().AddColumns("E-mail", "Company", "Plan", "Status");
        table.AddColumns(new[] { "Campaigns", "Contacts", "Calls" }.Select(c => new TableColumn(c).RightAligned()).ToArray());
        table.AddColumn("Registered");
        foreach (var user in users)
        {
            table.AddRow(
                user.Email.EscapeMarkup(), (user.CompanyName ?? "").EscapeMarkup(), Word(user.Plan), Coloured(user.Status),
                Number(user.Campaigns), Number(user.Contacts), Number(user.Calls), Day(user.CreatedAt));
        }
        return table;
    }

    private static Grid Details(OperatedUser user)
    {
        var limits = PlanOffer.All.Single(o => o.Plan == user.Plan).Limits;
        var grid = new Grid().AddColumns(2);
        foreach (var (name, value) in new[]
        {
            ("Id", user.Id.ToString()), ("E-mail", user.Email.EscapeMarkup()), ("Company", (user.CompanyName ?? "").EscapeMarkup()),
            ("Plan", Word(user.Plan)), ("Status", Coloured(user.Status)), ("Registered", Day(user.CreatedAt)),
            ("Campaigns", Of(user.Campaigns, limits.Campaigns)), ("Contacts", Of(user.Contacts, limits.Contacts)), ("Calls this month", Of(user.CallsThisMonth, limits.CallsPerMonth)),
            ("Calls in all", Number(user.Calls)),
        })
        {
            grid.AddRow($"[grey]{name}[/]", value);
        }
        return grid;
    }

    private static string Coloured(UserStatus status) =>
        status is UserStatus.Active or UserStatus.Trial ? $"[green]{Word(status)}[/]" : $"[red]{Word(status)}[/]";

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Of(long used, long? limit) => limit is { } most ? $"{Number(used)} of {Number(most)}" : $"{Number(used)}, unlimited";

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
