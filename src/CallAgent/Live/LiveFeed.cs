namespace CallAgent;

/// <summary>One follower's view of a user's changes. It holds what it was not asked for yet as one set of topics.</summary>
public sealed class LiveFeed : IDisposable
{
    private readonly LiveChanges changes;
    private readonly LiveSignal signal = new();
    private readonly LiveTopics topics;
    private LiveMarks? since;
    private bool isOver;

    internal LiveFeed(LiveChanges changes, Principal principal, LiveTopics topics, LiveMarks? since) =>
        (this.changes, UserId, MemberId, this.topics, this.since) = (changes, principal.UserId, principal.MemberId, topics, since);

    internal Guid UserId { get; }

    internal Guid? MemberId { get; }

    /// <summary>What has changed since the last call; waits for a change as long as <paramref name="patience"/>.</summary>
    /// <returns><see cref="LiveTopics.None"/> when nothing has changed in that time.</returns>
    public Task<LiveTopics> NextAsync(TimeSpan patience, CancellationToken cancellation = default) => signal.WaitAsync(patience, cancellation);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref isOver, true))
        {
            return;
        }
        Meters.Follow(-1);
        changes.Remove(this);
    }

    /// <summary>Marks what differs from the page that the feed belongs to; once, as soon as there is something to compare with.</summary>
    internal void CatchUp(LiveMarks? now)
    {
        if (since is { } page && now is not null)
        {
            Mark(now.Since(page));
            since = null;
        }
    }

    internal void Mark(LiveTopics changed)
    {
        if ((changed & topics) is var relevant and not LiveTopics.None)
        {
            signal.Set(relevant);
        }
    }
}

/// <summary>Topics that were marked and not yet taken: marking never waits and takes no room.</summary>
internal sealed class LiveSignal
{
    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly Lock gate = new();
    private LiveTopics marked;

    public void Set(LiveTopics topics)
    {
        lock (gate)
        {
            if (marked == LiveTopics.None && topics != LiveTopics.None)
            {
                wake.Release();
            }
            marked |= topics;
        }
    }

    public async Task<LiveTopics> WaitAsync(TimeSpan patience, CancellationToken cancellation)
    {
        if (!await wake.WaitAsync(patience, cancellation))
        {
            return LiveTopics.None;
        }
        lock (gate)
        {
            var taken = marked;
            marked = LiveTopics.None;
            return taken;
        }
    }
}
