using System.Text.Json;
using CallAgent.Client;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace CallAgent.Server;

/// <summary>A route that answers with a tag and takes conditions; for the API's document.</summary>
internal sealed record TakesConditions
{
    public static TakesConditions Instance { get; } = new();
}

/// <summary>A route without an id that changes one record all the same, such as the caller's own profile.</summary>
internal sealed record ChangesOneRecord;

/// <summary>
/// Conditional requests (RFC 9110, 13) on every route of the API: answers carry an <c>ETag</c>, <c>If-None-Match</c> gets 304
/// for what is known already, and <c>If-Match</c> 412 for what has changed. For changes this only passes on what the caller
/// expects; the service compares, in the same save as the change.
/// </summary>
internal static class ConditionalRequests
{
    private static readonly Problem OnlyReads = Problem.Invalid(HeaderNames.IfNoneMatch, "Is for reading only.");

    // Left aside, it would let the caller believe that it guards something.
    private static readonly Problem OnlyRecords = Problem.Invalid(HeaderNames.IfMatch, "Is for changes of one record only.");

    public static RouteGroupBuilder WithConditions(this RouteGroupBuilder routes) =>
        routes.AddEndpointFilter(FilterAsync).WithMetadata(TakesConditions.Instance);

    /// <summary>Whether a route changes one record, so that it takes <c>If-Match</c>.</summary>
    public static bool IsOfOneRecord(RouteEndpoint route) =>
        route.RoutePattern.GetParameter("id") is not null || route.Metadata.GetMetadata<ChangesOneRecord>() is not null;

    private static async ValueTask<object?> FilterAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var (expected, known) = (EntityTags.Of(request.Headers, HeaderNames.IfMatch), EntityTags.Of(request.Headers, HeaderNames.IfNoneMatch));
        if ((expected.Problem ?? known.Problem) is { } malformed)
        {
            return malformed.ToAnswer();
        }
        if (HttpMethods.IsGet(request.Method))
        {
            return Read(context.HttpContext, await next(context), expected.Value, known.Value);
        }
        if (known.Value is not null)
        {
            return OnlyReads.ToAnswer();
        }
        if (expected.Value is { } tags && !Expect(context, tags))
        {
            return OnlyRecords.ToAnswer();
        }
        var result = await next(context);
        if (ValueOf(result) is IVersionedRecord record)
        {
            context.HttpContext.Response.Headers.ETag = EntityTags.TagOf(record);
        }
        return result;
    }

    private static bool Expect(EndpointFilterInvocationContext context, EntityTags tags)
    {
        if (context.HttpContext.GetEndpoint() is not RouteEndpoint route || !IsOfOneRecord(route)
            || context.Arguments.OfType<Workspace>().FirstOrDefault() is not { } workspace)
        {
            return false;
        }
        // What is not there is 404, whatever was expected of it.
        workspace.ExpectedVersions = tags.IsAny ? null : tags.Versions;
        return true;
    }

    private static object? Read(HttpContext context, object? result, EntityTags? expected, EntityTags? known)
    {
        if (ValueOf(result) is not { } value)
        {
            return result;
        }
        var content = value is IVersionedRecord ? null : Serialize(context, value);
        var tag = content is null ? EntityTags.TagOf((IVersionedRecord)value) : EntityTags.TagOf(content);
        if (expected?.Match(tag, strongly: true) == false)
        {
            return Problem.Stale.ToAnswer();
        }
        context.Response.Headers.ETag = tag;
        return known?.Match(tag, strongly: false) == true ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : content is null ? result : new Content(content);
    }

    // What was done or found; nothing where the answer is a problem, a file or a stream.
    private static object? ValueOf(object? result) => (result is INestedHttpResult nested ? nested.Result : result) switch
    {
        IValueHttpResult { Value: { } value } and IStatusCodeHttpResult { StatusCode: >= 200 and < 300 } => value,
        _ => null,
    };

    private static byte[] Serialize(HttpContext context, object value) => JsonSerializer.SerializeToUtf8Bytes(
        value, value.GetType(), context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions);

    /// <summary>JSON whose bytes were needed before they are sent.</summary>
    private sealed class Content(byte[] json) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            httpContext.Response.ContentLength = json.Length;
            return httpContext.Response.Body.WriteAsync(json, httpContext.RequestAborted).AsTask();
        }
    }
}
