using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CallAgent.Bench;

/// <summary>What Lighthouse says about the main pages of an account, as a page of the documents.</summary>
internal static class LighthouseReport
{
    private const int Contacts = 10_000;
    private const int Attempts = 4;
    private const string Program = "eng/lighthouse/node_modules/.bin/lighthouse";
    private static readonly (string Key, string Name, int Least)[] Categories =
        [("performance", "performance", 95), ("accessibility", "accessibility", 100), ("best-practices", "best practices", 100)];

    /// <returns>The exit code: 1 when a page misses a target.</returns>
    public static async Task<int> RunAsync(BenchOptions options, string folder)
    {
        Console.WriteLine("Publishing, and filling one account …");
        await using var account = await LargeAccount.CreateAsync(options, await Publishing.ProductAsync(folder), Contacts, url => url);
        foreach (var page in MeasuredPage.All)
        {
            // A server that has just started is not what people meet.
            await account.GetAsync(page, 0);
        }
        var results = new List<LighthouseResult>();
        foreach (var page in MeasuredPage.All.Where(p => p.ForLighthouse))
        {
            results.Add(await MedianAsync(options, account, page, folder));
            Console.WriteLine(results[^1]);
        }
        if (options.WritesReport)
        {
            await File.WriteAllTextAsync(Path.Combine(Publishing.Repository, "docs", "lighthouse.md"), Write(options, results));
        }
        return results.All(r => Categories.All(c => r.Scores[c.Key] >= c.Least)) ? 0 : 1;
    }

    private static async Task<LighthouseResult> MedianAsync(BenchOptions options, LargeAccount account, MeasuredPage page, string folder)
    {
        var runs = new List<LighthouseResult>();
        for (var n = 0; n < options.Rounds; n++)
        {
            runs.Add(await RunAsync(account, page, folder));
        }
        return runs.OrderBy(r => r.Scores["performance"]).ElementAt(runs.Count / 2);
    }

    // Chromium may fail to record a page on a machine that is too busy; a page that is at fault fails each time.
    private static async Task<LighthouseResult> RunAsync(LargeAccount account, MeasuredPage page, string folder)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await LookAsync(account, page, folder);
            }
            catch (InvalidOperationException e) when (attempt < Attempts)
            {
                Console.WriteLine($"{e.Message.Trim()} Once more …");
            }
        }
    }

    private static async Task<LighthouseResult> LookAsync(LargeAccount account, MeasuredPage page, string folder)
    {
        var (output, headers) = (Path.Combine(folder, "lighthouse.json"), Path.Combine(folder, "headers.json"));
        await File.WriteAllTextAsync(headers, page.IsOpen ? "{}" : JsonSerializer.Serialize(new { account.Cookie }));
        var start = new ProcessStartInfo(Path.Combine(Publishing.Repository, Program),
        [
            new Uri(account.Server.Http.BaseAddress!, page.For(account.Ids, 0)).ToString(), "--quiet", "--output=json", $"--output-path={output}",
            $"--extra-headers={headers}", "--only-categories=" + string.Join(',', Categories.Select(c => c.Key)),
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update --no-first-run",
        ])
        {
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"Lighthouse failed on {page.Address}: {said}");
        }
        using var report = JsonDocument.Parse(await File.ReadAllTextAsync(output));
        return LighthouseResult.Of(page, report.RootElement);
    }

    private static string Write(BenchOptions options, IReadOnlyList<LighthouseResult> results)
    {
        var text = new StringBuilder($"""
            # Lighthouse

            Measured {TimeProvider.System.GetUtcNow():yyyy-MM-dd} by `./dev lighthouse` on {Report.Machine()}: Lighthouse {results[0].Version} as on a middling phone with a slow
            connection (its default), Chromium and the server on the same machine, an account with {Contacts:N0} contacts and {Contacts / 5:N0} calls.
            {(options.Rounds == 1 ? "One run for each page" : $"Of {options.Rounds} runs for each page the median by performance")}. Targets: {string.Join(", ", Categories.Select(c => $"{c.Name} {(c.Least < 100 ? "≥ " : "")}{c.Least}"))}.

            | | {string.Join(" | ", Categories.Select(c => c.Name))} | first paint | largest paint | blocked | shift |
            |---|--:|--:|--:|--:|--:|--:|--:|

            """);
        foreach (var r in results)
        {
            var scores = Categories.Select(c => r.Scores[c.Key] >= c.Least ? $"{r.Scores[c.Key]:0}" : $"**{r.Scores[c.Key]:0}**");
            text.AppendLine($"| {r.Page.Name} | {string.Join(" | ", scores)} | {r.FirstPaint / 1000:0.0} s | {r.LargestPaint / 1000:0.0} s | {r.Blocked:0} ms | {r.Shift:0.###} |");
        }
        return text.ToString();
    }
}

/// <summary>One run on one page: scores from 0 to 100, times in milliseconds, and what was found.</summary>
internal sealed record LighthouseResult(
    MeasuredPage Page, string Version, IReadOnlyDictionary<string, double> Scores, double FirstPaint, double LargestPaint, double Blocked, double Shift, IReadOnlyList<string> Findings)
{
    public static LighthouseResult Of(MeasuredPage page, JsonElement report)
    {
        var scores = report.GetProperty("categories").EnumerateObject().ToDictionary(c => c.Name, c => Math.Round(c.Value.GetProperty("score").GetDouble() * 100));
        var audits = report.GetProperty("audits");
        var findings = from audit in audits.EnumerateObject()
                       let score = audit.Value.GetProperty("score")
                       where score.ValueKind == JsonValueKind.Number && score.GetDouble() < 0.9
                       select $"{audit.Name} {score.GetDouble():0.##} {(audit.Value.TryGetProperty("displayValue", out var shown) ? shown.GetString() : "")}".Trim();
        return new(page, report.GetProperty("lighthouseVersion").GetString()!, scores, Number("first-contentful-paint"), Number("largest-contentful-paint"),
            Number("total-blocking-time"), Number("cumulative-layout-shift"), [.. findings]);

        double Number(string audit) => audits.GetProperty(audit).GetProperty("numericValue").GetDouble();
    }

    public override string ToString() =>
        $"{Page.Name}: {string.Join(", ", Scores.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Key} {s.Value}")))}; {string.Join("; ", Findings)}";
}
