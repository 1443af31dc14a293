using System.Globalization;

namespace CallAgent.Server;

/// <summary>When somebody is called again: one of the usual times, or any other.</summary>
internal static class CallBackTimes
{
    /// <summary>The form's field for one of <see cref="Choices"/>.</summary>
    public const string Field = "in";

    private const string Hour = "hour";
    private const string Day = "day";
    private const string Week = "week";

    public static readonly (string Value, string Text)[] Choices = [(Hour, "In an hour"), (Day, "In a day"), (Week, "In a week")];

    /// <summary>The time that a form asks for; <c>null</c> when it says none. Days are those of the user's clock, whatever it is set to in between.</summary>
    public static DateTimeOffset? Read(PageForm form, Visitor visitor, TimeProvider clock) => form[Field] switch
    {
        Hour => clock.GetUtcNow().AddHours(1),
        Day => DaysOn(1, visitor, clock),
        Week => DaysOn(7, visitor, clock),
        _ => visitor.ReadLocal(form["callback_time"]),
    };

    private static DateTimeOffset? DaysOn(int days, Visitor visitor, TimeProvider clock) =>
        visitor.ReadLocal(visitor.Local(clock.GetUtcNow()).AddDays(days).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture));
}
