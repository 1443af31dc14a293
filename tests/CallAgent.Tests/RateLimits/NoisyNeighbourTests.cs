using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>One user asks twenty times more than its plan allows; another one beside it must not notice .</summary>
public sealed class NoisyNeighbourTests(ITestOutputHelper output)
{
    private const int Times = 20;
    private static readonly double PerSecond = PlanLimits.Of(Plan.Free).RequestsPerMinute / 60.0;
    private const int MostToReachTheLimit = 5_000;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(40);

    [Fact]
    public async Task The_noise_is_refused_and_the_neighbour_is_not()
    {
        await using var street = await Street.OpenAsync();

        var steady = await street.ListenAsync(TimeSpan.FromSeconds(3), isNoisy: true);

        AssertRefusedNoiseAlone(street, steady);
    }

    [Fact]
    [Trait("kind", "long")]
    public async Task The_neighbour_is_served_as_fast_as_alone()
    {
        await using var street = await Street.OpenAsync();
        await street.ListenAsync(TimeSpan.FromSeconds(5), isNoisy: true);
        List<Answer> alone = [], beside = [];

        // In turns, so that what else the machine does falls on both.
        for (var round = 0; round < 6; round++)
        {
            alone.AddRange(await street.ListenAsync(TimeSpan.FromSeconds(5), isNoisy: false));
            beside.AddRange(await street.ListenAsync(TimeSpan.FromSeconds(5), isNoisy: true));
        }

        var (quiet, noisy) = (Percentile95(alone), Percentile95(beside));
        output.WriteLine($"{street.Noise.Count} requests of the noisy one, {street.Refused} refused; p95 of the other's {alone.Count} requests alone "
            + $"{quiet.TotalMilliseconds:0.0} ms, of its {beside.Count} beside the noise {noisy.TotalMilliseconds:0.0} ms ({noisy / quiet:0.00})");
        AssertRefusedNoiseAlone(street, [.. alone, .. beside]);
        Assert.True(noisy <= 1.5 * quiet, $"{noisy} beside the noise, {quiet} alone.");
    }

    private static void AssertRefusedNoiseAlone(Street street, List<Answer> steady)
    {
        Assert.All(steady, a => Assert.True(a.IsGood, a.ToString()));
        Assert.All(street.Noise.Where(a => !a.IsGood), a => Assert.True(a is { Status: HttpStatusCode.TooManyRequests, HasRetryAfter: true }, a.ToString()));
        // What time has given back since the limit was reached, however long the machine took, and one that was on its way.
        Assert.InRange(street.Noise.Count - street.Refused, 1, 1 + (street.SinceTheLimit.Elapsed.TotalSeconds * PerSecond));
        Assert.True(street.Refused > 0);
    }

    private static TimeSpan Percentile95(List<Answer> answers) => answers.Select(a => a.Took).Order().ElementAt(answers.Count * 95 / 100);

    /// <summary>Two users of one server: one with the smallest plan, at its limit already, and one with room.</summary>
    private sealed class Street(TestDatabase database, ServerProcess server, Load noisy, Load steady) : IAsyncDisposable
    {
        private readonly HttpClient noise = noisy.NewClient();
        private readonly HttpClient neighbour = steady.NewClient();

        public ConcurrentQueue<Answer> Noise { get; } = new();

        public Stopwatch SinceTheLimit { get; } = Stopwatch.StartNew();

        public int Refused => Noise.Count(a => !a.IsGood);

        public static async Task<Street> OpenAsync()
        {
            var database = TestDatabase.Create();
            var server = await ServerProcess.StartAsync(database, ("CALLAGENT_RATE_LIMIT_FACTOR", "1"));
            var street = new Street(
                database, server,
                Load.Start(server.Address, await Load.NewKeyAsync(database, server.Address, Plan.Free), writers: 0, readers: 0),
                Load.Start(server.Address, await Load.NewKeyAsync(database, server.Address), writers: 0, readers: 0));
            for (var sent = 0; (await street.ShoutAsync()).IsGood; sent++)
            {
                Assert.True(sent < MostToReachTheLimit, "There is no limit.");
            }
            street.Noise.Clear();
            street.SinceTheLimit.Restart();
            return street;
        }

        /// <summary>The answers that the steady user got in this time.</summary>
        public async Task<List<Answer>> ListenAsync(TimeSpan time, bool isNoisy)
        {
            var clock = Stopwatch.StartNew();
            var shouting = isNoisy ? ShoutAsync(() => clock.Elapsed < time) : Task.CompletedTask;
            List<Answer> answers = [];
            while (clock.Elapsed < time)
            {
                answers.Add(await steady.SendAsync(neighbour, HttpMethod.Post, "/api/contacts", new { phone_number = TestUser.NewPhone() }));
                await Task.Delay(Step);
                answers.Add(await steady.SendAsync(neighbour, HttpMethod.Get, "/api/contacts?limit=20"));
                await Task.Delay(Step);
            }
            await shouting;
            return answers;
        }

        public async ValueTask DisposeAsync()
        {
            noise.Dispose();
            neighbour.Dispose();
            await noisy.DisposeAsync();
            await steady.DisposeAsync();
            await server.DisposeAsync();
            database.Dispose();
        }

        // By the clock and not by the answers: who is refused does not slow down.
        private async Task ShoutAsync(Func<bool> goesOn)
        {
            var (clock, sent) = (Stopwatch.StartNew(), new List<Task>());
            while (goesOn())
            {
                while (sent.Count < clock.Elapsed.TotalSeconds * PerSecond * Times)
                {
                    sent.Add(ShoutAsync());
                }
                await Task.Delay(5);
            }
            await Task.WhenAll(sent);
        }

        private async Task<Answer> ShoutAsync()
        {
            var answer = await noisy.SendAsync(noise, HttpMethod.Get, "/api/contacts?limit=20");
            Noise.Enqueue(answer);
            return answer;
        }
    }
}
