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

    /// <summary>
    /// How the caller's rows stand now, to follow them from here on. Read it before the rows that it goes with: then no
    /// change falls between the two.
    /// </summary>
    public async Task<string> MarkAsync(Principal principal, CancellationToken cancellation = default)
    {
        await using var db = database.Open(TenantScope.Of(principal.UserId));
        return (await LiveMarks.ReadAsync(db, cancellation))?.ToString() ?? "";
    }

    /// <summary>Follows the changes of the caller's user. Dispose of the feed to end it.</summary>
    /// <param name="principal">Whose rows.</param>
    /// <param name="topics">Which kinds of them.</param>
    /// <param name="since">What <see cref="MarkAsync"/> answered: changes since then are told too, whichever node made them.</param>
    public Result<LiveFeed> Follow(Principal principal, LiveTopics topics = LiveTopics.All, string? since = null)
    {
        var marks = since is null ? null : LiveMarks.Parse(since);
        if (since is not null && marks is null)
        {
            return Problem.Invalid("since", "Is not a mark that a page was given.");
        }
        lock (gate)
        {
            var user = users.GetOrAdd(principal.UserId, id => new FollowedUser(database, id));
            if (user.FeedsOf(principal.MemberId) >= MostFeeds)
            {
                return new Problem("too-many-feeds", 429, "Too many live connections", $"A member may hold {MostFeeds} at once. Close a page, and try again.");
            }
            var feed = new LiveFeed(this, principal, topics, marks);
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
