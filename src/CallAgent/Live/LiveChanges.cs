using System.Collections.Concurrent;

namespace CallAgent;

/// <summary>
/// Tells those who follow a user that rows of that user have changed; never another's, and never what is in them. A
/// writer leaves a mark and goes on; whoever follows slowly hears of many changes as of one.
/// </summary>
public sealed class LiveChanges : IAsyncDisposable
{
    /// <summary>Feeds that one member, or one user's code in process, may hold at once.</summary>
    public const int MostFeeds = 8;

    private readonly ConcurrentDictionary<Guid, FollowedUser> users = new();
    private readonly Lock gate = new();
    private readonly Database database;

    internal LiveChanges(Database database)
    {
        this.database = database;
        database.Changed = Publish;
    }

    /// <summary>Follows the changes of the caller's user. Dispose of the feed to end it.</summary>
    public Result<LiveFeed> Follow(Principal principal, LiveTopics topics = LiveTopics.All)
    {
        lock (gate)
        {
            var user = users.GetOrAdd(principal.UserId, id => new FollowedUser(database, id));
            if (user.FeedsOf(principal.MemberId) >= MostFeeds)
            {
                return new Problem("too-many-feeds", 429, "Too many live connections", $"A member may hold {MostFeeds} at once. Close a page, and try again.");
            }
            var feed = new LiveFeed(this, principal.UserId, principal.MemberId, topics);
            user.Add(feed);
            Meters.Follow(1);
            return feed;
        }
    }

    /// <summary>A committed change; costs a look-up when nobody follows the user.</summary>
    internal void Publish(Guid userId, LiveTopics topics)
    {
        if (users.TryGetValue(userId, out var user))
        {
            user.Mark(topics);
        }
    }

    internal void Remove(LiveFeed feed)
    {
        lock (gate)
        {
            if (users.TryGetValue(feed.UserId, out var user) && user.Remove(feed))
            {
                users.TryRemove(feed.UserId, out _);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        var last = users.Values.ToList();
        users.Clear();
        foreach (var user in last)
        {
            await user.StopAsync();
        }
    }
}
