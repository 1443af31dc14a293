using System.Text.Json.Serialization;

namespace CallAgent.Client;

/// <summary>An error answer after RFC 9457 (<c>application/problem+json</c>).</summary>
public sealed record ProblemDetails
{
    /// <summary>Stable name of the kind of error, for example <c>/problems/plan-limit-reached</c>.</summary>
    public string? Type { get; init; }

    public string? Title { get; init; }

    /// <summary>The HTTP status code.</summary>
    public int Status { get; init; }

    /// <summary>What went wrong this time, and what to do.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Detail { get; init; }

    /// <summary>The path that was asked for.</summary>
    public string? Instance { get; init; }

    /// <summary>Finds the request in the server's log.</summary>
    public string? TraceId { get; init; }

    /// <summary>Validation errors by JSON field name.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>Further members, such as <c>limit</c>, <c>used</c> and <c>plan</c> of a plan limit.</summary>
    [JsonExtensionData]
    public IDictionary<string, object?>? Extensions { get; init; }
}
