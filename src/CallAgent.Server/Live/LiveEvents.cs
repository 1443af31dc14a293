using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace CallAgent.Server;

/// <summary>
/// A feed as <c>text/event-stream</c>, until the browser leaves, the server stops or the credential is not in force any
/// more.
/// </summary>
internal sealed class LiveEvents(LiveFeed feed) : IResult
{
    // With the three seconds for which a credential is remembered: five until an ended session ends its stream.
    private static readonly TimeSpan Recheck = TimeSpan.FromSeconds(2);

    // Proxies close what is silent; Nginx after a minute.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var _ = feed;
        var stopping = httpContext.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping);
        httpContext.Response.ContentType = "text/event-stream";
        // Nginx holds answers back otherwise.
        httpContext.Response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await WriteAsync(httpContext, "retry: 3000\n: following\n\n", end.Token);
            await SendAsync(httpContext, end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The browser has gone, or the server is about to.
        }
    }

    private async Task SendAsync(HttpContext context, CancellationToken cancellation)
    {
        var host = context.RequestServices.GetRequiredService<CallAgentHost>();
        var (user, rechecked, spoke) = (context.Features.GetRequiredFeature<Principal>().UserId, Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp());
        while (true)
        {
            var changed = await feed.NextAsync(Recheck, cancellation);
            if (Stopwatch.GetElapsedTime(rechecked) >= Recheck)
            {
                if (!await IsInForceAsync(context, host, user))
                {
                    return;
                }
                rechecked = Stopwatch.GetTimestamp();
            }
            if (changed != LiveTopics.None || Stopwatch.GetElapsedTime(spoke) >= Heartbeat)
            {
                var text = changed == LiveTopics.None ? ": still here\n\n" : $"event: change\ndata: {string.Join(',', changed.Names())}\n\n";
                await WriteAsync(context, text, cancellation);
                spoke = Stopwatch.GetTimestamp();
            }
        }
    }

    /// <summary>Waits until the credential that a request came with is in force no more.</summary>
    public static async Task UntilOverAsync(HttpContext context, CancellationToken cancellation)
    {
        var (host, user) = (context.RequestServices.GetRequiredService<CallAgentHost>(), context.Features.GetRequiredFeature<Principal>().UserId);
        do
        {
            await Task.Delay(Recheck, cancellation);
        }
        while (await IsInForceAsync(context, host, user));
    }

    private static async Task<bool> IsInForceAsync(HttpContext context, CallAgentHost host, Guid user) =>
        (await CredentialHandler.ReadAsync(context, host)).Principal?.UserId == user;

    private static async Task WriteAsync(HttpContext context, string text, CancellationToken cancellation)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
        await context.Response.Body.FlushAsync(cancellation);
    }
}
