using System.Net;
using System.Net.Sockets;

namespace CallAgent.Bench;

/// <summary>
/// Counts how often the product waits for the database: a relay between the two counts every message of the product that
/// follows one of the database.
/// </summary>
internal sealed class RoundTrips : IDisposable
{
    private const int Samples = 101;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly string host;
    private readonly int port;
    private int count;

    public RoundTrips(string host, int port)
    {
        (this.host, this.port) = (host, port);
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where the relay listens on loopback.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Round trips so far.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Round trips of each request, the median of a warm server whose caller is remembered.</summary>
    public static async Task<IReadOnlyDictionary<string, double>> CountAsync(Server product, BenchDatabase database)
    {
        using var relay = new RoundTrips(database.Runtime.Host!, database.Runtime.Port);
        var through = product with { Environment = new(product.Environment) { ["DATABASE_URL"] = database.UrlAt(relay.Port) } };
        await using var running = await through.StartAsync();
        var counts = new Dictionary<string, double>();
        foreach (var what in Api.Requests)
        {
            var each = new List<double>();
            for (var i = 0; i < Samples; i++)
            {
                var before = relay.Count;
                await Api.SendAsync(running.Http, what, Api.Product, database.Callers[0], 99_000_000 + i);
                each.Add(relay.Count - before);
            }
            counts[what] = Median.Of(each);
        }
        return counts;
    }

    public void Dispose()
    {
        end.Cancel();
        listener.Dispose();
        end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!end.IsCancellationRequested)
        {
            _ = RelayAsync(await listener.AcceptTcpClientAsync(end.Token));
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using var server = new TcpClient(host, port) { NoDelay = true };
        client.NoDelay = true;
        var databaseSpoke = true;
        using (client)
        {
            await Task.WhenAny(
                CopyAsync(client, server, () => CountIf(Interlocked.Exchange(ref databaseSpoke, false))),
                CopyAsync(server, client, () => Interlocked.Exchange(ref databaseSpoke, true)));
        }
    }

    private void CountIf(bool isAnswer)
    {
        if (isAnswer)
        {
            Interlocked.Increment(ref count);
        }
    }

    private async Task CopyAsync(TcpClient from, TcpClient to, Action seen)
    {
        var buffer = new byte[64 * 1024];
        while (await from.GetStream().ReadAsync(buffer, end.Token) is > 0 and var read)
        {
            seen();
            await to.GetStream().WriteAsync(buffer.AsMemory(0, read), end.Token);
        }
    }
}
