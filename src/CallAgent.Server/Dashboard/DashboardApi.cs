namespace CallAgent.Server;

internal static class DashboardApi
{
    public static void MapDashboard(this IEndpointRouteBuilder app)
    {
        var figures = app.MapGroup("/api").WithTags("Dashboard");

        figures.MapGet("/dashboard", async (Workspace w, CancellationToken c) => TypedResults.Ok(await w.Dashboards.GetAsync(c)))
            .Needs(Permission.Read).WithName("GetDashboard").WithSummary("Totals and trends");

        figures.MapGet("/usage", async (Workspace w, CancellationToken c) => TypedResults.Ok(await w.Dashboards.UsageAsync(c)))
            .Needs(Permission.Read).WithName("GetUsage").WithSummary("Use of the plan")
            .WithDescription("A limit of null is none. Calls count per calendar month in the user's time zone.");
    }
}
