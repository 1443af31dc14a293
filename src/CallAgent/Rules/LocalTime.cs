namespace CallAgent;

/// <summary>Times as the clock on somebody's wall shows them.</summary>
public static class LocalTime
{
    // What is kept of times; beyond, another zone's clock would leave the calendar.
    private const int FirstYear = 1900;
    private const int LastYear = 9998;

    /// <summary>A zone by its IANA id; UTC where there is none of that name.</summary>
    public static TimeZoneInfo ZoneOf(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>
    /// The moment at which the clock of a zone shows a time, in UTC. A time that the clock leaves out is taken an hour later; of two
    /// moments with the same time it is the first. <c>null</c> outside the years 1900 to 9998.
    /// </summary>
    public static DateTimeOffset? ToUtc(DateTime local, TimeZoneInfo zone)
    {
        if (local.Year is < FirstYear or > LastYear)
        {
            return null;
        }
        var valid = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        var offset = zone.IsAmbiguousTime(valid) ? zone.GetAmbiguousTimeOffsets(valid).Max() : zone.GetUtcOffset(valid);
        return new DateTimeOffset(valid, offset).ToUniversalTime();
    }
}
