using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>
/// The latest change of each kind of row and how many there are: ends of indexes and counters, so that reading them
/// costs the same whatever the size of the account. A change or deletion anywhere shows in one of the two.
/// </summary>
internal sealed record LiveMarks(
    LiveMark Contacts, LiveMark Calls, LiveMark Conversations, LiveMark Campaigns, LiveMark Imports, int UserVersion)
{
    public static Task<LiveMarks?> ReadAsync(CrmDb db, CancellationToken cancellation) => db.Users.AsNoTracking()
        .Select(u => new LiveMarks(
            new(db.Contacts.OrderByDescending(c => c.UpdatedAt).Select(c => (DateTimeOffset?)c.UpdatedAt).FirstOrDefault(), db.Counters.Where(c => c.Name == CounterNames.Contacts && c.Period == "").Select(c => c.Value).FirstOrDefault()),
            new(db.Calls.OrderByDescending(c => c.UpdatedAt).Select(c => (DateTimeOffset?)c.UpdatedAt).FirstOrDefault(), db.Counters.Where(c => c.Name == CounterNames.Calls && c.Period == "").Select(c => c.Value).FirstOrDefault()),
            new(db.Conversations.OrderByDescending(c => c.UpdatedAt).Select(c => (DateTimeOffset?)c.UpdatedAt).FirstOrDefault(), db.Counters.Where(c => c.Name == CounterNames.Conversations && c.Period == "").Select(c => c.Value).FirstOrDefault()),
            new(db.Campaigns.OrderByDescending(c => c.UpdatedAt).Select(c => (DateTimeOffset?)c.UpdatedAt).FirstOrDefault(), db.Counters.Where(c => c.Name == CounterNames.Campaigns && c.Period == "").Select(c => c.Value).FirstOrDefault()),
            new(db.Imports.OrderByDescending(i => i.UpdatedAt).Select(i => (DateTimeOffset?)i.UpdatedAt).FirstOrDefault(), db.Counters.Where(c => c.Name == CounterNames.Imports && c.Period == "").Select(c => c.Value).FirstOrDefault()),
            u.Version))
        .FirstOrDefaultAsync(cancellation);

    public LiveTopics Since(LiveMarks earlier) =>
        (Contacts == earlier.Contacts ? 0 : LiveTopics.Contacts)
        | (Calls == earlier.Calls ? 0 : LiveTopics.Calls)
        | (Conversations == earlier.Conversations ? 0 : LiveTopics.Conversations)
        | (Campaigns == earlier.Campaigns ? 0 : LiveTopics.Campaigns)
        | (Imports == earlier.Imports ? 0 : LiveTopics.Imports)
        | (UsageIsSame(earlier) ? 0 : LiveTopics.Usage);

    /// <summary>As it stands in a page and in the address of its feed.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Contacts}.{Calls}.{Conversations}.{Campaigns}.{Imports}.{UserVersion:x}");

    /// <summary>Of the text that a page carries; <c>null</c> for what is none.</summary>
    public static LiveMarks? Parse(string text)
    {
        var parts = text.Split('.');
        var marks = parts.Take(5).Select(LiveMark.Parse).OfType<LiveMark>().ToList();
        return parts.Length == 6 && marks.Count == 5 && int.TryParse(parts[5], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var version)
            ? new(marks[0], marks[1], marks[2], marks[3], marks[4], version)
            : null;
    }

    private bool UsageIsSame(LiveMarks earlier) => UserVersion == earlier.UserVersion && Contacts.Count == earlier.Contacts.Count
        && Calls.Count == earlier.Calls.Count && Campaigns.Count == earlier.Campaigns.Count;
}

internal readonly record struct LiveMark(DateTimeOffset? Latest, long Count)
{
    // To the tick, or a mark would differ from itself as it is read again.
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Latest?.UtcTicks ?? 0:x}-{Count:x}");

    public static LiveMark? Parse(string text) => text.Split('-') is [var ticks, var count]
        && long.TryParse(ticks, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var latest) && latest >= 0 && latest <= DateTimeOffset.MaxValue.Ticks
        && long.TryParse(count, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number)
            ? new(latest == 0 ? null : new DateTimeOffset(latest, TimeSpan.Zero), number)
            : null;
}
