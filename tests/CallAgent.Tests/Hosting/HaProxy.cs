using System.Diagnostics;
using System.Globalization;

namespace CallAgent.Tests;

/// <summary>HAProxy in front of some servers, as the compose file has it: it asks each whether it is ready.</summary>
internal sealed class HaProxy : IAsyncDisposable
{
    private readonly Process process;
    private readonly string folder;

    private HaProxy(Process process, string folder, Uri address) => (this.process, this.folder, Address) = (process, folder, address);

    public Uri Address { get; }

    public static async Task<HaProxy> StartAsync(params Uri[] servers)
    {
        var (folder, address) = (Directory.CreateTempSubdirectory("callagent-proxy-").FullName, new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}"));
        var config = Path.Combine(folder, "haproxy.cfg");
        await File.WriteAllTextAsync(config, $"""
            defaults
              mode http
              timeout connect 2s
              timeout client 60s
              timeout server 60s
              timeout check 2s
              retries 3
              # Only what was never sent may go to another server.
              retry-on conn-failure
              option redispatch
            frontend in
              bind {address.Authority}
              default_backend servers
            backend servers
              balance roundrobin
              option httpchk GET /health/ready
              default-server check inter 500ms fall 2 rise 1
            {string.Join('\n', servers.Select((s, i) => string.Create(CultureInfo.InvariantCulture, $"  server node{i} {s.Authority}")))}

            """);
        var process = Process.Start(new ProcessStartInfo(Program(), ["-db", "-f", config]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var proxy = new HaProxy(process, folder, address);
        await proxy.WaitAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    // Debian has it where only administrators look.
    private static string Program() => new[] { "/usr/sbin/haproxy", "/usr/bin/haproxy", "/usr/local/sbin/haproxy" }.FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("HAProxy is not installed; run ./dev setup --long.");

    private async Task WaitAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        for (var patience = Stopwatch.StartNew(); patience.Elapsed < TimeSpan.FromSeconds(10); await Task.Delay(50))
        {
            try
            {
                if ((await http.GetAsync("/health/ready")).IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not up yet.
            }
        }
        throw new InvalidOperationException("HAProxy does not reach the servers.");
    }
}
