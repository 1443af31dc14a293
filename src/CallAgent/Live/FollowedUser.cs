using System.Data.Common;

namespace CallAgent;

/// <summary>
/// A user whom somebody on this node follows. One loop for all of its feeds: it wakes by a change made here, or after a
/// few seconds to see what other nodes have done, reads the user's marks, and only then tells the feeds. So whoever
/// reads because of it reads at least what the marks stood for, and no change is told twice.
/// </summary>
internal sealed class FollowedUser
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(3);

    // Long enough for a burst to become one change, too short to be noticed.
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(50);

    // No topic: wakes the loop for a feed that has just come.
    private const LiveTopics Arrival = (LiveTopics)(1 << 30);

    private readonly List<LiveFeed> feeds = [];
    private readonly LiveSignal signal = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Database database;
    private readonly Guid userId;
    private Task? loop;

    public FollowedUser(Database database, Guid userId) => (this.database, this.userId) = (database, userId);

    public int FeedsOf(Guid? memberId)
    {
        lock (feeds)
        {
            return feeds.Count(f => f.MemberId == memberId);
        }
    }

    public void Add(LiveFeed feed)
    {
        lock (feeds)
        {
            feeds.Add(feed);
        }
        if (loop is null)
        {
            loop = Task.Run(RunAsync);
        }
        else
        {
            signal.Set(Arrival);
        }
    }

    /// <summary>Whether it was the last one, after which this ends.</summary>
    public bool Remove(LiveFeed feed)
    {
        lock (feeds)
        {
            if (!feeds.Remove(feed) || feeds.Count > 0)
            {
                return false;
            }
        }
        stop.Cancel();
        return true;
    }

    public void Mark(LiveTopics topics) => signal.Set(topics);

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await (loop ?? Task.CompletedTask);
    }

    private async Task RunAsync()
    {
        try
        {
            var before = await ReadAsync(null);
            Welcome(before);
            while (!stop.IsCancellationRequested)
            {
                var marked = await signal.WaitAsync(Look, stop.Token);
                if (marked != LiveTopics.None)
                {
                    await Task.Delay(Burst, stop.Token);
                    marked |= await signal.WaitAsync(TimeSpan.Zero, stop.Token);
                }
                var now = await ReadAsync(before);
                Tell((marked & ~Arrival) | (before is null || now is null ? LiveTopics.None : now.Since(before)));
                Welcome(now);
                before = now ?? before;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nobody follows any more.
        }
    }

    // A database that does not answer for a while delays what other nodes did, and stops nothing else.
    private async Task<LiveMarks?> ReadAsync(LiveMarks? otherwise)
    {
        try
        {
            await using var db = database.Open(TenantScope.Of(userId));
            return await LiveMarks.ReadAsync(db, stop.Token);
        }
        catch (Exception e) when (e is DbException or InvalidOperationException or TimeoutException)
        {
            return otherwise;
        }
    }

    // A feed that has just come hears of what happened between its page and now: no feed of the user was there to see it.
    private void Welcome(LiveMarks? now)
    {
        lock (feeds)
        {
            feeds.ForEach(f => f.CatchUp(now));
        }
    }

    private void Tell(LiveTopics changed)
    {
        lock (feeds)
        {
            feeds.ForEach(f => f.Mark(changed));
        }
    }
}
