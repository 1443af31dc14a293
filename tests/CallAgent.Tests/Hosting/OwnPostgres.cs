using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace CallAgent.Tests;

/// <summary>A PostgreSQL cluster of a test's own, which it may kill: durable, on a free port of loopback.</summary>
internal sealed class OwnPostgres : IAsyncDisposable
{
    private static readonly string Programs = Path.GetDirectoryName(PostgresPrograms.Find("initdb"))!;

    private readonly string folder;
    private readonly bool ownsFolder;
    private readonly int port = ServerProcess.FreePort();
    private Process? server;

    private OwnPostgres(string folder, bool ownsFolder) => (this.folder, this.ownsFolder) = (folder, ownsFolder);

    public string Url => $"postgresql://postgres@127.0.0.1:{port}/postgres";

    public bool IsRunning => server is { HasExited: false };

    /// <param name="within">A folder for the data; a temporary one without.</param>
    public static async Task<OwnPostgres> StartAsync(string? within = null)
    {
        var postgres = new OwnPostgres(within ?? Directory.CreateTempSubdirectory("callagent-pg-").FullName, within is null);
        await RunAsync("chown", "postgres", postgres.folder);
        var data = Path.Combine(postgres.folder, "pg");
        await RunAsync("setpriv", [.. AsPostgres, Path.Combine(Programs, "initdb"), "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--wal-segsize=1"]);
        await File.AppendAllTextAsync(Path.Combine(data, "postgresql.conf"),
            $"listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nmax_connections = 200\nmin_wal_size = '2MB'\nmax_wal_size = '8MB'\nport = {postgres.port}\n");
        await postgres.StartAgainAsync();
        return postgres;
    }

    /// <summary>Starts it and waits until it takes connections, after its recovery.</summary>
    public async Task StartAgainAsync()
    {
        server = Process.Start(new ProcessStartInfo("setpriv", [.. AsPostgres, Path.Combine(Programs, "postgres"), "-D", Path.Combine(folder, "pg")])
        {
            RedirectStandardError = true,
            WorkingDirectory = folder,
        })!;
        server.ErrorDataReceived += (_, _) => { };
        server.BeginErrorReadLine();
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(30); await Task.Delay(20))
        {
            try
            {
                await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(DatabaseUrl.Parse("url", Url).ConnectionString) { Pooling = false }.ConnectionString);
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException)
            {
                // Not up yet.
            }
        }
        throw new InvalidOperationException("PostgreSQL did not start.");
    }

    /// <summary>The immediate shutdown: no goodbye to anybody, and recovery at the next start.</summary>
    public async Task StopAtOnceAsync()
    {
        if (IsRunning)
        {
            await RunAsync("kill", "-QUIT", server!.Id.ToString(CultureInfo.InvariantCulture));
            await server.WaitForExitAsync();
        }
        server?.Dispose();
        server = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAtOnceAsync();
        if (ownsFolder)
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The server refuses to run as root.
    private static string[] AsPostgres { get; } = Environment.UserName == "root"
        ? ["--reuid=postgres", "--regid=postgres", "--init-groups"]
        : [];

    internal static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await Task.WhenAll(output, process.WaitForExitAsync());
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors}");
        }
    }
}
