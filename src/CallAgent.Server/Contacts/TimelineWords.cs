using System.Text.Json;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>What happened to a contact, as one would tell it.</summary>
public static class TimelineWords
{
    public static string IconOf(TimelineEntry entry) => entry.Kind switch
    {
        TimelineKind.ContactCreated => "user-plus",
        TimelineKind.CallScheduled => "calendar",
        TimelineKind.CallStarted => "phone-outgoing",
        TimelineKind.CallEnded => OutcomeIcon(Text(entry, "status")),
        TimelineKind.CallCorrected => OutcomeIcon(Text(entry, "to")),
        TimelineKind.ConversationStarted => "message-circle",
        TimelineKind.StageChanged => "arrow-right",
        _ => "edit",
    };

    public static string TitleOf(TimelineEntry entry, Visitor visitor) => entry.Kind switch
    {
        TimelineKind.ContactCreated => "Added as a contact",
        TimelineKind.CallScheduled => entry.Details.TryGetValue("scheduled_time", out var at) && at.ValueKind == JsonValueKind.String && at.TryGetDateTimeOffset(out var time)
            ? $"Call scheduled for {visitor.Moment(time)}" : "Call scheduled",
        TimelineKind.CallStarted => "Call started",
        TimelineKind.CallEnded => Ended(entry),
        TimelineKind.CallCorrected => Corrected(entry),
        TimelineKind.ConversationStarted => $"Conversation began with {Stage(entry, "stage")}",
        TimelineKind.StageChanged => $"{Stage(entry, "from")} → {Stage(entry, "to")}",
        TimelineKind.ContactUpdated when entry.Details.Count == 1 => $"{FieldName(entry.Details.Keys.Single())} changed",
        TimelineKind.ContactUpdated => "Details changed",
        _ => Words.Of(entry.Kind),
    };

    /// <summary>What else there is to say: why a stage was entered, or a call failed.</summary>
    public static string? NoteOf(TimelineEntry entry) => entry.Kind switch
    {
        TimelineKind.StageChanged => Text(entry, "reason"),
        TimelineKind.CallEnded when Text(entry, "status") == "failed" => Text(entry, "reason"),
        TimelineKind.CallCorrected when Text(entry, "to") == "failed" => Text(entry, "reason"),
        _ => null,
    };

    /// <summary>The changed fields before and after; empty text where there was or is nothing.</summary>
    public static IEnumerable<(string Field, string Before, string After)> ChangesOf(TimelineEntry entry)
    {
        foreach (var (field, change) in entry.Kind == TimelineKind.ContactUpdated ? entry.Details : new Dictionary<string, JsonElement>())
        {
            var (before, after) = (change.GetProperty("from"), change.GetProperty("to"));
            if (before.ValueKind == JsonValueKind.Object && after.ValueKind == JsonValueKind.Object)
            {
                foreach (var part in Parts(before, after))
                {
                    yield return part;
                }
            }
            else
            {
                yield return (FieldName(field), Value(field, before), Value(field, after));
            }
        }
    }

    // Of the custom fields only those that differ.
    private static IEnumerable<(string, string, string)> Parts(JsonElement before, JsonElement after) =>
        from name in before.EnumerateObject().Concat(after.EnumerateObject()).Select(p => p.Name).Distinct()
        let a = before.TryGetProperty(name, out var old) ? CustomField.Show(old) : ""
        let b = after.TryGetProperty(name, out var now) ? CustomField.Show(now) : ""
        where a != b
        select (name, a, b);

    private static string Value(string field, JsonElement value) => (field, value.ValueKind) switch
    {
        ("status", JsonValueKind.String) => Words.Of(value.GetString()!),
        ("phone_valid", JsonValueKind.True) => "valid",
        ("phone_valid", JsonValueKind.False) => "not valid",
        (_, JsonValueKind.Array) => string.Join(", ", value.EnumerateArray().Select(CustomField.Show)),
        _ => CustomField.Show(value),
    };

    private static string FieldName(string field) => field switch
    {
        "email" => "E-mail",
        "phone_valid" => "Number",
        "custom_fields" => "Custom fields",
        _ => Words.Of(field),
    };

    /// <summary>The icon of a call by how it ended.</summary>
    public static string OutcomeIcon(string? status) => status switch { "completed" => "phone-check", "failed" => "phone-x", _ => "phone-off" };

    private static string Corrected(TimelineEntry entry)
    {
        var (from, to) = (Words.Of(Text(entry, "from") ?? ""), Words.Of(Text(entry, "to") ?? ""));
        return $"Call corrected: {(from == to ? "" : $"{from} → ")}{to}{(Text(entry, "to") == "completed" ? Duration(entry) : "")}";
    }

    private static string Duration(TimelineEntry entry) =>
        entry.Details.TryGetValue("duration_seconds", out var seconds) && seconds.ValueKind == JsonValueKind.Number && seconds.TryGetInt64(out var s) ? $" after {Visitor.Duration(s)}" : "";

    private static string Ended(TimelineEntry entry)
    {
        var duration = Duration(entry);
        return Text(entry, "status") switch
        {
            "completed" => $"Call ended{duration}",
            "no_answer" => "Called, no answer",
            "busy" => "Called, line busy",
            _ => $"Call failed{duration}",
        };
    }

    private static string Stage(TimelineEntry entry, string member) => Words.Of(Text(entry, member) ?? "a stage");

    private static string? Text(TimelineEntry entry, string member) =>
        entry.Details.TryGetValue(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
