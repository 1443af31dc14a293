using System.Diagnostics;
using System.Globalization;
using System.Text;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>A server that does all kinds of things for minutes on end needs no more memory for them .</summary>
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const string Token = "a token for the metrics";
    private const double Megabyte = 1024 * 1024;

    // What a collection leaves differs by what is under way; a leak of a hundred bytes a request is several times as much.
    private const double MostGrowth = 8 * Megabyte;

    private static readonly TimeSpan WarmUp = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Measured = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    [Fact]
    [Trait("kind", "long")]
    public async Task What_lives_on_the_heap_does_not_grow()
    {
        using var database = TestDatabase.Create();
        // One heap that is collected often, and at once.
        await using var server = await ServerProcess.StartAsync(
            database, ("METRICS_TOKEN", Token), ("DOTNET_gcServer", "0"), ("DOTNET_gcConcurrent", "0"), ("DOTNET_GCgen0size", "1000000"));
        await using var load = Load.Start(server.Address, await Load.NewKeyAsync(database, server.Address), writers: 4, readers: 4);
        var registration = TestServer.NewRegistration();
        await new CallAgentClient(new HttpClient { BaseAddress = server.Address }).Auth.RegisterAsync(registration);
        var isOver = false;
        var visits = VisitAsync(server.Address, registration, () => !Volatile.Read(ref isOver));

        await Task.Delay(WarmUp);
        var (from, before) = (load.Answers.Count, await LeastAsync(server.Address, Window));
        await Task.Delay(Measured - (2 * Window));
        var after = await LeastAsync(server.Address, Window);

        var requests = load.Answers.Count - from;
        Volatile.Write(ref isOver, true);
        await load.StopAsync();
        output.WriteLine($"{requests} requests and {await visits} visits; the heap {before / Megabyte:0.0} MB before, {after / Megabyte:0.0} MB after {Measured.TotalMinutes} minutes");
        Assert.DoesNotContain(load.Answers, a => !a.IsGood);
        Assert.True(after - before < MostGrowth, $"The heap grew from {before / Megabyte:0.0} to {after / Megabyte:0.0} MB in {requests} requests.");
    }

    // What people and programs do beside: signing in and out, pages, searches, imports and exports, and streams that break off.
    private static async Task<int> VisitAsync(Uri address, Register who, Func<bool> goesOn)
    {
        var done = 0;
        for (; goesOn(); done++)
        {
            using var http = new HttpClient { BaseAddress = address };
            var browser = new CallAgentClient(http);
            await browser.Auth.LoginAsync(new() { Email = who.Email, Password = who.Password });
            foreach (var page in new[] { "/dashboard", "/contacts?q=gra", "/contacts/board", "/calls", "/settings/audit" })
            {
                (await http.GetAsync(page)).EnsureSuccessStatusCode();
            }
            var token = await browser.Auth.CreateTokenAsync(new() { Email = who.Email, Password = who.Password });
            var api = CallAgentClient.WithToken(address, token.AccessToken);
            using var file = new MemoryStream(Encoding.UTF8.GetBytes($"phone,first name\n{TestUser.NewPhone()},Grace\nnone,Alan\n"));
            var import = await api.Imports.UploadAsync(file, "fair.csv");
            await api.Imports.RunAsync(import.Id);
            await BreakOffAsync(http, "/events");
            (await http.GetAsync("/api/contacts/export?format=csv")).EnsureSuccessStatusCode();
            await UntilAsync(ImportState.Completed);
            await api.Imports.UndoAsync(import.Id);
            await UntilAsync(ImportState.Undone);
            await api.Imports.DeleteAsync(import.Id);
            await browser.Auth.LogoutAsync();

            async Task UntilAsync(ImportState state)
            {
                while ((await api.Imports.GetAsync(import.Id)).State != state)
                {
                    await Task.Delay(50);
                }
            }
        }
        return done;
    }

    private static async Task BreakOffAsync(HttpClient http, string path)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        try
        {
            await http.GetStringAsync(path, patience.Token);
        }
        catch (OperationCanceledException)
        {
            // As intended.
        }
    }

    // The least that a collection of the whole heap left in this time, in bytes. Smaller ones leave what has died among the old, which may be
    // more than a leak; and holes between what lives are no leak either.
    private static async Task<double> LeastAsync(Uri address, TimeSpan time)
    {
        using var http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", Token);
        var (least, known) = (double.MaxValue, double.MaxValue);
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < time || (least is double.MaxValue && watch.Elapsed < time * 3); await Task.Delay(250))
        {
            var metrics = (await http.GetStringAsync("/metrics")).Split('\n');
            var whole = Sum(metrics, "dotnet_gc_collections_total{", "\"gen2\"");
            if (whole > known)
            {
                least = Math.Min(least, Sum(metrics, "dotnet_gc_last_collection_heap_size_bytes{") - Sum(metrics, "dotnet_gc_last_collection_heap_fragmentation_size_bytes{"));
            }
            known = whole;
        }
        Assert.True(least is > 0 and < double.MaxValue, "The whole heap was never collected.");
        return least;
    }

    private static double Sum(string[] metrics, string name, string label = "") => metrics
        .Where(l => l.StartsWith(name, StringComparison.Ordinal) && l.Contains(label, StringComparison.Ordinal))
        .Sum(l => double.Parse(l[(l.IndexOf('}', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture));
}
