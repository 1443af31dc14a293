namespace CallAgent.Tests;

/// <summary>PostgreSQL is shut down at once and started again under load, several times (R-09).</summary>
[Trait("database", "postgres")]
[Trait("kind", "long")]
public sealed class DatabaseRestartTests(ITestOutputHelper output)
{
    private const int Restarts = 5;
    private static readonly TimeSpan LongestRecovery = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Requests_are_told_to_come_again_and_all_is_well_soon_after()
    {
        await using var postgres = await OwnPostgres.StartAsync();
        using var database = TestDatabase.CreateOn(postgres.Url);
        await using var server = await ServerProcess.StartAsync(database);
        await using var load = Load.Start(server.Address, await Load.NewKeyAsync(database, server.Address), writers: 8, readers: 8);
        var back = new List<TimeSpan>();
        for (var restart = 0; restart < Restarts; restart++)
        {
            await Task.Delay(2000);
            await postgres.StopAtOnceAsync();
            await Task.Delay(1000);
            await postgres.StartAgainAsync();
            back.Add(load.Now);
        }
        await Task.Delay(LongestRecovery + LongestRecovery);
        await load.StopAsync();

        var bad = load.Answers.Where(a => !a.IsGood).ToList();
        // What was asked later than so long after a start must be answered.
        var recovery = back.Select(at => bad.Where(a => a.At < at + LongestRecovery * 2 && a.At > at).Select(a => a.At - at).DefaultIfEmpty().Max()).ToList();
        output.WriteLine($"{load.Answers.Count} requests, {bad.Count} refused, {load.Acknowledged.Count} contacts; last refusal after a start: {string.Join(", ", recovery.Select(r => $"{r.TotalSeconds:0.00} s"))}");
        Assert.NotEmpty(bad);
        Assert.DoesNotContain(bad, a => a.Status != System.Net.HttpStatusCode.ServiceUnavailable || !a.HasRetryAfter);
        Assert.All(recovery.SkipLast(1), r => Assert.InRange(r, TimeSpan.Zero, LongestRecovery));
        Assert.InRange(recovery[^1], TimeSpan.Zero, LongestRecovery);
        Assert.Empty(await load.LostAsync(server.Address));
    }
}
