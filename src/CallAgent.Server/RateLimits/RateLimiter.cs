namespace CallAgent.Server;

/// <summary>
/// Counts a request on this node and, where there is Redis, in the counts of all nodes. This node counts in any case: when Redis
/// goes, or forgets everything, nobody gets more than one node's share on top.
/// </summary>
internal sealed class RateLimiter(LocalBuckets local, RedisBuckets? shared = null) : IAsyncDisposable
{
    /// <summary>What each count says; the request is refused when one of them refuses it.</summary>
    public async ValueTask<Standing[]> TakeAsync(Bucket[] buckets)
    {
        var here = local.Take(buckets);
        return shared is not null && here.All(s => s.IsAllowed) && await shared.TakeAsync(buckets) is { } everywhere ? everywhere : here;
    }

    public ValueTask DisposeAsync() => shared?.DisposeAsync() ?? ValueTask.CompletedTask;
}
