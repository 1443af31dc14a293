using System.Collections.Concurrent;

namespace CallAgent;

/// <summary>
/// Makes guessing slow: after a few wrong tries each further one must wait, longer each time. A try is counted before its
/// password is looked at, so that many at once do not all come first, and forgiven when it was right. Counts are of this
/// node and forgotten an hour after the last try.
/// </summary>
internal sealed class SignInThrottle(TimeProvider clock)
{
    private const int FreeTries = 5;
    private const int MostKept = 200_000;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<object, Tries> kept = new();
    private long sweptAt;

    /// <summary>Counts a try against something that is guessed, or answers how long to wait.</summary>
    /// <param name="target">What is guessed, or from where; equal values share a count.</param>
    /// <param name="freeTries">Tries before the first wait.</param>
    public Problem? Try(object target, int freeTries = FreeTries)
    {
        Sweep(clock.GetUtcNow());
        var tries = kept.GetOrAdd(target, _ => new());
        lock (tries)
        {
            var now = clock.GetUtcNow();
            if (now < tries.NotBefore)
            {
                return Problem.TooManyTries(tries.NotBefore - now);
            }
            tries.Count++;
            tries.LastAt = now;
            tries.NotBefore = tries.Count < freeTries ? default : now + Wait(tries.Count - freeTries);
            return null;
        }
    }

    /// <summary>Forgets the wrong tries; the right one has come.</summary>
    public void Forgive(object target) => kept.TryRemove(target, out _);

    /// <summary>Takes back one try that was right, where others' wrong ones still count.</summary>
    public void TakeBack(object target)
    {
        if (kept.TryGetValue(target, out var tries))
        {
            lock (tries)
            {
                tries.Count = Math.Max(0, tries.Count - 1);
                tries.NotBefore = default;
            }
        }
    }

    private static TimeSpan Wait(int wrong) => TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, Math.Pow(2, Math.Min(wrong, 20))));

    // Bounded in time and number: an attacker chooses the addresses that are guessed at.
    private void Sweep(DateTimeOffset now)
    {
        var last = Interlocked.Read(ref sweptAt);
        if (now.Ticks - last < TimeSpan.TicksPerMinute && kept.Count < MostKept)
        {
            return;
        }
        if (Interlocked.CompareExchange(ref sweptAt, now.Ticks, last) == last)
        {
            var most = kept.Count >= MostKept ? TimeSpan.FromMinutes(1) : Memory;
            foreach (var (target, tries) in kept)
            {
                if (now - tries.LastAt > most && now >= tries.NotBefore)
                {
                    kept.TryRemove(target, out _);
                }
            }
        }
    }

    private sealed class Tries
    {
        public int Count { get; set; }
        public DateTimeOffset LastAt { get; set; }
        public DateTimeOffset NotBefore { get; set; }
    }
}
