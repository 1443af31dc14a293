namespace CallAgent.Server;

/// <summary>Notes, soon after, that an impersonation's time is over. It let nobody in from that moment on anyway.</summary>
internal sealed partial class OperatorUpkeep(IServiceProvider services, ILogger<OperatorUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await NoteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops; another node or the next start notes it.
        }
    }

    private async Task NoteAsync(CancellationToken cancellation)
    {
        try
        {
            if (services.GetRequiredService<CallAgentHost>().Operators is { } operators)
            {
                await operators.Impersonations.EndOverAsync(cancellation);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailure(e.GetBaseException().Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Impersonations that are over could not be noted: {Reason}")]
    private partial void LogFailure(string reason);
}
