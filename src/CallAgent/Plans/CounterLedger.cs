using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace CallAgent;

/// <summary>
/// Turns what is about to be saved into changes of counters, and makes them in the same transaction by one conditional
/// statement: counting first and inserting after would let two at once pass the limit.
/// </summary>
internal sealed class CounterLedger(Client.Plan plan, TimeZoneInfo zone)
{
    private readonly PlanLimits limits = PlanLimits.Of(plan);

    /// <summary>For the product's own work on a user, which no plan limits.</summary>
    public static CounterLedger Unlimited { get; } = new(Client.Plan.Enterprise, TimeZoneInfo.Utc);

    /// <summary>The calendar period of a moment in the user's time zone.</summary>
    public string PeriodOf(CounterSpan span, DateTimeOffset at) => PeriodOf(span, at, zone);

    private static string PeriodOf(CounterSpan span, DateTimeOffset at, TimeZoneInfo zone) => span switch
    {
        CounterSpan.Month => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM", CultureInfo.InvariantCulture),
        CounterSpan.Day => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => "",
    };

    /// <param name="tracker">Holds what is about to be saved.</param>
    /// <param name="added">Further new rows, which are written in bulk.</param>
    public IReadOnlyList<CounterChange> Changes(ChangeTracker tracker, IEnumerable<ICounted> added) =>
        Changes(tracker.Entries<ICounted>().Select(Sides).Concat(Added(added)));

    /// <summary>What new rows change.</summary>
    public IReadOnlyList<CounterChange> Changes(params IEnumerable<ICounted> added) => Changes(Added(added));

    private static IEnumerable<(ICounted? Before, ICounted? After)> Added(IEnumerable<ICounted> rows) => rows.Select(row => ((ICounted?)null, (ICounted?)row));

    private static (ICounted? Before, ICounted? After) Sides(EntityEntry<ICounted> entry) => (
        entry.State is EntityState.Modified or EntityState.Deleted ? (ICounted)entry.OriginalValues.ToObject() : null,
        entry.State is EntityState.Modified or EntityState.Added ? entry.Entity : null);

    private List<CounterChange> Changes(IEnumerable<(ICounted? Before, ICounted? After)> rows)
    {
        var sums = new SortedDictionary<(string Name, string Period), long>();
        foreach (var (before, after) in rows)
        {
            AddTotals(before, -1);
            AddTotals(after, +1);
            AddHappenings(after?.Happenings(before), +1);
            AddHappenings(after is null ? before?.GivenBack() : null, -1);
        }
        return [.. sums.Where(s => s.Value != 0).Select(s => new CounterChange(s.Key.Name, s.Key.Period, s.Value, LimitOf(s.Key)))];

        void AddTotals(ICounted? row, long sign)
        {
            foreach (var name in row?.Totals() ?? [])
            {
                Add((name, ""), sign);
            }
        }

        void AddHappenings(IEnumerable<Happening>? happenings, long sign)
        {
            foreach (var h in happenings ?? [])
            {
                Add((h.Name, PeriodOf(h.Span, h.At, h.CountedIn is { } own ? LocalTime.ZoneOf(own) : zone)), sign * h.Amount);
            }
        }

        void Add((string, string) key, long amount) => sums[key] = sums.GetValueOrDefault(key) + amount;
    }

    /// <summary>Applies the changes inside the current transaction.</summary>
    /// <exception cref="PlanLimitException">A limit would be passed; nothing must be committed.</exception>
    public async Task ApplyAsync(CrmDb db, IReadOnlyList<CounterChange> changes, CancellationToken cancellation)
    {
        if (changes.Count == 0)
        {
            return;
        }
        // A row that does not exist yet has no old value for the statement to compare, so the amount itself is compared here.
        var tooMuch = changes.FirstOrDefault(c => c.Amount > c.Limit);
        if (tooMuch == default && await db.Database.ExecuteSqlAsync(Upsert(db.UserId, changes), cancellation) == changes.Count)
        {
            return;
        }
        await ThrowIfReachedAsync(db, changes, cancellation);
        throw new InvalidOperationException("A counter refused a change, but none is at its limit.");
    }

