using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>What a test says of a request that must fail.</summary>
internal static class Refusals
{
    /// <summary>The problem with which the server refuses.</summary>
    public static async Task<ProblemDetails> RefusedAsync(int status, Func<Task> request)
    {
        var exception = await Assert.ThrowsAsync<CallAgentException>(request);
        Assert.True(status == exception.Status, $"Expected {status}, got {exception.Message}");
        Assert.StartsWith("/problems/", exception.Problem.Type);
        Assert.NotNull(exception.Problem.TraceId);
        return exception.Problem;
    }

    /// <summary>A 400 that names the field.</summary>
    public static async Task InvalidAsync(string field, Func<Task> request)
    {
        var problem = await RefusedAsync(400, request);
        Assert.True(problem.Errors?.ContainsKey(field), $"Expected an error on {field}, got {string.Join(", ", problem.Errors?.Keys ?? [])}");
    }
}
