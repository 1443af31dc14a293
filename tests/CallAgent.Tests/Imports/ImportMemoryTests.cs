using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>Import and export need the same memory whatever the size of the file.</summary>
public sealed class ImportMemoryTests
{
    private const int Rows = 200_000;
    private const double MostMegabytes = 64;

    [Fact]
    [Trait("kind", "long")]
    public async Task A_large_file_goes_in_and_out_at_constant_memory()
    {
        // A server of its own, in the process, whose heap nobody else uses.
        using var database = TestDatabase.Create();
        await using var host = await CallAgentHost.StartAsync(database.Settings);
        var user = (await host.RegisterAsync(TestServer.NewRegistration())).OrThrow();
        await using var workspace = host.As(user with { Plan = Plan.Enterprise });
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var gauge = new Gauge();

        var import = (await workspace.Imports.UploadAsync(new MadeFile(ImportFiles.Lines(Rows).Prepend("phone,first_name,email,company,Seats\n")), "large.csv")).OrThrow();
        var done = (await workspace.Imports.RunAsync(import.Id)).OrThrow();
        await (await workspace.Exports.ContactsAsync()).OrThrow().WriteToAsync(Stream.Null);

        Assert.Equal(Rows, done.Counts.Created);
        var grown = (gauge.Most - before) / (1024.0 * 1024);
        Assert.True(grown < MostMegabytes, $"The heap grew by {grown:0} MB.");
    }
}

/// <summary>The most that lived on the heap after a collection.</summary>
internal sealed class Gauge : IDisposable
{
    private readonly Timer timer;

    public Gauge() => timer = new Timer(_ => Most = Math.Max(Most, GC.GetTotalMemory(forceFullCollection: true)), null, 0, 500);

    public long Most { get; private set; }

    public void Dispose() => timer.Dispose();
}
