namespace CallAgent.Server;

/// <summary>
/// How often somebody may come: so many times a minute, evenly, and a burst of so many at once on top. No minute holds more
/// than <see cref="MostInWindow"/>, and whoever keeps to <paramref name="PerMinute"/> evenly is never refused.
/// </summary>
/// <param name="Name">As the headers <c>RateLimit</c> and <c>RateLimit-Policy</c> call it.</param>
/// <param name="PerMinute">The steady rate.</param>
/// <param name="Burst">What may come at once after a rest.</param>
internal sealed record Quota(string Name, long PerMinute, long Burst)
{
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // A rest of ten seconds fills the burst.
    private const long BurstShare = 6;

    public static Quota Of(string name, double perMinute) =>
        new(name, Math.Max(1, (long)perMinute), Math.Max(1, (long)perMinute / BurstShare));

    /// <summary>The most that any minute can hold: what <c>RateLimit-Policy</c> promises not to exceed.</summary>
    public long MostInWindow => PerMinute + Burst;

    /// <summary>Microseconds between two requests at the steady rate.</summary>
    public double Interval => Window.TotalMicroseconds / PerMinute;

    /// <summary>Microseconds by which requests may come early, together: the burst.</summary>
    public double Tolerance => Interval * Burst;
}

/// <summary>One count: whose it is, and which of the owner's.</summary>
/// <param name="Owner">The user, or the address as 16 bytes; begins every key.</param>
/// <param name="Part">The API key; empty for the owner's own count.</param>
/// <param name="IsAddress">Whether the owner is an address.</param>
internal readonly record struct BucketKey(Guid Owner, Guid Part, bool IsAddress);

/// <summary>A count with the quota that it is held to.</summary>
internal readonly record struct Bucket(BucketKey Key, Quota Quota);

/// <summary>What a count says about one request.</summary>
/// <param name="Quota">The quota that was looked at.</param>
/// <param name="Wait">How long until the next request is let in; zero when this one was.</param>
/// <param name="Level">Microseconds until nothing is taken any more: the burst is whole again.</param>
internal readonly record struct Standing(Quota Quota, TimeSpan Wait, double Level)
{
    public bool IsAllowed => Wait == TimeSpan.Zero;

    /// <summary>How many more would be let in at once.</summary>
    public long Remaining => Math.Max(0, (long)((Quota.Tolerance - Level) / Quota.Interval + 1e-6));
}
