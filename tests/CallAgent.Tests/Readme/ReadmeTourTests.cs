using System.Diagnostics;
using System.Text.RegularExpressions;

namespace CallAgent.Tests;

/// <summary>The README's tour, run as it stands by a shell against a server of its own.</summary>
public sealed partial class ReadmeTourTests
{
    [Fact]
    public async Task The_tour_works_word_for_word()
    {
        using var database = TestDatabase.Create();
        await using var server = await ServerProcess.StartAsync(database);

        var (exitCode, output) = await RunAsync(Tour(server.Address), database.Folder);

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("/problems/", output);
        foreach (var expected in Expected)
        {
            Assert.Contains(expected, output);
        }
    }

    // One thing that each step must have said.
    private static readonly string[] Expected =
    [
        "Registered.", "Logged in.", "\"total_contacts\":0", "\"status\":\"in_progress\"", "Hello Grace, this is Ada Lovelace from Acme Ltd.",
        "keyword \\\"go ahead\\\"", "What do you use today, Grace?", "\"missing_fields\":[]", "\"duration_seconds\":95", "\"kind\":\"call_ended\"",
        "\"status\":\"contacted\"", "\"calls_this_month\":1", "Logged out.",
    ];

    private static string Tour(Uri address)
    {
        var script = Block().Match(Repository.Read("README.md")).Groups[1].Value;
        Assert.Contains("API=http://localhost:5000", script);
        // --fail-with-body makes curl report an error answer; the rest is the README's.
        return "set -euo pipefail\ncurl() { command curl --fail-with-body --max-time 20 \"$@\"; }\n"
            + script.Replace("http://localhost:5000", address.ToString().TrimEnd('/'), StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string script, string folder)
    {
        var start = new ProcessStartInfo("bash") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true };
        using var shell = Process.Start(start)!;
        await shell.StandardInput.WriteAsync(script);
        shell.StandardInput.Close();
        var output = await shell.StandardOutput.ReadToEndAsync();
        await shell.WaitForExitAsync();
        return (shell.ExitCode, output);
    }

    [GeneratedRegex("<!-- tour.*?```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
