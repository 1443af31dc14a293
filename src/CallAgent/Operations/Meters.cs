using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CallAgent;

/// <summary>
/// What the library counts, under names that start with <c>callagent.</c>. Labels name kinds of things, such as a plan or
/// a queue; never a user, a member or what belongs to one.
/// </summary>
public static class Meters
{
    /// <summary>The name of the meter and of the source of traces to listen to.</summary>
    public const string Name = "CallAgent.Operations";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> Limits = Meter.CreateCounter<long>("callagent.plan.limit_reached", "{refusal}", "Creations refused because a plan's limit was reached");
    private static readonly Counter<long> Busy = Meter.CreateCounter<long>("callagent.database.busy", "{refusal}", "Units of work that found no free connection in time");
    private static readonly Histogram<double> Jobs = Meter.CreateHistogram<double>("callagent.job.duration", "s", "Turns of background jobs",
        advice: new() { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.5, 1, 2.5, 5, 10, 30] });
    private static readonly UpDownCounter<int> Followers = Meter.CreateUpDownCounter<int>("callagent.live.followers", "{stream}", "Streams of events that are open");
    private static readonly ActivitySource Traces = new(Name);
    private static volatile IReadOnlyList<Measurement<long>> waiting = [];

    static Meters() => Meter.CreateObservableGauge("callagent.jobs.due", () => waiting, "{job}", "Background jobs that are due and not taken, as of the last look");

    internal static void LimitReached(string plan, string limit) => Limits.Add(1, new KeyValuePair<string, object?>("plan", plan), new("limit", limit));

    internal static void PoolWasBusy() => Busy.Add(1);

    internal static void Follow(int change) => Followers.Add(change);

    internal static void Waiting(IEnumerable<KeyValuePair<string, long>> due) =>
        waiting = due.Select(d => new Measurement<long>(d.Value, new KeyValuePair<string, object?>("queue", d.Key))).ToList();

    /// <summary>A turn of a job, until it is disposed of.</summary>
    internal static JobTurn Turn(string queue) => new(queue);

    internal sealed class JobTurn(string queue) : IDisposable
    {
        private readonly long start = Stopwatch.GetTimestamp();
        private readonly Activity? trace = Traces.StartActivity($"job {queue}", ActivityKind.Consumer)?.SetTag("queue", queue);

        /// <summary>How it ended: <c>done</c>, <c>again</c>, <c>returned</c> or <c>failed</c>.</summary>
        public string Outcome { get; set; } = "failed";

        public void Dispose()
        {
            trace?.SetTag("outcome", Outcome);
            trace?.Dispose();
            Jobs.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new KeyValuePair<string, object?>("queue", queue), new("outcome", Outcome));
        }
    }
}
