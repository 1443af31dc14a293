using System.Globalization;

namespace CallAgent.Bench;

/// <summary>How long to measure, and where.</summary>
internal sealed record BenchOptions(string PostgresUrl, int Rounds = 4, int Seconds = 5, bool WritesReport = true, bool Keeps = false, BenchPart Part = BenchPart.All)
{
    private const string Variable = "CALLAGENT_BENCH_POSTGRES_URL";

    public static BenchOptions Parse(string[] args)
    {
        var options = new BenchOptions(Environment.GetEnvironmentVariable(Variable)
            ?? throw new InvalidOperationException($"{Variable} names no throw-away PostgreSQL with a superuser. ./dev bench starts one."));
        for (var i = 0; i < args.Length; i++)
        {
            options = args[i] switch
            {
                "--rounds" => options with { Rounds = Number(args, ++i) },
                "--seconds" => options with { Seconds = Number(args, ++i) },
                "--no-report" => options with { WritesReport = false },
                "--imports" => options with { Part = BenchPart.Imports },
                "--load" => options with { Part = BenchPart.Load },
                "--pages" => options with { Part = BenchPart.Pages },
                "--lighthouse" => options with { Part = BenchPart.Lighthouse },
                "--keep" => options with { Keeps = true },
                _ => throw new ArgumentException($"There is no option {args[i]}."),
            };
        }
        return options;
    }

    private static int Number(string[] args, int at) => int.Parse(args.ElementAtOrDefault(at) ?? "", CultureInfo.InvariantCulture);
}

/// <summary>What is measured: one part, or all but Lighthouse, which needs Node and a browser.</summary>
internal enum BenchPart { All, Load, Imports, Pages, Lighthouse }
