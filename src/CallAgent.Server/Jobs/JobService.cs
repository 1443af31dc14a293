namespace CallAgent.Server;

/// <summary>Works off background jobs as long as the server runs.</summary>
internal sealed partial class JobService(IServiceProvider services, ILogger<JobService> logger) : BackgroundService
{
    // The host opens the database when it is asked for, which must not be before the server has begun.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        services.GetRequiredService<CallAgentHost>().RunJobsAsync(LogFailure, stoppingToken);

    [LoggerMessage(LogLevel.Error, "A background job failed; it will be repeated")]
    private partial void LogFailure(Exception exception);
}
