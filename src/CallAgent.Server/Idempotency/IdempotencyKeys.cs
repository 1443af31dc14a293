using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace CallAgent.Server;

/// <summary>
/// Carries a POST with the header <c>Idempotency-Key</c> out once, and answers it again as the first time
/// (draft-ietf-httpapi-idempotency-key-header-07).
/// </summary>
internal static class IdempotencyKeys
{
    public const string Header = "Idempotency-Key";

    private const string ReplayedHeader = "Idempotency-Replayed";

    /// <summary>After the checks of who may what, so that a kept answer is read by nobody who could not ask for it.</summary>
    public static void UseIdempotencyKeys(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (!IsAsked(context, out var header))
        {
            await next(context);
        }
        else if (Read(header) is { } key)
        {
            await OnceAsync(context, next, key);
        }
        else
        {
            await Problem.Invalid(Header, $"Must be 1 to {Idempotency.LongestKey} visible characters, once.").ToAnswer().ExecuteAsync(context);
        }
    });

    private static bool IsAsked(HttpContext context, out StringValues header) =>
        context.Request.Headers.TryGetValue(Header, out header)
        && HttpMethods.IsPost(context.Request.Method)
        && context.Features.Get<Principal>() is not null
        && context.GetEndpoint()?.Metadata is { } metadata
        && metadata.GetMetadata<NeedsPermission>() is not null
        && metadata.GetMetadata<PageRoute>() is null;

    // A structured string stands in quotes; most clients send the bare text.
    private static string? Read(StringValues header)
    {
        if (header is not [{ } text])
        {
            return null;
        }
        var key = text is ['"', .. var quoted, '"'] ? quoted : text;
        return key.Length is > 0 and <= Idempotency.LongestKey && key.All(c => c is > ' ' and < '\x7f' and not '"') ? key : null;
    }

    private static async Task OnceAsync(HttpContext context, RequestDelegate next, string key)
    {
        var cancellation = context.RequestAborted;
        // A file goes into the database as it comes; what is known of it beforehand has to do.
        var isFile = context.GetEndpoint()!.Metadata.GetMetadata<TakesFile>() is not null;
        var fingerprint = await FingerprintAsync(context.Request, withBody: !isFile, cancellation);
        var workspace = context.RequestServices.GetRequiredService<Workspace>();
        var begun = await workspace.Idempotency.BeginAsync(key, fingerprint, encloses: !isFile, cancellation);
        if (begun.Problem is { } problem)
        {
            await problem.ToAnswer().ExecuteAsync(context);
            return;
        }
        await using var once = begun.Value;
        if (once.Answer is { } kept)
        {
            await ReplayAsync(context.Response, kept, cancellation);
            return;
        }
        await CarryOutAsync(context, next, once, cancellation);
    }

    private static async Task CarryOutAsync(HttpContext context, RequestDelegate next, OnceOnly once, CancellationToken cancellation)
    {
        var outward = context.Features.GetRequiredFeature<IHttpResponseBodyFeature>();
        using var body = new MemoryStream();
        context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(body));
        try
        {
            await next(context);
            await context.Response.BodyWriter.FlushAsync(cancellation);
        }
        finally
        {
            context.Features.Set(outward);
        }
        var bytes = body.ToArray();
        if (context.Response.StatusCode is >= 200 and < 300)
        {
            var answer = new KeptAnswer(context.Response.StatusCode, context.Response.ContentType, context.Response.Headers.Location, context.Response.Headers.ETag, bytes);
            var own = JsonSerializer.SerializeToUtf8Bytes(answer);
            var kept = await once.KeepAsync(own, cancellation);
            if (kept.Problem is { } problem)
            {
                (context.Response.Headers.Location, context.Response.Headers.ETag) = (default, default);
                await problem.ToAnswer().ExecuteAsync(context);
                return;
            }
            if (!ReferenceEquals(kept.Value, own))
            {
                await ReplayAsync(context.Response, kept.Value, cancellation);
                return;
            }
        }
        await context.Response.Body.WriteAsync(bytes, cancellation);
    }

    private static async Task ReplayAsync(HttpResponse response, byte[] kept, CancellationToken cancellation)
    {
        var answer = JsonSerializer.Deserialize<KeptAnswer>(kept)!;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.Headers[ReplayedHeader] = "true";
        if (answer.Location is not null)
        {
            response.Headers.Location = answer.Location;
        }
        if (answer.ETag is not null)
        {
            response.Headers.ETag = answer.ETag;
        }
        await response.Body.WriteAsync(answer.Body, cancellation);
    }

    private static async Task<byte[]> FingerprintAsync(HttpRequest request, bool withBody, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var head = $"{request.Method} {request.Path}{request.QueryString}\n{(withBody ? "" : $"{request.ContentType} {request.ContentLength}")}\n";
        hash.AppendData(Encoding.UTF8.GetBytes(head));
        if (withBody)
        {
            request.EnableBuffering();
            var buffer = new byte[16 * 1024];
            while (await request.Body.ReadAsync(buffer, cancellation) is > 0 and var read)
            {
                hash.AppendData(buffer.AsSpan(0, read));
            }
            request.Body.Position = 0;
        }
        return hash.GetHashAndReset();
    }

    private sealed record KeptAnswer(int Status, string? ContentType, string? Location, string? ETag, byte[] Body);
}
