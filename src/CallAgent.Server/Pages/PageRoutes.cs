using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallAgent.Server;

/// <summary>Marks a route whose answer is a page for a person: its refusals are pages too, and it takes forms.</summary>
internal sealed record PageRoute;

/// <summary>How routes answer with pages.</summary>
internal static class PageRoutes
{
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        // Pages carry no secret that an attacker could guess by the length of what he makes them repeat: the session's is in a
        // cookie that scripts cannot read, and the form token is a hash.
        services.AddResponseCompression(options => options.EnableForHttps = true);
        return services
            .AddSingleton<FormToken>()
            .AddSingleton<WebFiles>()
            .AddScoped(provider => new Visitor(provider.GetRequiredService<IHttpContextAccessor>(), provider.GetRequiredService<FormToken>()));
    }

    public static RouteGroupBuilder MapPageGroup(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("").WithMetadata(new PageRoute());
        pages.ExcludeFromDescription();
        return pages;
    }

    /// <summary>A page with these parameters, written as one piece.</summary>
    public static IResult Show<TPage>(object? parameters = null, int status = StatusCodes.Status200OK) where TPage : IComponent =>
        new RazorComponentResult<TPage>(parameters ?? new { }) { StatusCode = status, PreventStreamingRendering = true };

    /// <summary>The page, or the error page when there is nothing to show.</summary>
    public static IResult ShowFound<TPage>(object? found, object parameters) where TPage : IComponent =>
        found is null ? ShowProblem(Problem.NotFound) : Show<TPage>(parameters);

    /// <summary>The page with what a service answered, or why there is none.</summary>
    public static IResult ShowResult<TPage, T>(Result<T> result, Func<T, object> parameters) where TPage : IComponent =>
        result.Problem is { } problem ? ShowProblem(problem) : Show<TPage>(parameters(result.Value));

    public static IResult ShowProblem(Problem problem) => Show<ErrorPage>(new { Problem = problem }, problem.Status);

    /// <summary>
    /// Sends the browser on after a form, by GET, with a message that the next page shows once.
    /// </summary>
    public static IResult Go(string path, string? message = null) => new SeeOther(path, message);

    /// <summary>Whether a person's browser asks, at an address that is not the API's.</summary>
    public static bool IsForPerson(HttpContext context) =>
        // The handler of exceptions runs without the endpoint that failed, but remembers it.
        (context.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? context.GetEndpoint()) is { } endpoint
            ? endpoint.Metadata.GetMetadata<PageRoute>() is not null
            : context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase) && !IsForMachines(context.Request.Path);

    /// <summary>A problem in the form that whoever asked can read.</summary>
    public static IResult Answer(HttpContext context, Problem problem) => IsForPerson(context) ? ShowProblem(problem) : problem.ToAnswer();

    /// <summary>Only a path of this site, so that no link can send somebody elsewhere after sign-in.</summary>
    public static string LocalPath(string? path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.Any(char.IsControl) && !path.Contains('\\', StringComparison.Ordinal) ? path : "/dashboard";

    /// <summary>Whether an address is one that programs ask, so that errors there are never pages.</summary>
    public static bool IsForMachines(PathString path) =>
        path.StartsWithSegments("/api") || path.StartsWithSegments("/health") || path.StartsWithSegments("/openapi")
        || path == MetricsEndpoint.Path;

    private sealed class SeeOther(string path, string? message) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            if (message is not null)
            {
                Flash.Write(httpContext, message);
            }
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            // Headers are ASCII; what is not comes from an address that was decoded.
            httpContext.Response.Headers.Location = string.Concat(path.EnumerateRunes().Select(r => r.IsAscii ? r.ToString() : Uri.EscapeDataString(r.ToString())));
            return Task.CompletedTask;
        }
    }
}
