using System.Diagnostics;
using CallAgent.Client;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CallAgent.Server;

/// <summary>A problem as an RFC 9457 answer.</summary>
internal sealed class ProblemAnswer(Problem problem) : IResult, IStatusCodeHttpResult
{
    public int? StatusCode => problem.Status;

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var details = new ProblemDetails
        {
            Type = problem.Type,
            Title = problem.Title,
            Status = problem.Status,
            Detail = problem.Detail,
            Instance = httpContext.Request.Path,
            TraceId = Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier,
            Errors = problem.Errors,
            Extensions = problem.Extensions?.ToDictionary(),
        };
        httpContext.Response.StatusCode = problem.Status;
        return httpContext.Response.WriteAsJsonAsync(details, CallAgentJson.Lenient, "application/problem+json", httpContext.RequestAborted);
    }
}

/// <summary>Turns what services return into answers.</summary>
internal static class Answers
{
    public static ProblemAnswer ToAnswer(this Problem problem) => new(problem);

    public static Results<Ok<T>, ProblemAnswer> Found<T>(T? value) where T : class =>
        value is null ? Problem.NotFound.ToAnswer() : TypedResults.Ok(value);

    public static Results<Ok<T>, ProblemAnswer> Of<T>(Result<T> result) where T : class =>
        result.Problem is { } problem ? problem.ToAnswer() : TypedResults.Ok(result.Value);

    public static Results<Created<T>, ProblemAnswer> Created<T>(Result<T> result, Func<T, string> location) where T : class =>
        result.Problem is { } problem ? problem.ToAnswer() : TypedResults.Created(location(result.Value), result.Value);

    public static Results<Accepted<T>, ProblemAnswer> Accepted<T>(Result<T> result, Func<T, string> location) where T : class =>
        result.Problem is { } problem ? problem.ToAnswer() : TypedResults.Accepted(location(result.Value), result.Value);

    public static Results<NoContent, ProblemAnswer> Nothing(Problem? problem) =>
        problem is not null ? problem.ToAnswer() : TypedResults.NoContent();
}
