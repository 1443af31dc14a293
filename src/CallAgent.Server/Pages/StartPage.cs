namespace CallAgent.Server;

internal static class StartPage
{
    public static void MapStartPage(this IEndpointRouteBuilder app) =>
        app.MapGet("/", (IWebHostEnvironment environment) =>
                TypedResults.PhysicalFile(Path.Combine(environment.WebRootPath, "start.html"), "text/html; charset=utf-8"))
            .AllowAnonymous().ExcludeFromDescription();
}
