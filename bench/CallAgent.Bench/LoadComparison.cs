namespace CallAgent.Bench;

/// <summary>Both servers under the same load, in turns, so that what disturbs the machine disturbs both.</summary>
internal static class LoadComparison
{
    // Long enough for the compiler to be done with both, and for the database to have touched its pages since the checkpoint.
    public const int WarmUpSeconds = 20;

    public static async Task<IReadOnlyList<Comparison>> RunAsync(
        Server product, Server baseline, BenchDatabase database, string folder, BenchOptions options)
    {
        var people = Path.Combine(folder, "people");
        await File.WriteAllLinesAsync(people, database.Callers.Select(c => $"{c.Key} {c.UserId} {c.ContactId}"));
        await using var one = await product.StartAsync();
        await using var other = await baseline.StartAsync();
        var wrk = new Wrk(people);
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
                products.Add(await wrk.RunAsync(one, Api.Product, what, options.Seconds));
                baselines.Add(await wrk.RunAsync(other, Api.Baseline, what, options.Seconds));
            }
            comparisons.Add(new(what, Load.MedianOf(products), Load.MedianOf(baselines)));
            Console.WriteLine($"  {what}: {comparisons[^1].Product.PerSecond:N0} of {comparisons[^1].Baseline.PerSecond:N0} a second ({comparisons[^1].Ratio:0.00})");
        }
        return comparisons;
    }
}

/// <summary>What one server did under load; times in milliseconds.</summary>
internal sealed record Load(double PerSecond, double P50, double P99)
{
    public static Load MedianOf(IReadOnlyCollection<Load> rounds) =>
        new(Median.Of(rounds.Select(r => r.PerSecond)), Median.Of(rounds.Select(r => r.P50)), Median.Of(rounds.Select(r => r.P99)));
}

internal sealed record Comparison(string What, Load Product, Load Baseline)
{
    public double Ratio => Product.PerSecond / Baseline.PerSecond;
}
