namespace CallAgent.Server;

/// <summary>Works off background jobs until the server is told to stop; then it gives them back, for other nodes to go on.</summary>
internal sealed partial class JobService(IServiceProvider services, Draining draining, ILogger<JobService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, draining.Begun);
        // The host opens the database when it is asked for, which must not be before the server has begun.
        await services.GetRequiredService<CallAgentHost>().RunJobsAsync(LogFailure, end.Token);
    }

    [LoggerMessage(LogLevel.Error, "A background job failed; it will be repeated")]
    private partial void LogFailure(Exception exception);
}
