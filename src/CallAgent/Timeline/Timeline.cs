using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>Writes what happened to a contact, in the unit of work that makes it happen.</summary>
internal static class Timeline
{
    /// <summary>
    /// The entries of a contact. That it was added is older than all of them and has no row: it would be most of the rows that are ever written.
    /// </summary>
    public static readonly Listing<TimelineEntry> Listing = new Listing<TimelineEntry>("timeline").SortByCreation(e => e.Id);

    /// <summary>All entries of the user, and of each contact that it was added.</summary>
    public static readonly Listing<TimelineEntry> Whole = new Listing<TimelineEntry>("timeline")
        .From(db => db.TimelineEntries.FromSql($"""
            select user_id, id, contact_id, kind, occurred_at, actor, actor_id, call_id, conversation_id, details from timeline_entries
            union all
            select user_id, id, id, 'contact_created', created_at, added_by, added_by_id, null, null, added_with from contacts
            """))
        .SortByCreation(e => e.Id);

    public static void AddToTimeline(
        this Workspace workspace, Guid contactId, Client.TimelineKind kind, object? details = null, Guid? callId = null, Guid? conversationId = null) =>
        workspace.Db.Add(Entry(workspace, contactId, kind, details, callId, conversationId));

    /// <summary>Says in a new contact who added it, and with what particulars: the first line of its timeline.</summary>
    public static void BeginTimeline(this Workspace workspace, Contact contact, IReadOnlyDictionary<string, JsonElement>? details = null) =>
        (contact.AddedBy, contact.AddedById, contact.AddedWith) = (workspace.Principal.ActorName, workspace.Principal.ActorId, details ?? Json.Empty);

    /// <summary>The line that <see cref="BeginTimeline"/> wrote.</summary>
    public static TimelineEntry Beginning(Contact contact) => new()
    {
        UserId = contact.UserId,
        Id = contact.Id,
        ContactId = contact.Id,
        Kind = Client.TimelineKind.ContactCreated,
        OccurredAt = contact.CreatedAt,
        Actor = contact.AddedBy,
        ActorId = contact.AddedById,
        Details = contact.AddedWith,
    };

    private static TimelineEntry Entry(
        Workspace workspace, Guid contactId, Client.TimelineKind kind, object? details, Guid? callId, Guid? conversationId)
    {
        var now = workspace.Now;
        return new()
        {
            Id = Guid.CreateVersion7(now),
            ContactId = contactId,
            Kind = kind,
            OccurredAt = now,
            Actor = workspace.Principal.ActorName,
            ActorId = workspace.Principal.ActorId,
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
