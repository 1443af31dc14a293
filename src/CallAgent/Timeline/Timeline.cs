using System.Text.Json;

namespace CallAgent;

/// <summary>Writes what happened to a contact, in the unit of work that makes it happen.</summary>
internal static class Timeline
{
    public static readonly Listing<TimelineEntry> Listing =
        new Listing<TimelineEntry>("timeline").SortByCreation(e => e.Id);

    public static void Note(
        this Workspace workspace, Guid contactId, Client.TimelineKind kind, object? details = null, Guid? callId = null, Guid? conversationId = null) =>
        workspace.Db.Add(workspace.Entry(contactId, kind, details, callId, conversationId));

    /// <summary>An entry that the caller saves.</summary>
    public static TimelineEntry Entry(
        this Workspace workspace, Guid contactId, Client.TimelineKind kind, object? details = null, Guid? callId = null, Guid? conversationId = null)
    {
        var now = workspace.Now;
        return new()
        {
            Id = Guid.CreateVersion7(now),
            ContactId = contactId,
            Kind = kind,
            OccurredAt = now,
            Actor = workspace.Principal.ActorName,
            CallId = callId,
            ConversationId = conversationId,
            Details = details as IReadOnlyDictionary<string, JsonElement> ?? (details is null ? Json.Empty : Json.Object(details)),
        };
    }

    /// <summary>The fields that two records of a contact differ in, each with its value before and after.</summary>
    public static Dictionary<string, JsonElement> Changes(Client.Contact before, Client.Contact after)
    {
        var (a, b) = (Json.Object(before), Json.Object(after));
        return b.Where(f => f.Key != "updated_at" && f.Value.GetRawText() != a[f.Key].GetRawText())
            .ToDictionary(f => f.Key, f => JsonSerializer.SerializeToElement(new { from = a[f.Key], to = f.Value }));
    }
}
