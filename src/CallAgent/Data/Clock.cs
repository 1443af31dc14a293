namespace CallAgent;

internal static class Clock
{
    /// <summary>Now, cut to the milliseconds that both databases keep and the API shows.</summary>
    public static DateTimeOffset Now(this TimeProvider clock) =>
        DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
}
