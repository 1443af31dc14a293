namespace CallAgent.Server;

internal static class Health
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var health = app.MapGroup("/health").WithTags("Health").AllowAnonymous().IsNotCounted();

        health.MapGet("/live", () => TypedResults.Ok(new Client.Done { Message = "live" }))
            .WithName("GetLiveness").WithSummary("Whether the process runs");

        health.MapGet("/ready", async (CallAgentHost host, CancellationToken c) =>
                await host.IsReadyAsync(c)
                    ? (IResult)TypedResults.Ok(new Client.Done { Message = "ready" })
                    : new Problem("unavailable", 503, "The database does not answer now").ToAnswer())
            .Produces<Client.Done>().WithName("GetReadiness").WithSummary("Whether it can serve: the database answers");
    }
}
