namespace CallAgent.Server;

/// <summary>One place on a chart's axis: what stands below it, and a value for each series.</summary>
public sealed record ChartPoint(string Label, params IReadOnlyList<long> Values)
{
    public long Sum => Values.Sum();
}

/// <summary>A scale of four equal steps that are easy to read.</summary>
public sealed record ChartScale(long Step)
{
    public const int Steps = 4;

    private static readonly long[] Tenths = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80];

    public static ChartScale For(long largest)
    {
        for (long power = 1; ; power *= 10)
        {
            if (Tenths.FirstOrDefault(t => t * power % 10 == 0 && t * power / 10 * Steps >= largest) is > 0 and var tenths)
            {
                return new(tenths * power / 10);
            }
        }
    }

    public long Top => Step * Steps;

    /// <summary>What stands at the axis, from the top down.</summary>
    public IEnumerable<long> Marks => from n in Enumerable.Range(0, Steps + 1) select Step * (Steps - n);
}

/// <summary>Points of a chart that get a word below them: a few, the first and the last among them.</summary>
public static class ChartLabels
{
    private const int Most = 5;

    public static IEnumerable<string> Of(IReadOnlyList<ChartPoint> points)
    {
        var shown = Math.Min(Most, points.Count);
        return Enumerable.Range(0, shown).Select(n => points[shown == 1 ? 0 : n * (points.Count - 1) / (shown - 1)].Label);
    }
}
