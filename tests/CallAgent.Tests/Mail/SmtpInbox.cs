using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Protocol;
using SmtpServer.Storage;

namespace CallAgent.Tests;

/// <summary>A real mail server on loopback that keeps what it is sent.</summary>
internal sealed class SmtpInbox : MessageStore, IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<(string User, MimeMessage Message)> received = new();
    private Task work = Task.CompletedTask;

    public int Port { get; } = FreePort();

    public async Task<(string User, MimeMessage Message)> TakeAsync()
    {
        for (var tries = 0; tries < 500; tries++)
        {
            if (received.TryDequeue(out var found))
            {
                return found;
            }
            await Task.Delay(20);
        }
        throw new InvalidOperationException("No mail came.");
    }

    /// <param name="password">What a client must sign in with; anybody may send without one.</param>
    /// <param name="certificate">For TLS from the first byte on; plain without one.</param>
    public SmtpInbox Start(string? password = null, X509Certificate2? certificate = null)
    {
        var options = new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(endpoint =>
        {
            endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, Port)).AllowUnsecureAuthentication(true).AuthenticationRequired(password is not null);
            if (certificate is not null)
            {
                endpoint.Certificate(certificate).IsSecure(true);
            }
        }).Build();
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add((IMessageStore)this);
        services.Add((IUserAuthenticator)new DelegatingUserAuthenticator((_, given) => given == password));
        work = new SmtpServer.SmtpServer(options, services).StartAsync(stop.Token);
        return this;
    }

    public override Task<SmtpResponse> SaveAsync(
        ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        using var stream = new MemoryStream(buffer.ToArray());
        received.Enqueue((context.Authentication.User, MimeMessage.Load(stream, cancellationToken)));
        return Task.FromResult(SmtpResponse.Ok);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAny(work, Task.Delay(2_000));
        stop.Dispose();
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
