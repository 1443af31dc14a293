using Xunit.Sdk;

namespace CallAgent.Tests;

/// <summary>Two nodes on one PostgreSQL, stopped and started in turn under load: nobody sees a failure .</summary>
[Trait("database", "postgres")]
[Trait("kind", "long")]
public sealed class RollingStopTests(ITestOutputHelper output)
{
    private const int Rounds = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly (string, string)[] Settings = [("CALLAGENT_DRAIN_SECONDS", "5")];

    [Fact]
    public async Task No_request_fails_while_nodes_are_replaced_one_by_one()
    {
        using var database = TestDatabase.Create();
        var nodes = new[] { await ServerProcess.StartAsync(database, Settings), await ServerProcess.StartAsync(database, Settings) };
        try
        {
            await using var proxy = await HaProxy.StartAsync(nodes[0].Address, nodes[1].Address);
            await using var load = Load.Start(proxy.Address, await Load.NewKeyAsync(database, proxy.Address), writers: 6, readers: 6);
            using var follower = new Follower(await Load.NewPersonAsync(proxy.Address));

            for (var stop = 0; stop < Rounds * nodes.Length; stop++)
            {
                await Task.Delay(1000);
                nodes[stop % 2] = await ReplaceAsync(nodes[stop % 2], database);
            }
            await Task.Delay(1000);
            await load.StopAsync();

            output.WriteLine($"{load.Answers.Count} requests, {load.Acknowledged.Count} contacts, {follower.Streams} streams of events, {Rounds * nodes.Length} stops");
            Assert.Equal([], load.Answers.Where(a => !a.IsGood).Select(a => a.ToString()));
            Assert.Empty(follower.Faults);
            Assert.Empty(await load.LostAsync(proxy.Address));
            // The load did go through all of it, and streams did end with their nodes.
            Assert.True(load.Acknowledged.Count > 100 && follower.Streams > Rounds);
        }
        finally
        {
            foreach (var node in nodes)
            {
                await node.DisposeAsync();
            }
        }
    }

    private static async Task<ServerProcess> ReplaceAsync(ServerProcess node, TestDatabase database)
    {
        node.Terminate();
        Assert.Equal(0, await node.ExitAsync(Patience));
        await node.DisposeAsync();
        var next = await ServerProcess.StartAtAsync(node.Address, database, Settings);
        // The other one must not go before the proxy has seen that this one is back.
        await Task.Delay(1000);
        return next;
    }

    /// <summary>A page that follows events and, as browsers do, asks again when a stream has ended.</summary>
    private sealed class Follower : IDisposable
    {
        private readonly CancellationTokenSource stop = new();

        public Follower(HttpClient http) => _ = FollowAsync(http);

        public int Streams { get; private set; }

        public List<string> Faults { get; } = [];

        public void Dispose() => stop.Cancel();

        private async Task FollowAsync(HttpClient http)
        {
            using var own = http;
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    using var events = await EventStream.OpenAsync(http);
                    Streams++;
                    await events.EndsAsync(TimeSpan.FromMinutes(5));
                }
                catch (Exception e) when (e is HttpRequestException or IOException or XunitException)
                {
                    if (!stop.IsCancellationRequested)
                    {
                        Faults.Add(e.Message);
                    }
                }
                await Task.Delay(100);
            }
        }
    }
}
