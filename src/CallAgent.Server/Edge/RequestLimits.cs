using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CallAgent.Server;

/// <summary>
/// How large a request may be. The server underneath takes twice as much of addresses and headers, so that who sends too much
/// is told so in the form of all errors; what is larger still it cuts off, with a bare status.
/// </summary>
internal static class RequestLimits
{
    private const long LargestBody = 1024 * 1024;
    private const int LongestTarget = 8 * 1024;
    private const int LargestHeaders = 32 * 1024;
    private const int MostHeaders = 100;
    private const int Margin = 2;

    private static readonly Problem TargetTooLong = new("address-too-long", 414, "The address is too long", "An address with its query may have at most 8 KiB.");

    private static readonly Problem HeadersTooLarge = new(
        "headers-too-large", 431, "The headers are too large", $"A request may have at most {MostHeaders} headers, and {LargestHeaders / 1024} KiB of them.");

    // Unpacking a few bytes can fill the memory, and nobody needs it below the largest body.
    private static readonly Problem Packed = new(
        "unsupported-media-type", 415, "Not packed", "Send the body as it is, without Content-Encoding.");

    public static void Apply(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = LargestBody;
        limits.MaxRequestLineSize = Margin * LongestTarget;
        limits.MaxRequestHeadersTotalSize = Margin * LargestHeaders;
        limits.MaxRequestHeaderCount = Margin * MostHeaders;
    }

    public static void UseRequestLimits(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (ProblemOf(context) is not { } problem)
        {
            return next(context);
        }
        if (problem == Packed)
        {
            context.Response.Headers.AcceptEncoding = "identity";
        }
        return PageRoutes.Answer(context, problem).ExecuteAsync(context);
    });

    private static Problem? ProblemOf(HttpContext context)
    {
        if (context.Request.Path.Value?.Length + context.Request.QueryString.Value?.Length > LongestTarget)
        {
            return TargetTooLong;
        }
        var (count, size) = (0, 0);
        foreach (var (name, values) in context.Request.Headers)
        {
            foreach (var value in values)
            {
                count++;
                size += name.Length + (value?.Length ?? 0);
            }
        }
        return count > MostHeaders || size > LargestHeaders ? HeadersTooLarge
            : context.Request.Headers.ContentEncoding.Any(e => !string.Equals(e, "identity", StringComparison.OrdinalIgnoreCase)) ? Packed
            : null;
    }
}
