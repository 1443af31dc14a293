namespace CallAgent;

/// <summary>Makes the entries of what a unit of work is about to save, signed, as part of that save.</summary>
internal sealed class AuditBook(AuditKey key)
{
    public AuditKey Key => key;

    /// <summary>Told of the earliest entry that a committed transaction wrote, so that it is sealed soon.</summary>
    public Action<Guid, Guid>? Written { get; set; }

    /// <summary>One entry for each row whose change is worth one.</summary>
    public List<AuditEntry> EntriesOf(CrmDb db)
    {
        var entries = new List<AuditEntry>();
        foreach (var change in db.ChangeTracker.Entries())
        {
            if (AuditedType.Of(change.Metadata.ClrType) is { } type && type.Describe(change) is var (action, id, changes))
            {
                entries.Add(Sign(AuditEntry.New(db.UserId, db.Clock.Now(), db.Actor, type.Kind, action, id, changes)));
            }
        }
        return entries;
    }

    /// <summary>The entry of a new row that a hand-written statement saves.</summary>
    public AuditEntry OfNew<T>(T row, Principal principal, DateTimeOffset now) where T : class, ITenantOwned
    {
        var type = AuditedType.Of(typeof(T))!;
        return Sign(AuditEntry.New(principal.UserId, now, AuditActor.Of(principal), type.Kind, type.OnCreate, type.IdOf(row), type.OfNew(row)));
    }

    public AuditEntry Sign(AuditEntry entry)
    {
        key.Sign(entry);
        return entry;
    }
}
