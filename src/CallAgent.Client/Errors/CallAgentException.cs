namespace CallAgent.Client;

/// <summary>The server refused a request; <see cref="Problem"/> says why.</summary>
public sealed class CallAgentException(ProblemDetails problem) : Exception($"{problem.Status} {problem.Title}. {Describe(problem)}".TrimEnd())
{
    public ProblemDetails Problem { get; } = problem;

    /// <summary>The HTTP status code.</summary>
    public int Status => Problem.Status;

    private static string Describe(ProblemDetails problem) => problem.Errors is { } errors
        ? string.Join(' ', errors.Select(e => $"{e.Key}: {string.Join(' ', e.Value)}"))
        : problem.Detail ?? "";
}
