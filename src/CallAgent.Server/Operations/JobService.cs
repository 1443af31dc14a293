namespace CallAgent.Server;

/// <summary>Works off background jobs until the server is told to stop; then it gives them back, for other nodes to go on.</summary>
internal sealed partial class JobService(
    IServiceProvider services, IHostApplicationLifetime lifetime, Draining draining, ILogger<JobService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, draining.Begun);
        // Looking for jobs builds EF Core's model, which those who wait for the server to listen need not wait for.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (end.IsCancellationRequested)
        {
            return;
        }
        await services.GetRequiredService<CallAgentHost>().RunJobsAsync(LogFailure, end.Token);
    }

    [LoggerMessage(LogLevel.Error, "A background job failed; it will be repeated")]
    private partial void LogFailure(Exception exception);
}
