using System.Text;
using System.Text.Json;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>Requests that the typed client would not make, and their answers.</summary>
internal static class RawAnswers
{
    public static Task<HttpResponseMessage> SendAsync(this TestUser user, string method, string path, string? body = null, string type = "application/json") =>
        user.SendAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), type);

    public static Task<HttpResponseMessage> SendAsync(this TestUser user, string method, string path, byte[]? body, string type = "application/json")
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }
        return user.Http.SendAsync(request);
    }

    /// <summary>The problem that an answer must be: its form is the same for every failure (RFC 9457).</summary>
    public static async Task<ProblemDetails> ProblemAsync(this HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"Expected {status}, got {(int)response.StatusCode}: {text}");
        Assert.Null(FormError(response, text));
        return JsonSerializer.Deserialize<ProblemDetails>(text, CallAgentJson.Lenient)!;
    }

    /// <summary>What is wrong with the form of an answer that refuses; <c>null</c> when nothing is.</summary>
    public static string? FormError(HttpResponseMessage response, string text)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
        {
            return $"its content type is {response.Content.Headers.ContentType}";
        }
        var problem = JsonSerializer.Deserialize<ProblemDetails>(text, CallAgentJson.Lenient)!;
        return problem switch
        {
            _ when problem.Status != (int)response.StatusCode => $"its status says {problem.Status}",
            _ when problem.Type?.StartsWith("/problems/", StringComparison.Ordinal) != true => $"its type is {problem.Type}",
            { Title: null or "" } => "it has no title",
            { TraceId: null or "" } => "it has no trace id",
            { Status: 400, Errors: null or { Count: 0 } } => "it names no field",
            _ when text.Contains("Exception", StringComparison.Ordinal) || text.Contains("   at ", StringComparison.Ordinal) => "it shows the inside",
            _ => null,
        };
    }
}
