using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using MimeKit;

namespace CallAgent.Tests;

/// <summary>Takes every mail of a server, for the tests to read.</summary>
internal sealed partial class Mailbox : IMailDelivery
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, ConcurrentQueue<MimeMessage>> received = new();

    public Task DeliverAsync(MimeMessage message, Guid userId, CancellationToken cancellation)
    {
        Of(message.To.Mailboxes.Single().Address).Enqueue(message);
        return Task.CompletedTask;
    }

    /// <summary>Tests read what their users got, also when those are gone.</summary>
    public void Forget(Guid userId)
    {
    }

    /// <summary>All that an address has got so far.</summary>
    public IReadOnlyList<MimeMessage> Received(string address) => [.. Of(address)];

    /// <summary>The newest mail to an address whose subject contains the words; waits for it.</summary>
    public async Task<MimeMessage> ReadAsync(string address, string subject, int nth = 1)
    {
        for (var waited = TimeSpan.Zero; waited < Patience; waited += TimeSpan.FromMilliseconds(20))
        {
            var found = Of(address).Where(m => m.Subject!.Contains(subject, StringComparison.OrdinalIgnoreCase)).ToList();
            if (found.Count >= nth)
            {
                return found[^1];
            }
            await Task.Delay(20);
        }
        throw new InvalidOperationException(
            $"No mail about \"{subject}\" came to {address}; it got: {string.Join(", ", Of(address).Select(m => m.Subject))}.");
    }

    /// <summary>The token in the link of the newest such mail.</summary>
    public async Task<string> TokenAsync(string address, string subject, int nth = 1) =>
        Token().Match((await ReadAsync(address, subject, nth)).TextBody!).Groups[1].Value;

    private ConcurrentQueue<MimeMessage> Of(string address) => received.GetOrAdd(address, _ => new());

    [GeneratedRegex(@"[?&]token=(\w+)")]
    private static partial Regex Token();
}
