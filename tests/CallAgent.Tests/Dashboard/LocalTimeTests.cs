namespace CallAgent.Tests;

/// <summary>What the clock on the wall shows, in UTC.</summary>
public sealed class LocalTimeTests
{
    [Theory]
    [InlineData("2026-01-15T09:30", "America/New_York", "2026-01-15T14:30")]
    [InlineData("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30")] // Left out: an hour later.
    [InlineData("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30")] // Twice: the first.
    [InlineData("2026-11-01T00:00", "America/Havana", "2026-11-01T04:00")]
    [InlineData("2026-01-15T09:30", "Nowhere/Else", "2026-01-15T09:30")]
    public void A_local_time_is_one_moment(string local, string zone, string utc) =>
        Assert.Equal(DateTime.Parse(utc), LocalTime.ToUtc(DateTime.Parse(local), LocalTime.ZoneOf(zone))!.Value.UtcDateTime);

    [Theory]
    [InlineData("0001-01-01T00:00")]
    [InlineData("9999-12-31T23:00")]
    public void What_lies_outside_the_calendar_is_no_moment(string local) =>
        Assert.Null(LocalTime.ToUtc(DateTime.Parse(local), LocalTime.ZoneOf("Europe/Berlin")));
}
