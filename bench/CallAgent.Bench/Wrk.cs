using System.Diagnostics;
using System.Globalization;

namespace CallAgent.Bench;

/// <summary>Runs <c>wrk</c> with the script beside this program.</summary>
internal sealed class Wrk(string people)
{
    // Each run makes contacts with numbers of its own: two threads, a million each.
    private const int NumbersOfRun = 2_000_000;

    private int next;

    /// <summary>The first number of a range that nobody has used.</summary>
    public int NextNumber() => NumbersOfRun * next++;

    public async Task<Load> RunAsync(RunningServer server, string prefix, string what, int seconds)
    {
        var start = new ProcessStartInfo("wrk",
        [
            "-t2", "-c32", $"-d{seconds}s", "-s", Path.Combine(AppContext.BaseDirectory, "load.lua"), server.Http.BaseAddress!.ToString(),
            "--", what, people, prefix, (what == "create" ? NextNumber() : 0).ToString(CultureInfo.InvariantCulture),
        ])
        { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var result = output.Split('\n').SingleOrDefault(l => l.StartsWith("RESULT ", StringComparison.Ordinal))?.Split(' ')[1..]
            .Select(n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        return result is [var requests, var microseconds, var p50, var p99, 0]
            ? new(requests, requests / microseconds * 1e6, p50 / 1000, p99 / 1000)
            : throw new InvalidOperationException($"Not every {what} of {server.Process.StartInfo.ArgumentList[0]} succeeded: {output}");
    }
}
