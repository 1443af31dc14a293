using System.Net;

namespace CallAgent.Tests;

/// <summary>All connections are stuck behind a lock, and hundreds of clients come .</summary>
[Trait("database", "postgres")]
public sealed class BusyPoolTests(ITestOutputHelper output)
{
    private static readonly TimeSpan LongestRefusal = TimeSpan.FromSeconds(2);

    [Fact]
    public Task A_few_too_many_are_refused_in_time() => RefuseAsync(clients: 60, pool: 3);

    [Fact]
    [Trait("kind", "long")]
    public Task Five_hundred_on_ten_connections_are_refused_in_time() => RefuseAsync(clients: 500, pool: 10);

    private async Task RefuseAsync(int clients, int pool)
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
            for (var probe = 0; probe < 30; probe++)
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
        Assert.True(health.Max(h => h.Took) < LongestRefusal);
        Assert.True(slowest <= LongestRefusal, $"The slowest refusal took {slowest}.");
        Assert.All(refused, a => Assert.True(a.HasRetryAfter));
        // Whoever had a connection was served in the end, and afterwards everybody is.
        Assert.Equal(refused.Count, load.Answers.Count(a => !a.IsGood));
        Assert.DoesNotContain(load.Answers, a => !a.IsGood && a.At > free + TimeSpan.FromSeconds(1));
        Assert.NotEmpty(load.Acknowledged);
        await load.DisposeAsync();
    }
}
