namespace CallAgent.Server;

/// <summary>Works off background jobs as long as the server runs.</summary>
internal sealed partial class JobService(IServiceProvider services, IHostApplicationLifetime lifetime, ILogger<JobService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Looking for jobs builds EF Core's model, which those who wait for the server to listen need not wait for.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        await services.GetRequiredService<CallAgentHost>().RunJobsAsync(LogFailure, stoppingToken);
    }

    [LoggerMessage(LogLevel.Error, "A background job failed; it will be repeated")]
    private partial void LogFailure(Exception exception);
}
