using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;

namespace CallAgent.Server;

internal static class DashboardApi
{
    public static void MapDashboard(this IEndpointRouteBuilder app)
    {
        var figures = app.MapGroup("/api").WithTags("Dashboard");

        figures.MapGet("/dashboard", async (
                [FromQuery, Description("1 to 366; 30 when absent.")] int? days,
                [FromQuery(Name = "campaign_id")] Guid? campaign_id,
                Workspace w, CancellationToken c) =>
                Answers.Of(await w.Dashboards.GetAsync(new() { Days = days ?? 30, CampaignId = campaign_id }, c)))
            .Needs(Permission.Read).WithName("GetDashboard").WithSummary("Totals and trends")
            .WithDescription("The last days up to today, 30 unless asked otherwise, and as many before for comparison. With campaign_id, calls and conversations are that campaign's.");

        figures.MapGet("/usage", async (Workspace w, CancellationToken c) => TypedResults.Ok(await w.Dashboards.UsageAsync(c)))
            .Needs(Permission.Read).WithName("GetUsage").WithSummary("Use of the plan")
            .WithDescription("A limit of null is none. Calls count per calendar month in the user's time zone.");
    }
}
