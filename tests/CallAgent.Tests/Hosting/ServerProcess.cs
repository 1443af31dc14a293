using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CallAgent.Tests;

/// <summary>The built server as a process of its own, on a free port of loopback, with the settings of a test database.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    // Generous: a machine may be busy with others' work, and tests of how long a start takes measure it themselves.
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(3);

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
    public static Task<ServerProcess> StartAsync(TestDatabase database, params (string Name, string Value)[] environment) =>
        StartAtAsync(NewAddress(), database, environment);

    /// <summary>Starts the server at a certain address and waits until it answers.</summary>
    public static async Task<ServerProcess> StartAtAsync(Uri address, TestDatabase database, params (string Name, string Value)[] environment)
    {
        var server = LaunchAt(address, database, environment);
        using var http = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromSeconds(2) };
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < LongestStart; await Task.Delay(100))
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
    public static ServerProcess Launch(TestDatabase database, params (string Name, string Value)[] environment) =>
        LaunchAt(NewAddress(), database, environment);

    private static ServerProcess LaunchAt(Uri address, TestDatabase database, (string Name, string Value)[] environment)
    {
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

    /// <summary>Asks it to end, as a supervisor does.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
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

    private static Uri NewAddress() => new($"http://127.0.0.1:{FreePort()}");

    internal static int FreePort()
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
