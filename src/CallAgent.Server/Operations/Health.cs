namespace CallAgent.Server;

internal static class Health
{
    // Of a probe every second the next one should not find this one still waiting.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").WithTags("Health").AllowAnonymous();
        // Past all that may wait for the database, such as asking whose a credential is that came along.
        health.ShortCircuit();

        health.MapGet("/live", () => TypedResults.Ok(new Client.Done { Message = "live" }))
            .WithName("GetLiveness").WithSummary("Whether the process runs")
            .WithDescription("Says nothing about the database: a process that has lost it need not be restarted.");

        health.MapGet("/ready", ReadyAsync)
            .Produces<Client.Done>().WithName("GetReadiness").WithSummary("Whether to send it requests")
            .WithDescription("The database answers, and the server is not about to stop.");
    }

    private static async Task<IResult> ReadyAsync(CallAgentHost host, Draining draining, CancellationToken cancellation)
    {
        if (draining.Begun.IsCancellationRequested)
        {
            return new Problem("draining", 503, "This server is about to stop").ToAnswer();
        }
        return await host.IsReadyAsync(Patience, cancellation)
            ? TypedResults.Ok(new Client.Done { Message = "ready" })
            : new Problem("unavailable", 503, "The database does not answer now").ToAnswer();
    }
}
