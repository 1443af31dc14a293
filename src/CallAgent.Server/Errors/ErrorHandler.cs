using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CallAgent.Server;

/// <summary>Makes every failure an answer of the same form, without a word about the inside.</summary>
internal sealed partial class ErrorHandler(ILogger<ErrorHandler> logger) : IExceptionHandler
{
    private const int RetrySeconds = 2;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }
        var problem = exception switch
        {
            ProblemException e => e.Problem,
            BadHttpRequestException { InnerException: JsonException json } => OfJson(json),
            BadHttpRequestException e => OfBadRequest(e),
            // A form with too many fields or parts that do not end.
            InvalidDataException when httpContext.Request.HasFormContentType => Problem.Invalid("body", "The form cannot be read."),
            _ when IsUnavailable(exception) => Unavailable,
            _ => null,
        };
        if (problem is null)
        {
            LogFailure(exception, httpContext.Request.Method, httpContext.Request.Path);
            problem = new Problem("internal-error", 500, "Something went wrong here", "It was logged under the trace id. Nothing was changed.");
        }
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            LogUnavailable(exception.GetBaseException().Message);
            httpContext.Response.Headers.RetryAfter = RetrySeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        await PageRoutes.Answer(httpContext, problem).ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>Gives answers that have a status and nothing else, such as an unknown path's, their body.</summary>
    public static Task WriteStatusAsync(StatusCodeContext context)
    {
        var status = context.HttpContext.Response.StatusCode;
        var problem = status switch
        {
            404 => new Problem("not-found", status, "Not found", "There is nothing at this address."),
            413 => BodyTooLarge,
            415 => UnsupportedType,
            405 => new Problem("method-not-allowed", status, "Not that method", "See the header Allow for what this address takes."),
            _ => new Problem("http-error", status, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status)),
        };
        return PageRoutes.Answer(context.HttpContext, problem).ExecuteAsync(context.HttpContext);
    }

    private static Problem BodyTooLarge { get; } = new("body-too-large", 413, "The body is too large", "A body may have at most 1 MiB.");

    private static Problem UnsupportedType { get; } = new("unsupported-media-type", 415, "Not that content type", "Send application/json.");

    private static Problem Unavailable { get; } =
        new("unavailable", 503, "The database does not answer now", "Nothing was changed. Try again in a moment.");

    private static Problem OfBadRequest(BadHttpRequestException e) => e.StatusCode switch
    {
        413 => BodyTooLarge,
        415 => UnsupportedType,
        _ => Problem.Invalid(NamedParameter().Match(e.Message) is { Success: true } match ? match.Groups[1].Value : "body", e.Message switch
        {
            var m when m.Contains("no body", StringComparison.OrdinalIgnoreCase) => "A JSON body is required.",
            var m when m.Contains("Required parameter", StringComparison.Ordinal) => "Is required.",
            var m when m.Contains("Failed to bind", StringComparison.Ordinal) => "Is not a value of this parameter.",
            _ => "Could not be read.",
        }),
    };

    // "$.tags[2]" names the field; a member that is unknown, missing or given twice is named in the message alone.
    private static Problem OfJson(JsonException e)
    {
        var path = PathOf(e);
        if (MissingMembers().Match(e.Message) is { Success: true } missing)
        {
            return Problem.Invalid(QuotedName().Matches(missing.Groups[1].Value)
                .ToDictionary(m => Join(path, m.Groups[1].Value), _ => new[] { "Is required." }));
        }
        if (UnknownMember().Match(e.Message) is { Success: true } unknown)
        {
            return Problem.Invalid(Join(Parent(path, unknown.Groups[1].Value), unknown.Groups[1].Value), "Is not a field here.");
        }
        if (DoubleMember().Match(e.Message) is { Success: true } twice)
        {
            return Problem.Invalid(Join(Parent(path, twice.Groups[1].Value), twice.Groups[1].Value), "Stands twice.");
        }
        return path.Length == 0 ? Problem.Invalid("body", "Is not valid JSON of this form.") : Problem.Invalid(path, "Is not a value of this field.");
    }

    // An exception inside a member that may be absent knows the rest of the way.
    private static string PathOf(JsonException e) =>
        ((e.Path ?? "") + ((e.InnerException as JsonException)?.Path?.TrimStart('$') ?? "")).TrimStart('$', '.');

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Parent(string path, string name) =>
        path == name ? "" : path.EndsWith($".{name}", StringComparison.Ordinal) ? path[..^(name.Length + 1)] : path;

    private static bool IsUnavailable(Exception e) => e switch
    {
        PostgresException p => p.IsTransient || p.SqlState.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException => true,
        SqliteException { SqliteErrorCode: 5 or 6 } => true,
        _ => e.InnerException is { } inner && IsUnavailable(inner),
    };

    [GeneratedRegex("parameter \"[^\"]*? (\\w+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex NamedParameter();

    [GeneratedRegex("missing required properties including: (.+)\\.?$", RegexOptions.NonBacktracking)]
    private static partial Regex MissingMembers();

    [GeneratedRegex("JSON property '([^']*)' could not be mapped", RegexOptions.NonBacktracking)]
    private static partial Regex UnknownMember();

    [GeneratedRegex("[Dd]uplicate property '([^']*)'", RegexOptions.NonBacktracking)]
    private static partial Regex DoubleMember();

    [GeneratedRegex("'([^']*)'", RegexOptions.NonBacktracking)]
    private static partial Regex QuotedName();

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogFailure(Exception exception, string method, string path);

    [LoggerMessage(LogLevel.Warning, "The database does not answer: {Reason}")]
    private partial void LogUnavailable(string reason);
}
