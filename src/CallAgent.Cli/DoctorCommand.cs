using System.CommandLine;
using System.Text.Json;
using Spectre.Console;

namespace CallAgent.Cli;

internal static class DoctorCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "the findings as JSON" };
        var command = new Command("doctor", "Examine the installation; exit code 1 when something is wrong.") { json };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            var findings = await Doctor.ExamineAsync(settings, Environment.GetEnvironmentVariable("SMTP_URL"), cancellation);
            if (parsed.GetValue(json))
            {
                Console.Out.WriteLine(Json(findings));
            }
            else
            {
                Show(findings);
            }
            return Doctor.Worst(findings) == Verdict.Wrong ? Run.Failure : Run.Success;
        });
        return command;
    }

    private static void Show(IReadOnlyList<Finding> findings)
    {
        var width = findings.Max(f => f.Check.Length);
        foreach (var finding in findings)
        {
            Run.Out.MarkupLine($"{Coloured(finding.Verdict)}  {Markup.Escape(finding.Check.PadRight(width))}  {Markup.Escape(finding.Says)}");
            if (finding.Mend is { } mend)
            {
                Run.Out.MarkupLine($"{new string(' ', width + 11)}[grey]→ {Markup.Escape(mend)}[/]");
            }
        }
        Run.Out.WriteLine();
        Run.Out.WriteLine(Doctor.Worst(findings) switch
        {
            Verdict.Ok => "All is well.",
            Verdict.Warning => "It works; see to the warnings.",
            _ => "Something is wrong.",
        });
    }

    private static string Coloured(Verdict verdict) => verdict switch
    {
        Verdict.Ok => "[green]ok     [/]",
        Verdict.Warning => "[yellow]warning[/]",
        _ => "[red]wrong  [/]",
    };

    private static string Json(IReadOnlyList<Finding> findings) => JsonSerializer.Serialize(
        new { verdict = Word(Doctor.Worst(findings)), checks = findings.Select(f => new { check = f.Check, verdict = Word(f.Verdict), says = f.Says, mend = f.Mend }) },
        JsonSerializerOptions.Web);

    private static string Word(Verdict verdict) => verdict.ToString().ToLowerInvariant();
}
