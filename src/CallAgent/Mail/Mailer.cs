using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace CallAgent;

/// <summary>
/// Sends mails behind the answers. A request never waits for one: that keeps it fast when the mail server is slow, and
/// keeps its time from telling whether there was anybody to write to. What is waiting when the process is killed is
/// lost, and asked for again by whoever misses it; tokens are stored as hashes only, so it could not be kept.
/// </summary>
internal sealed partial class Mailer : IAsyncDisposable
{
    private const int MostWaiting = 10_000;

    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(2)];
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(5);

    private readonly Channel<Func<CancellationToken, Task<Mail?>>> waiting = Channel.CreateBounded<Func<CancellationToken, Task<Mail?>>>(MostWaiting);
    private readonly ConcurrentDictionary<Task, bool> repeats = new();
    private readonly CancellationTokenSource stop = new();
    private readonly IMailDelivery delivery;
    private readonly MailboxAddress from;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly Task work;

    public Mailer(IMailDelivery delivery, MailboxAddress from, TimeProvider clock, ILogger log)
    {
        (this.delivery, this.from, this.clock, this.log) = (delivery, from, clock, log);
        work = Task.Run(WorkAsync);
    }

    /// <summary>Sends a mail soon.</summary>
    /// <param name="userId">The user that it is about.</param>
    /// <param name="mail">What to send.</param>
    public void Post(Guid userId, Mail mail) => Post(_ => Task.FromResult<Mail?>(mail with { UserId = userId }));

    /// <summary>Erases the mails about a user that are kept in the installation, and those that are waiting once they are written.</summary>
    public void Forget(Guid userId)
    {
        delivery.Forget(userId);
        Post(_ =>
        {
            delivery.Forget(userId);
            return Task.FromResult<Mail?>(null);
        });
    }

    /// <summary>Finds out behind the answer whether there is something to send, and sends it.</summary>
    public void Post(Func<CancellationToken, Task<Mail?>> write)
    {
        if (!waiting.Writer.TryWrite(write))
        {
            LogDropped();
        }
    }

    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        stop.CancelAfter(LongestFarewell);
        await work;
        // What waits to be tried again is told as lost, and not forgotten.
        await stop.CancelAsync();
        await Task.WhenAll(repeats.Keys);
        stop.Dispose();
    }

    private async Task WorkAsync()
    {
        await foreach (var write in waiting.Reader.ReadAllAsync())
        {
            try
            {
                if (await write(stop.Token) is { } mail)
                {
                    await DeliverAsync(mail.Compose(from, clock.GetUtcNow()), mail.UserId, 0);
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                LogFailed(e);
            }
        }
    }

    private async Task DeliverAsync(MimeMessage message, Guid userId, int attempt)
    {
        try
        {
            await delivery.DeliverAsync(message, userId, stop.Token);
        }
        catch (Exception e) when (attempt < Pauses.Length && !stop.IsCancellationRequested && e is not MailKit.Security.AuthenticationException)
        {
            LogRetry(e.GetBaseException().Message);
            // Others need not wait for it.
            var repeat = RepeatAsync(message, userId, attempt);
            repeats[repeat] = true;
            _ = repeat.ContinueWith(done => repeats.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    private async Task RepeatAsync(MimeMessage message, Guid userId, int attempt)
    {
        try
        {
            await Task.Delay(Pauses[attempt], clock, stop.Token);
            await DeliverAsync(message, userId, attempt + 1);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(e);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A mail could not be handed over and is tried again: {Reason}")]
    private partial void LogRetry(string reason);

    [LoggerMessage(LogLevel.Error, "A mail was not sent")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(LogLevel.Error, "A mail was not sent: too many are waiting")]
    private partial void LogDropped();
}
