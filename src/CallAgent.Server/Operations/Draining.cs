using System.Runtime.InteropServices;

namespace CallAgent.Server;

/// <summary>
/// How the server ends on a signal. First it only says that it is leaving: readiness is red, background work is given
/// back, every answer asks for a new connection, and requests are served as ever. When proxies had time to see that, it
/// takes no more connections, lets what runs come to its end, and exits. A second signal cuts the first part short.
/// </summary>
internal sealed partial class Draining : IHostLifetime, IDisposable
{
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT];

    private readonly List<PosixSignalRegistration> registrations = [];
    private readonly CancellationTokenSource begun = new();
    private readonly OperationSettings settings;
    private readonly IHostApplicationLifetime application;
    private readonly ILogger<Draining> logger;

    public Draining(OperationSettings settings, IHostApplicationLifetime application, ILogger<Draining> logger)
    {
        (this.settings, this.application, this.logger) = (settings, application, logger);
        application.ApplicationStopping.Register(begun.Cancel);
    }

    /// <summary>Cancelled as soon as the server is to leave.</summary>
    public CancellationToken Begun => begun.Token;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        registrations.AddRange(Signals.Select(s => PosixSignalRegistration.Create(s, Obey)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => registrations.ForEach(r => r.Dispose());

    // Not awaited: the runtime waits for those who handle a signal.
    private void Obey(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _ = Begun.IsCancellationRequested || settings.Drain == TimeSpan.Zero ? Task.Run(application.StopApplication) : DrainAsync();
    }

    private async Task DrainAsync()
    {
        LogDraining(settings.Drain.TotalSeconds);
        await begun.CancelAsync();
        await Task.Delay(settings.Drain, application.ApplicationStopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        application.StopApplication();
    }

    [LoggerMessage(LogLevel.Information, "Leaving: not ready any more, serving for another {Seconds} s")]
    private partial void LogDraining(double seconds);
}

/// <summary>Ends connections that are kept alive, one answer at a time, while the server leaves.</summary>
internal static class DrainingConnections
{
    public static void UseDraining(this IApplicationBuilder app)
    {
        var begun = app.ApplicationServices.GetRequiredService<Draining>().Begun;
        app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                // HTTP/2 has a frame for this, which Kestrel sends itself.
                if (begun.IsCancellationRequested && HttpProtocol.IsHttp11(context.Request.Protocol))
                {
                    context.Response.Headers.Connection = "close";
                }
                return Task.CompletedTask;
            });
            return next(context);
        });
    }
}
