using System.ComponentModel;
using System.Text.Json;
using System.Text.RegularExpressions;
using CallAgent.Client;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace CallAgent.Server;

/// <summary>Makes every failure an answer of the same form, without a word about the inside.</summary>
internal sealed partial class ErrorHandler(ILogger<ErrorHandler> logger) : IExceptionHandler
{
    private const int RetrySeconds = 2;
    private const string NotAValue = "Is not a value of this parameter.";
    private const int NoSpace = 28; // ENOSPC

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
            _ when IsFull(exception) => Full,
            _ when IsBusy(exception) => Busy,
            // A form with too many fields or parts that do not end.
            InvalidDataException when httpContext.Request.HasFormContentType => Problem.Invalid("body", "The form cannot be read."),
            _ when IsUnavailable(exception) => Unavailable,
            _ => null,
        };
        problem ??= new Problem("internal-error", 500, "Something went wrong here", "It was logged under the trace id.");
        if (problem.Status == StatusCodes.Status500InternalServerError)
        {
            LogFailure(exception, httpContext.Request.Method, httpContext.Request.Path);
        }
        if (problem.Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status507InsufficientStorage)
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
            400 when UnreadableParameters(context.HttpContext) is { Count: > 0 } unreadable => Problem.Invalid(unreadable),
            405 => new Problem("method-not-allowed", status, "Not that method", "See the header Allow for what this address takes."),
            415 => WrongType,
            _ => new Problem("http-error", status, Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status)),
        };
        return PageRoutes.Answer(context.HttpContext, problem).ExecuteAsync(context.HttpContext);
    }

    // The generated binding of an optional parameter answers 400 and does not say which it is.
    private static Dictionary<string, string[]> UnreadableParameters(HttpContext http) =>
        (http.GetEndpoint()?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
        .Where(p => p.HasTryParse)
        .Select(p => (p.Name, Error: http.Request.Query[p.Name] switch
        {
            { Count: > 1 } => UnknownParameters.MoreThanOnce,
            [{ Length: > 0 } value] when !TypeDescriptor.GetConverter(
                Nullable.GetUnderlyingType(p.ParameterInfo.ParameterType) ?? p.ParameterInfo.ParameterType).IsValid(value) => NotAValue,
            _ => null,
        }))
        .Where(p => p.Error is not null)
        .ToDictionary(p => p.Name, p => new[] { p.Error! });

    private static Problem BodyTooLarge { get; } = new("body-too-large", 413, "The body is too large", "A body may have at most 1 MiB.");

    // The connection may have been lost after a change was committed and before the database could say so.
    private static Problem Unavailable { get; } =
        new("unavailable", 503, "The database does not answer now", "Try again in a moment. Look before you repeat a change: it may have been made.");

    private static Problem Busy { get; } = new("busy", 503, "Too much is being asked at once", "Nothing was changed. Try again in a moment.");

    private static Problem Full { get; } = new("storage-full", 507, "There is no room left on the disk", "Nothing was changed. Reading goes on; tell the operator.");

    private static Problem WrongType { get; } =
        new("unsupported-media-type", 415, "Not that content type", "Send application/json; an import takes its file as it is, as text/csv.");

    private static Problem OfBadRequest(BadHttpRequestException e) => e.StatusCode switch
    {
        413 => BodyTooLarge,
        415 => WrongType,
        _ when e.Message.Contains("from body", StringComparison.Ordinal) => Problem.Invalid("body", "A JSON body is required."),
        _ => Problem.Invalid(NamedParameter().Match(e.Message) is { Success: true } match ? match.Groups[1].Value : "body", e.Message switch
        {
            var m when m.Contains("no body", StringComparison.OrdinalIgnoreCase) => "A JSON body is required.",
            var m when m.Contains("Required parameter", StringComparison.Ordinal) => "Is required.",
            var m when m.Contains("Failed to bind", StringComparison.Ordinal) => NotAValue,
            _ => "Could not be read.",
        }),
    };

    // "$.tags[2]" names the field; a member that is unknown, missing or given twice is named in the message alone.
    private static Problem OfJson(JsonException e)
    {
        var path = PathOf(e).TrimStart('.');
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
        return path.Length == 0 ? Problem.Invalid("body", "Is not valid JSON of this form.") : Problem.Invalid(path, Wrong(e.Message, path));
    }

    // A member of a PATCH body is read on its own, so that the place in it has a path of its own.
    private static string PathOf(JsonException e) =>
        e.Path?.TrimStart('$') + (e.InnerException is JsonException { Path: not null } inner ? PathOf(inner) : "");

    private static string Wrong(string message, string path) =>
        message.Contains("null is not allowed", StringComparison.Ordinal) || message.Contains("null values", StringComparison.Ordinal) ? "Must not be null."
        : ChoiceOf(message, path) is { } choice ? $"Must be one of: {string.Join(", ", Enum.GetNames(choice).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))}."
        : "Is not a value of this field.";

    // The message names the type of the field, or that of the record which has it.
    private static Type? ChoiceOf(string message, string path)
    {
        var named = RecordType().Match(message);
        var type = named.Success ? typeof(ContactStatus).Assembly.GetType(named.Value) : null;
        if (type is { IsEnum: false })
        {
            type = type.GetProperties().FirstOrDefault(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name) == path.Split('.')[^1])?.PropertyType;
            type = type?.GenericTypeArguments.FirstOrDefault() ?? type;
        }
        return type is { IsEnum: true } ? type : null;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Parent(string path, string name) =>
        path == name ? "" : path.EndsWith($".{name}", StringComparison.Ordinal) ? path[..^(name.Length + 1)] : path;

    private static bool IsFull(Exception e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } or SqliteException { SqliteErrorCode: 13 } or IOException { HResult: NoSpace } => true,
        _ => e.InnerException is { } inner && IsFull(inner),
    };

    // Nothing was sent: no connection became free, or the database has none to give.
    private static bool IsBusy(Exception e) => e switch
    {
        PostgresException p => p.SqlState == PostgresErrorCodes.TooManyConnections,
        PoolBusyException => true,
        SqliteException { SqliteErrorCode: 5 or 6 } => true,
        _ => e.InnerException is { } inner && IsBusy(inner),
    };

    private static bool IsUnavailable(Exception e) => e switch
    {
        PostgresException p => p.IsTransient || p.SqlState.StartsWith("57P", StringComparison.Ordinal),
        NpgsqlException => true,
        SqliteException { SqliteErrorCode: 10 } => true,
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

    [GeneratedRegex(@"CallAgent\.Client\.\w+", RegexOptions.NonBacktracking)]
    private static partial Regex RecordType();

    [GeneratedRegex("'([^']*)'", RegexOptions.NonBacktracking)]
    private static partial Regex QuotedName();

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    private partial void LogFailure(Exception exception, string method, string path);

    [LoggerMessage(LogLevel.Warning, "The database cannot do it now: {Reason}")]
    private partial void LogUnavailable(string reason);
}
