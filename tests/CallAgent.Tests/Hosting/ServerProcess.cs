using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CallAgent.Tests;

/// <summary>The built server as a process of its own, on a free port of loopback, with the settings of a test database.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();

    private ServerProcess(Process process, Uri address)
    {
        (this.process, Address) = (process, address);
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    /// <summary>The most memory that it has had, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            process.Refresh();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>What it has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>Starts the server and waits until it answers.</summary>
    public static async Task<ServerProcess> StartAsync(TestDatabase database, params (string Name, string Value)[] environment)
    {
        var server = Launch(database, environment);
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(2) };
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(60); await Task.Delay(100))
        {
            if (server.process.HasExited)
            {
                break;
            }
            try
            {
                if ((await http.GetAsync("/health/ready")).IsSuccessStatusCode)
                {
                    return server;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not up yet.
            }
        }
        await server.DisposeAsync();
        throw new InvalidOperationException($"The server did not start:\n{server.Output}");
    }

    /// <summary>Starts the server without waiting for it.</summary>
    public static ServerProcess Launch(TestDatabase database, params (string Name, string Value)[] environment)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location])
        {
            WorkingDirectory = database.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Set("ASPNETCORE_ENVIRONMENT", "Development");
        Set("ASPNETCORE_URLS", address.ToString());
        Set("CALLAGENT_DATA", database.Folder);
        Set("DATABASE_URL", database.Settings.DatabaseUrl ?? "");
        Set("DATABASE_ADMIN_URL", database.Settings.DatabaseAdminUrl ?? "");
        Set("CALLAGENT_MIGRATE", "true");
        Set("CALLAGENT_RATE_LIMIT_FACTOR", "1000");
        foreach (var (name, value) in environment)
        {
            Set(name, value);
        }
        return new(new Process { StartInfo = start }, address);

        void Set(string name, string value) => start.Environment[name] = value;
    }

    /// <summary>Ends it at once, as a power cut would.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Waits for its own end and answers the exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }
        process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Keep(string? line)
    {
        lock (output)
        {
            output.AppendLine(line);
        }
    }
}
