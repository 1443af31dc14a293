using System.Diagnostics;
using CallAgent.Server;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CallAgent.Tests;

/// <summary>Two nodes that count in one Redis, which is killed, frozen and emptied .</summary>
public sealed class SharedRateTests
{
    private const int Burst = 50;

    // A busy machine is not a Redis that is gone.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // So slow that no further one comes due while a test runs.
    private readonly Bucket bucket = new(new(Guid.CreateVersion7(), Guid.Empty, IsAddress: false), new Quota("user", 1, Burst));

    [Fact]
    public async Task Two_nodes_let_in_what_one_would()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var nodes = await NodesAsync(redis);
        Assert.Equal(Burst, await nodes.LetInAsync(bucket, requests: 200));
    }

    [Fact]
    public async Task A_key_and_its_user_are_taken_from_together_in_Redis_too()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var nodes = await NodesAsync(redis);
        var key = new Bucket(new(bucket.Key.Owner, Guid.CreateVersion7(), IsAddress: false), new Quota("key", 1, 10));
        Assert.Equal(10, await nodes.LetInAsync([key, bucket], requests: 100));
        Assert.Equal(Burst - 10, await nodes.LetInAsync(bucket, requests: 100));
    }

    [Fact]
    public async Task Standing_is_told_alike_by_both()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var nodes = await NodesAsync(redis);
        for (var left = Burst - 1; left >= 0; left--)
        {
            var standing = Assert.Single(await nodes.First.TakeAsync([bucket]));
            Assert.True(standing.IsAllowed);
            Assert.Equal(left, standing.Remaining);
        }
        var refused = Assert.Single(await nodes.First.TakeAsync([bucket]));
        Assert.InRange(refused.Wait, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("killed")]
    [InlineData("frozen")]
    [InlineData("flushed")]
    public async Task Without_Redis_each_node_holds_to_the_limit_and_it_comes_back(string fault)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var nodes = await NodesAsync(redis);
        var before = await nodes.LetInAsync(bucket, requests: 20);
        Assert.Equal(20, before);
        await (fault switch
        {
            "killed" => redis.KillAsync(),
            "frozen" => redis.FreezeAsync(),
            _ => redis.FlushAsync(),
        });
        // Never more than the limit and one more node's share of it.
        var after = await nodes.LetInAsync(bucket, requests: 400);
        Assert.InRange(before + after, Burst, 2 * Burst);
        await (fault switch
        {
            "killed" => redis.RestartAsync(),
            "frozen" => redis.ThawAsync(),
            _ => Task.CompletedTask,
        });
        await nodes.AreSharedAsync();
        var fresh = bucket with { Key = bucket.Key with { Owner = Guid.CreateVersion7() } };
        Assert.Equal(Burst, await nodes.LetInAsync(fresh, requests: 200));
    }

    private static async Task<Nodes> NodesAsync(RedisServer redis)
    {
        var nodes = new Nodes(redis.Url);
        await nodes.AreSharedAsync();
        return nodes;
    }

    private sealed class Nodes : IAsyncDisposable
    {
        private readonly RedisBuckets[] shared;
        private readonly RateLimiter[] limiters;

        public Nodes(string url)
        {
            shared = [.. Enumerable.Range(0, 2).Select(_ => new RedisBuckets(url, Patience, NullLogger<RedisBuckets>.Instance))];
            limiters = [.. shared.Select(s => new RateLimiter(new LocalBuckets(new FakeTimeProvider()), s))];
        }

        public RateLimiter First => limiters[0];

        public async Task AreSharedAsync()
        {
            for (var patience = Stopwatch.StartNew(); !shared.All(s => s.Answers); await Task.Delay(50))
            {
                Assert.True(patience.Elapsed < TimeSpan.FromSeconds(60), "Redis was not found again.");
            }
        }

        public Task<int> LetInAsync(Bucket bucket, int requests) => LetInAsync([bucket], requests);

        /// <summary>How many of these requests, spread over both nodes and many at once, are let in.</summary>
        public async Task<int> LetInAsync(Bucket[] buckets, int requests)
        {
            var let = await Task.WhenAll(Enumerable.Range(0, requests).Select(n => Task.Run(async () => (await limiters[n % 2].TakeAsync(buckets)).All(s => s.IsAllowed))));
            return let.Count(l => l);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var limiter in limiters)
            {
                await limiter.DisposeAsync();
            }
        }
    }
}
