using CallAgent.Server;
using CsCheck;

namespace CallAgent.Tests;

public sealed class GcraTests
{
    private static readonly Gen<Quota> Quotas = Gen.Select(Gen.Int[1, 5_000], Gen.Int[1, 500], (rate, burst) => new Quota("user", rate, burst));

    /// <summary>Whatever the pauses, no minute holds more than the policy says (R-13: bursts and the edges of windows).</summary>
    [Fact]
    public void No_minute_holds_more_than_the_policy_says() =>
        Gen.Select(Quotas, Gen.Int[0, 200_000].Array[1, 400], (quota, pauses) => (quota, pauses)).Sample((quota, pauses) =>
        {
            var (due, now, times) = (0.0, 1e9, new List<double>());
            foreach (var pause in pauses)
            {
                now += pause;
                while (true)
                {
                    var (standing, next) = Gcra.Take(quota, due, now);
                    if (!standing.IsAllowed)
                    {
                        break;
                    }
                    (due, _) = (next, Add(times, now));
                }
            }
            return times.Select((time, i) => times.Skip(i).TakeWhile(t => t < time + Quota.Window.TotalMicroseconds).Count()).All(n => n <= quota.MostInWindow);
        }, iter: 200);

    [Fact]
    public void Whoever_keeps_to_the_rate_is_never_refused() =>
        Quotas.Sample(quota =>
        {
            var due = 0.0;
            for (var i = 0; i < 2_000; i++)
            {
                (var standing, due) = Gcra.Take(quota, due, 1e9 + i * quota.Interval);
                if (!standing.IsAllowed)
                {
                    return false;
                }
            }
            return true;
        }, iter: 100);

    [Fact]
    public void A_burst_is_let_in_whole_and_the_wait_that_is_said_is_enough() =>
        Quotas.Sample(quota =>
        {
            var (due, let) = (0.0, 0L);
            Standing standing;
            while ((standing = Take(quota, ref due, 1e9)).IsAllowed)
            {
                let++;
                if (standing.Remaining != quota.Burst - let)
                {
                    return false;
                }
            }
            return let == quota.Burst && Take(quota, ref due, 1e9 + standing.Wait.TotalMicroseconds).IsAllowed;
        }, iter: 200);

    [Fact]
    public void A_clock_set_back_shuts_nobody_out_for_longer_than_the_burst_takes()
    {
        var quota = new Quota("user", 60, 10);
        var due = 0.0;
        Assert.True(Take(quota, ref due, 1e15).IsAllowed);
        var standing = Take(quota, ref due, 1e9);
        Assert.False(standing.IsAllowed);
        Assert.True(standing.Wait <= TimeSpan.FromSeconds(10));
        Assert.True(Take(quota, ref due, 1e9 + standing.Wait.TotalMicroseconds).IsAllowed);
    }

    private static Standing Take(Quota quota, ref double due, double now)
    {
        (var standing, due) = Gcra.Take(quota, due, now);
        return standing;
    }

    private static int Add(List<double> times, double time)
    {
        times.Add(time);
        return times.Count;
    }
}
