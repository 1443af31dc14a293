using System.Globalization;

namespace CallAgent.Server;

/// <summary>Time zones by their IANA names, with how far they are from UTC now.</summary>
internal static class TimeZones
{
    private static readonly TimeZoneInfo[] Known = [.. TimeZoneInfo.GetSystemTimeZones().Where(IsPlace).OrderBy(z => z.Id, StringComparer.Ordinal)];

    public static IEnumerable<(string Id, string Offset)> At(DateTimeOffset now) => Known.Select(z => (z.Id, OffsetOf(z, now)));

    public static string OffsetOf(TimeZoneInfo zone, DateTimeOffset now)
    {
        var offset = zone.GetUtcOffset(now);
        return string.Create(CultureInfo.InvariantCulture, $"UTC{(offset < TimeSpan.Zero ? '−' : '+')}{offset.Duration():hh\\:mm}");
    }

    // The others are old names of the same places.
    private static bool IsPlace(TimeZoneInfo zone) => zone.Id == "UTC" || (zone.Id.Contains('/', StringComparison.Ordinal)
        && !zone.Id.StartsWith("Etc/", StringComparison.Ordinal) && !zone.Id.StartsWith("posix", StringComparison.Ordinal) && !zone.Id.StartsWith("right", StringComparison.Ordinal)
        && !zone.Id.StartsWith("US/", StringComparison.Ordinal) && !zone.Id.StartsWith("Brazil/", StringComparison.Ordinal)
        && !zone.Id.StartsWith("Canada/", StringComparison.Ordinal) && !zone.Id.StartsWith("Chile/", StringComparison.Ordinal) && !zone.Id.StartsWith("Mexico/", StringComparison.Ordinal));
}
