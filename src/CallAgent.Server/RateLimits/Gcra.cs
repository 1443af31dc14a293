namespace CallAgent.Server;

/// <summary>
/// The generic cell rate algorithm (ITU-T I.371, annex A): a count is one number, the time at which the next request would be
/// due at the steady rate. A request may come earlier by the burst's tolerance. Times are microseconds of one clock.
/// </summary>
internal static class Gcra
{
    // Microseconds since 1970 are kept to a quarter of one, and intervals such as a third of a second not exactly.
    private const double Precision = 1;

    /// <summary>What a request at <paramref name="now"/> meets, and the time to keep when it is let in.</summary>
    public static (Standing Standing, double Due) Take(Quota quota, double due, double now)
    {
        // A clock that was set back must not shut anybody out for longer than a burst takes to fill again.
        var from = Math.Clamp(due, now, now + quota.Tolerance);
        var next = from + quota.Interval;
        var early = next - quota.Tolerance - now;
        return early > Precision
            ? (new(quota, TimeSpan.FromMicroseconds(Math.Ceiling(early)), from - now), from)
            : (new(quota, TimeSpan.Zero, next - now), next);
    }
}
