namespace CallAgent;

/// <summary>How a new contact comes into the database.</summary>
public sealed partial class Contacts
{
    private Task<Problem?> AddAsync(Contact contact, CancellationToken cancellation)
    {
        if (workspace.ShortWay is { } contacts)
        {
            return Saving.TryAsync(() => AddAsync(contacts, contact, cancellation));
        }
        Db.Add(contact);
        ContactTokens.Update(Db, contact, []);
        return Db.TrySaveAsync(cancellation);
    }

    private async Task AddAsync(PostgresContacts contacts, Contact contact, CancellationToken cancellation)
    {
        var changes = workspace.Ledger.Changes(contact);
        var audit = workspace.Host.Database.Book!.OfNew(contact, workspace.Principal, contact.CreatedAt);
        // Refused and yet below the limit: somebody made room in between.
        while (!await contacts.AddAsync(contact, [.. ContactTokens.Of(contact)], audit, changes, cancellation))
        {
            await workspace.Ledger.ThrowIfReachedAsync(Db, changes, cancellation);
        }
        workspace.Host.AuditSealer.Written(audit.UserId, audit.Id);
        workspace.Host.Database.Changed?.Invoke(contact.UserId, changes.All(c => c.Limit is null) ? LiveTopics.Contacts : LiveTopics.Contacts | LiveTopics.Usage);
    }
}
