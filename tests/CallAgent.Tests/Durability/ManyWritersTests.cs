namespace CallAgent.Tests;

/// <summary>Many write and read one database at once, and another process writes too (R-21, made for SQLite).</summary>
public sealed class ManyWritersTests(ITestOutputHelper output)
{
    [Fact]
    public Task A_few_writers_and_readers_do_not_lock_each_other_out() => WorkAsync(writers: 8, readers: 8, TimeSpan.FromSeconds(3));

    [Fact]
    [Trait("kind", "long")]
    public Task Thirty_two_writers_and_readers_do_not_lock_each_other_out() => WorkAsync(writers: 32, readers: 32, TimeSpan.FromSeconds(30));

    private async Task WorkAsync(int writers, int readers, TimeSpan time)
    {
        using var database = TestDatabase.Create();
        await using var server = await ServerProcess.StartAsync(database);
        var key = await Load.NewKeyAsync(database, server.Address);
        var other = TestServer.NewRegistration();
        await using var host = await CallAgentHost.StartAsync(database.Settings);
        (await host.RegisterAsync(other)).OrThrow();
        await using var load = Load.Start(server.Address, key, writers, readers);

        // This process is a second writer, as the operator's tool is one.
        await using var operators = Operators.Open(database.Settings);
        while (load.Now < time)
        {
            (await operators.SetPlanAsync(other.Email, Client.Plan.Basic)).OrThrow();
            await Task.Delay(20);
        }
        await load.StopAsync();

        var took = load.Answers.Select(a => a.Took).Order().ToList();
        output.WriteLine($"{took.Count} requests, {load.Acknowledged.Count} contacts, p50 {took[took.Count / 2].TotalMilliseconds:0} ms, p99 {took[took.Count * 99 / 100].TotalMilliseconds:0} ms, slowest {took[^1].TotalMilliseconds:0} ms");
        Assert.DoesNotContain(load.Answers, a => !a.IsGood);
        Assert.DoesNotContain("locked", server.Output, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(await load.LostAsync(server.Address));
    }
}
