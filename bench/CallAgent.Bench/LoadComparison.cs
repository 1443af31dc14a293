namespace CallAgent.Bench;

/// <summary>Both servers under the same load, in turns, so that what disturbs the machine disturbs both.</summary>
internal static class LoadComparison
{
    // The compiler is at work on the product for about forty seconds of load; and the database has touched its pages since the checkpoint.
    public const int WarmUpSeconds = 45;

    public static async Task<IReadOnlyList<Comparison>> RunAsync(
        Server product, Server baseline, BenchDatabase database, string folder, BenchOptions options)
    {
        var people = Path.Combine(folder, "people");
        await File.WriteAllLinesAsync(people, database.Callers.Select(c => $"{c.Key} {c.UserId} {c.ContactId}"));
        await using var one = await product.StartAsync();
        await using var other = await baseline.StartAsync();
        var wrk = new Wrk(people);
        var cpu = await CpuTime.OfAsync(database);
        var comparisons = new List<Comparison>();
        foreach (var what in Api.Requests)
        {
            await Api.SendAsync(one.Http, what, Api.Product, database.Callers[0], wrk.NextNumber());
            await Api.SendAsync(other.Http, what, Api.Baseline, database.Callers[0], wrk.NextNumber());
            await wrk.RunAsync(one, Api.Product, what, WarmUpSeconds);
            await wrk.RunAsync(other, Api.Baseline, what, WarmUpSeconds);
            var (products, baselines) = (new List<Load>(), new List<Load>());
            for (var round = 0; round < options.Rounds; round++)
            {
                products.Add(await MeasureAsync(one, Api.Product, what));
                baselines.Add(await MeasureAsync(other, Api.Baseline, what));
            }
            comparisons.Add(new(what, Load.MedianOf(products), Load.MedianOf(baselines)));
            Console.WriteLine($"  {what}: {comparisons[^1].Product.PerSecond:N0} of {comparisons[^1].Baseline.PerSecond:N0} a second ({comparisons[^1].Ratio:0.00}); "
                + $"microseconds of the server {comparisons[^1].Product.ServerCpu:0} of {comparisons[^1].Baseline.ServerCpu:0}, "
                + $"of the database {comparisons[^1].Product.DatabaseCpu:0} of {comparisons[^1].Baseline.DatabaseCpu:0}");
        }
        return comparisons;

        async Task<Load> MeasureAsync(RunningServer server, string prefix, string what)
        {
            var before = cpu.Now(server);
            var load = await wrk.RunAsync(server, prefix, what, options.Seconds);
            var after = cpu.Now(server);
            return load with
            {
                ServerCpu = (after.Server - before.Server) / load.Requests * 1e6,
                DatabaseCpu = (after.Database - before.Database) / load.Requests * 1e6,
            };
        }
    }
}

/// <summary>What one server did under load; times in milliseconds, processor times in microseconds a request.</summary>
internal sealed record Load(double Requests, double PerSecond, double P50, double P99)
{
    public double ServerCpu { get; init; }
    public double DatabaseCpu { get; init; }

    public static Load MedianOf(IReadOnlyCollection<Load> rounds) =>
        new(rounds.Sum(r => r.Requests), Median.Of(rounds.Select(r => r.PerSecond)), Median.Of(rounds.Select(r => r.P50)), Median.Of(rounds.Select(r => r.P99)))
        {
            ServerCpu = Median.Of(rounds.Select(r => r.ServerCpu)),
            DatabaseCpu = Median.Of(rounds.Select(r => r.DatabaseCpu)),
        };
}

internal sealed record Comparison(string What, Load Product, Load Baseline)
{
    public double Ratio => Product.PerSecond / Baseline.PerSecond;
}
