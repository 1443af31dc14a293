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
        var back = new List<(TimeSpan Started, TimeSpan Stopped)>();
        for (var restart = 0; restart < Restarts; restart++)
        {
            await Task.Delay(1000);
            await postgres.StopAtOnceAsync();
            await Task.Delay(1000);
            await postgres.StartAgainAsync();
            var started = load.Now;
            await Task.Delay(LongestRecovery + TimeSpan.FromSeconds(2));
            back.Add((started, load.Now));
        }
        await load.StopAsync();

        var bad = load.Answers.Where(a => !a.IsGood).ToList();
        var last = back.Select(b => bad.Where(a => a.At > b.Started && a.At < b.Stopped).Select(a => a.At - b.Started).DefaultIfEmpty().Max()).ToList();
        output.WriteLine($"{load.Answers.Count} requests, {bad.Count} refused, {load.Acknowledged.Count} contacts; last refusal after a start: {string.Join(", ", last.Select(r => $"{r.TotalSeconds:0.00} s"))}");
        Assert.NotEmpty(bad);
        Assert.DoesNotContain(bad, a => a.Status != System.Net.HttpStatusCode.ServiceUnavailable || !a.HasRetryAfter);
        Assert.All(last, r => Assert.InRange(r, TimeSpan.Zero, LongestRecovery));
        Assert.Empty(await load.LostAsync(server.Address));
    }
}
