using System.Collections.Concurrent;
using System.Diagnostics;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>A server that is killed while it writes .</summary>
public sealed class KilledServerTests(ITestOutputHelper output)
{
    private static readonly TimeSpan LongestRestart = TimeSpan.FromSeconds(10);

    private const int Writers = 4;
    private const int LongestLife = 600;

    [Fact]
    public Task What_was_acknowledged_outlives_a_kill() => SurviveAsync(kills: 3);

    [Fact]
    [Trait("kind", "long")]
    public async Task What_was_acknowledged_outlives_a_hundred_kills() => Assert.InRange(await SurviveAsync(kills: 100), TimeSpan.Zero, LongestRestart);

    private async Task<TimeSpan> SurviveAsync(int kills)
    {
        using var database = TestDatabase.Create();
        var owner = await RegisterAsync(database);
        var acknowledged = new ConcurrentBag<Guid>();
        var random = new Random(kills);
        var restarts = new List<TimeSpan>();
        for (var kill = 0; kill < kills; kill++)
        {
            var start = Stopwatch.GetTimestamp();
            await using var server = await ServerProcess.StartAsync(database);
            restarts.Add(Stopwatch.GetElapsedTime(start));
            var api = await SignInAsync(server, owner);
            await CheckAsync(api, acknowledged);
            var before = acknowledged.Count;
            var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => WriteAsync(api, acknowledged)));
            while (acknowledged.Count == before)
            {
                await Task.Delay(10);
            }
            await Task.Delay(random.Next(LongestLife));
            await server.KillAsync();
            await writing;
        }
        await using var last = await ServerProcess.StartAsync(database);
        await CheckAsync(await SignInAsync(last, owner), acknowledged);
        Assert.True(acknowledged.Count >= kills);
        restarts.Sort();
        output.WriteLine($"{kills} kills, {acknowledged.Count} contacts acknowledged, none lost; restarts: median {restarts[kills / 2].TotalSeconds:0.0} s, longest {restarts[^1].TotalSeconds:0.0} s");
        return restarts[^1];
    }

    private static async Task<Register> RegisterAsync(TestDatabase database)
    {
        await using var server = await ServerProcess.StartAsync(database);
        var owner = TestServer.NewRegistration();
        using var http = new HttpClient { BaseAddress = server.Address };
        await new CallAgentClient(http).Auth.RegisterAsync(owner);
        await using var operators = Operators.Open(database.Settings);
        await operators.SetPlanAsync(owner.Email, Plan.Enterprise);
        return owner;
    }

    private static async Task<CallAgentClient> SignInAsync(ServerProcess server, Register owner)
    {
        var http = new HttpClient { BaseAddress = server.Address };
        var token = await new CallAgentClient(http).Auth.CreateTokenAsync(new() { Email = owner.Email, Password = owner.Password });
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.AccessToken);
        return new(http);
    }

    private static async Task WriteAsync(CallAgentClient api, ConcurrentBag<Guid> acknowledged)
    {
        try
        {
            while (true)
            {
                var contact = await api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), Tags = ["kept"] });
                acknowledged.Add(contact.Id);
            }
        }
        catch (HttpRequestException)
        {
            // Killed: what was being written now may be there or not.
        }
    }

    // What is there has its counter and its search words too: one transaction wrote all three.
    private static async Task CheckAsync(CallAgentClient api, IEnumerable<Guid> acknowledged)
    {
        var (all, tagged) = (await IdsAsync(api, []), await IdsAsync(api, new() { ["tag"] = "kept" }));

        Assert.Empty(acknowledged.Except(all));
        Assert.Equal(all, tagged);
        Assert.Equal(all.Count, (await api.GetUsageAsync()).Figures.Contacts);
    }

    private static async Task<List<Guid>> IdsAsync(CallAgentClient api, Dictionary<string, string> filters)
    {
        var ids = new List<Guid>();
        for (var query = new ListQuery { Limit = 200, Filters = filters }; ;)
        {
            var page = await api.Contacts.ListAsync(query);
            ids.AddRange(page.Data.Select(c => c.Id));
            if (!page.HasMore)
            {
                return ids;
            }
            query = query with { Cursor = page.NextCursor };
        }
    }
}
