using System.Net;

namespace CallAgent.Tests;

/// <summary>All connections are stuck behind a lock, and hundreds of clients come .</summary>
[Trait("database", "postgres")]
public sealed class BusyPoolTests(ITestOutputHelper output)
{
    private static readonly TimeSpan LongestRefusal = TimeSpan.FromSeconds(2);

    // For a run among others on a busy machine: far from the 15 s that the pool itself would wait, and no measurement.
    private static readonly TimeSpan LongestWhenBusy = TimeSpan.FromSeconds(10);

    [Fact]
    public Task A_few_too_many_are_refused_in_time() => RefuseAsync(clients: 60, pool: 3, LongestWhenBusy);

    [Fact]
    [Trait("kind", "long")]
    public Task Five_hundred_on_ten_connections_are_refused_in_time() => RefuseAsync(clients: 500, pool: 10, LongestRefusal);

    private async Task RefuseAsync(int clients, int pool, TimeSpan longest)
    {
        using var database = TestDatabase.Create();
        await using var server = await ServerProcess.StartAsync(database, ("DATABASE_URL", $"{database.RuntimeUrl}?Maximum Pool Size={pool}"));
        var key = await Load.NewKeyAsync(database, server.Address);
        List<Answer> health = [];
        Load load;
        await using (var connection = database.ConnectAsOwner())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await using (var command = new Npgsql.NpgsqlCommand("lock table contacts in access exclusive mode", connection))
            {
                await command.ExecuteNonQueryAsync();
            }
            load = Load.Start(server.Address, key, writers: clients / 2, readers: clients / 2);
            using var http = load.NewClient();
            while (load.Now < TimeSpan.FromSeconds(8))
            {
                await Task.Delay(200);
                health.Add(await load.SendAsync(http, HttpMethod.Get, "/health/live"));
            }
        }
        var free = load.Now;
        await Task.Delay(2000);
        await load.StopAsync();

        var refused = load.Answers.Where(a => a.Body.Contains("/problems/busy", StringComparison.Ordinal)).ToList();
        var slowest = refused.Max(a => a.Took);
        output.WriteLine($"{refused.Count} refused, the slowest after {slowest.TotalSeconds:0.00} s; liveness at most {health.Max(h => h.Took).TotalSeconds:0.00} s; {load.Acknowledged.Count} contacts");
        Assert.All(health, h => Assert.Equal(HttpStatusCode.OK, h.Status));
        Assert.True(health.Max(h => h.Took) < longest);
        Assert.True(slowest <= longest, $"The slowest refusal took {slowest}.");
        Assert.All(refused, a => Assert.True(a.HasRetryAfter));
        // Whoever had a connection was served in the end, and so are those who come afterwards.
        Assert.Equal(refused.Count, load.Answers.Count(a => !a.IsGood));
        Assert.Contains(load.Answers, a => a.IsGood && a.At > free);
        Assert.NotEmpty(load.Acknowledged);
        await load.DisposeAsync();
    }
}
