namespace CallAgent.Server;

/// <summary>
/// The counts of this node, bounded in number: addresses are chosen by those who send from them. They go by a clock that
/// nobody can set.
/// </summary>
internal sealed class LocalBuckets(TimeProvider clock)
{
    private const int Stripes = 64;

    /// <summary>Counts that a stripe keeps apart; further ones share one, so that a flood of addresses does not get in by its number.</summary>
    internal const int MostInStripe = 4_096;

    private static readonly BucketKey Overflow = new(Guid.Empty, Guid.Empty, IsAddress: true);

    private readonly long origin = clock.GetTimestamp();
    private readonly Stripe[] stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Stripe())];

    /// <summary>How many counts are kept.</summary>
    public int Count => stripes.Sum(s => s.Count);

    /// <summary>Takes one request from every count, or from none when one of them refuses; all have one owner.</summary>
    public Standing[] Take(ReadOnlySpan<Bucket> buckets) =>
        stripes[(uint)buckets[0].Key.Owner.GetHashCode() % Stripes].Take(buckets, Now());

    private double Now() => clock.GetElapsedTime(origin).TotalMicroseconds;

    private sealed class Stripe
    {
        private readonly Lock gate = new();
        private readonly Dictionary<BucketKey, double> due = [];
        private double sweptAt;

        public int Count
        {
            get
            {
                lock (gate)
                {
                    return due.Count;
                }
            }
        }

        public Standing[] Take(ReadOnlySpan<Bucket> buckets, double now)
        {
            var standings = new Standing[buckets.Length];
            Span<double> next = stackalloc double[buckets.Length];
            var allowed = true;
            lock (gate)
            {
                MakeRoom(now);
                for (var i = 0; i < buckets.Length; i++)
                {
                    (standings[i], next[i]) = Gcra.Take(buckets[i].Quota, due.GetValueOrDefault(Kept(buckets[i].Key)), now);
                    allowed &= standings[i].IsAllowed;
                }
                for (var i = 0; allowed && i < buckets.Length; i++)
                {
                    due[Kept(buckets[i].Key)] = next[i];
                }
            }
            return standings;
        }

        private BucketKey Kept(BucketKey key) => due.Count < MostInStripe || due.ContainsKey(key) ? key : Overflow;

        // A count that is due in the past says nothing that an absent one would not.
        private void MakeRoom(double now)
        {
            var pause = due.Count < MostInStripe ? Quota.Window.TotalMicroseconds : TimeSpan.FromSeconds(1).TotalMicroseconds;
            if (now - sweptAt < pause)
            {
                return;
            }
            sweptAt = now;
            foreach (var (key, time) in due)
            {
                if (time <= now)
                {
                    due.Remove(key);
                }
            }
        }
    }
}