    /// <exception cref="PlanLimitException">One of the changes would pass its limit as things are now.</exception>
    public async Task ThrowIfReachedAsync(CrmDb db, IReadOnlyList<CounterChange> changes, CancellationToken cancellation)
    {
        foreach (var change in changes.Where(c => c is { Limit: not null, Amount: > 0 }))
        {
            var used = await UsedAsync(db, change.Name, change.Period, cancellation);
            if (used + change.Amount > change.Limit)
            {
                throw new PlanLimitException(change, used, plan);
            }
        }
    }

    /// <summary>
    /// How many more of something the plan allows; <c>null</c> when it does not limit them. Nobody else can add any until
    /// the current transaction ends.
    /// </summary>
    public async Task<long?> HoldRoomAsync(CrmDb db, string name, CancellationToken cancellation)
    {
        if (limits.On(name, CounterSpan.Ever) is not { } limit)
        {
            return null;
        }
        await db.Database.ExecuteSqlAsync(Upsert(db.UserId, [new(name, "", 0, limit)]), cancellation);
        return limit - await UsedAsync(db, name, "", cancellation);
    }

    /// <summary>The same without holding anybody up: what a dry run reckons with.</summary>
    public async Task<long?> RoomAsync(CrmDb db, string name, CancellationToken cancellation) =>
        limits.On(name, CounterSpan.Ever) is { } limit ? limit - await UsedAsync(db, name, "", cancellation) : null;

    /// <summary>The problem of one more when there is no room.</summary>
    public Problem Reached(string name, long room)
    {
        var limit = limits.On(name, CounterSpan.Ever) ?? 0;
        return Problem.LimitReached(new PlanLimitException(new(name, "", 1, limit), limit - room, plan));
    }

    // Sorted by name, so that two transactions of one user always take the rows in the same order.
    private static FormattableString Upsert(Guid userId, IReadOnlyList<CounterChange> changes)
    {
        var sql = new StringBuilder("insert into counters (user_id, name, period, value, most) values ");
        var values = new List<object?>();
        foreach (var change in changes)
        {
            sql.Append(values.Count == 0 ? "" : ", ");
            sql.Append(CultureInfo.InvariantCulture, $"({{{values.Count}}}, {{{values.Count + 1}}}, {{{values.Count + 2}}}, {{{values.Count + 3}}}, ");
            values.AddRange([userId, change.Name, change.Period, change.Amount]);
            sql.Append(change.Limit is { } limit ? limit.ToString(CultureInfo.InvariantCulture) : "null").Append(')');
        }
        sql.Append("""

            on conflict (user_id, name, period) do update set value = counters.value + excluded.value, most = excluded.most
            where excluded.most is null or excluded.value <= 0 or counters.value + excluded.value <= excluded.most
            """);
        return FormattableStringFactory.Create(sql.ToString(), [.. values]);
    }

    private static Task<long> UsedAsync(CrmDb db, string name, string period, CancellationToken cancellation) =>
        db.Counters.Where(c => c.Name == name && c.Period == period).Select(c => c.Value).FirstOrDefaultAsync(cancellation);

    private int? LimitOf((string Name, string Period) key) =>
        limits.On(key.Name, key.Period.Length switch { 0 => CounterSpan.Ever, 7 => CounterSpan.Month, _ => CounterSpan.Day });
}

/// <summary>An amount to add to a counter, unless that would pass the limit.</summary>
internal readonly record struct CounterChange(string Name, string Period, long Amount, int? Limit);

/// <summary>Leaves a save that would pass a limit; <see cref="Saving"/> turns it into an answer.</summary>
internal sealed class PlanLimitException(CounterChange change, long used, Client.Plan plan) : Exception("A plan limit was reached.")
{
    public CounterChange Change { get; } = change;

    public long Used { get; } = used;

    public Client.Plan Plan { get; } = plan;
}
