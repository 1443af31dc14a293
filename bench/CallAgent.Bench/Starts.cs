namespace CallAgent.Bench;

/// <summary>How long a start takes, and what an idle server keeps in memory.</summary>
internal sealed record Starts(double ProductSeconds, double BaselineSeconds, double ProductIdle, double BaselineIdle)
{
    private const int Times = 5;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    public static async Task<Starts> MeasureAsync(Server product, Server baseline, BenchDatabase database)
    {
        var seconds = (Product: new List<double>(), Baseline: new List<double>());
        for (var i = 0; i < Times; i++)
        {
            seconds.Product.Add(await SecondsAsync(product));
            seconds.Baseline.Add(await SecondsAsync(baseline));
        }
        var memory = await Task.WhenAll(IdleAsync(product, database.Callers[0], Api.Product), IdleAsync(baseline, database.Callers[0], Api.Baseline));
        return new(Median.Of(seconds.Product), Median.Of(seconds.Baseline), memory[0], memory[1]);
    }

    private static async Task<double> SecondsAsync(Server server)
    {
        await using var running = await server.StartAsync();
        return running.Start.TotalSeconds;
    }

    private static async Task<double> IdleAsync(Server server, Caller caller, string prefix)
    {
        await using var running = await server.StartAsync();
        await Api.SendAsync(running.Http, "page", prefix, caller, 0);
        await Task.Delay(Rest);
        return running.Memory;
    }
}

internal static class Median
{
    public static double Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
