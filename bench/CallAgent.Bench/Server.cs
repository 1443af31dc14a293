using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CallAgent.Bench;

/// <summary>A published server: what to run, and with which settings.</summary>
internal sealed record Server(string Program)
{
    public Dictionary<string, string> Environment { get; init; } = [];

    public async Task<RunningServer> StartAsync()
    {
        var address = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("dotnet", [Program])
        {
            WorkingDirectory = Path.GetDirectoryName(Program),
            RedirectStandardOutput = true,
        };
        foreach (var name in new[] { "DATABASE_URL", "DATABASE_ADMIN_URL", "REDIS_URL", "SECRET_KEY", "CALLAGENT_MIGRATE", "CALLAGENT_DATA" })
        {
            start.Environment.Remove(name);
        }
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = address;
        // Limits are counted as ever, and met by nobody.
        start.Environment["CALLAGENT_RATE_LIMIT_FACTOR"] = "1000000";
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }
        var watch = Stopwatch.StartNew();
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var server = new RunningServer(process, new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(address) });
        return await server.IsReadyAsync() ? server with { Start = watch.Elapsed } : throw new InvalidOperationException($"{Program} did not start.");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>A server's process; ends with its disposal.</summary>
internal sealed record RunningServer(Process Process, HttpClient Http) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>From the start of the process to its first good answer.</summary>
    public TimeSpan Start { get; init; }

    /// <summary>What the process keeps in memory, in MB.</summary>
    public double Memory => File.ReadLines($"/proc/{Process.Id}/status")
        .Where(l => l.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(l => double.Parse(l.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024)
        .Single();

    public async Task<bool> IsReadyAsync()
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience && !Process.HasExited; await Task.Delay(5))
        {
            try
            {
                using var answer = await Http.GetAsync("/health/ready");
                if (answer.IsSuccessStatusCode)
                {
                    return true;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
        }
        await DisposeAsync();
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (!Process.HasExited)
        {
            Process.Kill();
        }
        await Process.WaitForExitAsync();
        Process.Dispose();
    }
}
