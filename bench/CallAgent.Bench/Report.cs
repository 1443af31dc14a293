using System.Text;
using System.Text.RegularExpressions;

namespace CallAgent.Bench;

/// <summary>The figures as a page of the documents.</summary>
internal static partial class Report
{
    private static readonly Dictionary<string, (string Name, double Target)> Rows = new()
    {
        ["page"] = ("Page of 50 contacts", 0.6),
        ["get"] = ("One contact", 0.5),
        ["create"] = ("New contact", 0.5),
    };

    public static string Write(BenchOptions options, Starts starts, IReadOnlyDictionary<string, double> trips, IReadOnlyList<Comparison> load)
    {
        var text = new StringBuilder($"""
            # Performance

            Measured {TimeProvider.System.GetUtcNow():yyyy-MM-dd} by `./dev bench` on {Machine()}. Load generator, server and database share the machine.

            1,000 users with 1,000 contacts each, 8.5 million search tokens, on a PostgreSQL with `fsync` on, `shared_buffers` of 2 GB and
            `wal_compression`. After {LoadComparison.WarmUpSeconds} s of warming up, medians of {options.Rounds} rounds of {options.Seconds} s, in turns, with 32 connections (`wrk -t2 -c32`).
            Every answer was 200 or 201. A hundred of the users call at once. Both are published with `PublishReadyToRun`; the users are on the unlimited plan.

            The baseline (`bench/CallAgent.Bench.Baseline`) is the least that could do it: a minimal API, hand-written SQL in one message under the same
            row-level security, the same fields. It checks no sign-in, and a new contact is one row: no validation, no number parsing, no search tokens,
            no audit log, no counters. The ratio is how much of that speed is left with all of them: a new contact is twelve rows, with
            twenty index entries, and three counters ([why](decisions/0010-hand-written-statements-for-contacts.md)).

            | | requests/s | p50 | p99 | baseline requests/s | p50 | p99 | ratio | target | round trips |
            |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|

            """);
        foreach (var c in load)
        {
            var (name, target) = Rows[c.What];
            text.Append($"| {name} | {c.Product.PerSecond:N0} | {c.Product.P50:0.0} ms | {c.Product.P99:0.0} ms | ")
                .Append($"{c.Baseline.PerSecond:N0} | {c.Baseline.P50:0.0} ms | {c.Baseline.P99:0.0} ms | ")
                .AppendLine($"**{c.Ratio:0.00}** | ≥ {target:0.0} | {trips[c.What]:0.#} |");
        }
        text.Append("""

            Processor time of a request in microseconds, which depends less than the rates on what else the machine does, and still on it:

            | | server | database | baseline server | database |
            |---|--:|--:|--:|--:|

            """);
        foreach (var c in load)
        {
            text.AppendLine($"| {Rows[c.What].Name} | {c.Product.ServerCpu:0} | {c.Product.DatabaseCpu:0} | {c.Baseline.ServerCpu:0} | {c.Baseline.DatabaseCpu:0} |");
        }
        return text.Append($"""

            | | product | baseline | target |
            |---|--:|--:|--:|
            | Start to first answer (median of 5, database migrated) | {starts.ProductSeconds:0.00} s | {starts.BaselineSeconds:0.00} s | ≤ 2 s |
            | Memory, idle 10 s after one request | {starts.ProductIdle:0} MB | {starts.BaselineIdle:0} MB | ≤ 200 MB |

            Round trips to the database are those of a request whose caller is remembered (three seconds), counted by a relay in between. To repeat:

            ```sh
            ./dev bench
            ```

            """).ToString();
    }

    /// <summary>What it was measured on.</summary>
    public static string Machine()
    {
        var cpu = File.ReadLines("/proc/cpuinfo").First(l => l.StartsWith("model name", StringComparison.Ordinal)).Split(": ")[1];
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        return $"{Environment.ProcessorCount} cores ({Spaces().Replace(cpu.Trim(), " ")}), {memory:0} GB, Linux, .NET {Environment.Version}";
    }

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
