using System.Diagnostics;
using Npgsql;

namespace CallAgent.Bench;

/// <summary>Milliseconds of a page from request to last byte, and how often it waited for the database.</summary>
internal sealed record PageTimes(MeasuredPage Page, double P50, double P95, double RoundTrips, double KiloBytes)
{
    public const int Contacts = 1_000_000;
    public const int Times = 200;

    private const int WarmUps = 60;

    // Another request in between may read who is signed in, every three seconds: the median is without it.
    private const int Counted = 9;

    /// <summary>Every page one after the other, in turns, so that a busy moment of the machine is not one page's; and what was read as a whole for it.</summary>
    public static async Task<(IReadOnlyList<PageTimes> Pages, IReadOnlyDictionary<string, long> WholeReads)> MeasureAsync(BenchOptions options, Server product)
    {
        var cluster = DatabaseUrl.Parse("CALLAGENT_BENCH_POSTGRES_URL", options.PostgresUrl);
        using var relay = new RoundTrips(cluster.Host!, cluster.Port);
        var trips = new Dictionary<MeasuredPage, (double Trips, double Size)>();
        await using (var counted = await LargeAccount.CreateAsync(options, product, Contacts, url => new(url.ConnectionString) { Host = "127.0.0.1", Port = relay.Port }))
        {
            foreach (var page in MeasuredPage.All)
            {
                trips[page] = await CountAsync(counted, page, relay);
            }
            await using var account = await counted.RestartAsync(product);
            var times = MeasuredPage.All.ToDictionary(p => p, _ => new List<double>());
            await using var owner = NpgsqlDataSource.Create(account.OwnerConnection);
            var wholeReads = await WholeReads.DuringAsync(owner, async () =>
            {
                for (var n = -WarmUps; n < Times; n++)
                {
                    foreach (var page in MeasuredPage.All)
                    {
                        var watch = Stopwatch.GetTimestamp();
                        await account.GetAsync(page, n + WarmUps);
                        if (n >= 0)
                        {
                            times[page].Add(Stopwatch.GetElapsedTime(watch).TotalMilliseconds);
                        }
                    }
                }
            });
            return ([.. MeasuredPage.All.Select(p => new PageTimes(p, Median.Of(times[p]), Share(times[p], 0.95), trips[p].Trips, trips[p].Size))], wholeReads);
        }
    }

    private static async Task<(double Trips, double Size)> CountAsync(LargeAccount account, MeasuredPage page, RoundTrips relay)
    {
        var (each, size) = (new List<double>(), 0);
        for (var n = 0; n < Counted; n++)
        {
            var before = relay.Count;
            size = (await account.GetAsync(page, 0)).Length;
            each.Add(relay.Count - before);
        }
        return (Median.Of(each), size / 1000.0);
    }

    private static double Share(IEnumerable<double> values, double share) => values.Order().ToArray() is var sorted ? sorted[(int)Math.Ceiling(sorted.Length * share) - 1] : 0;
}
