using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

// What a unit of work tells the audit log: in the transaction of what it is about.
internal abstract partial class CrmDb
{
    private readonly List<AuditEntry> notes = [];
    private Guid? firstEntry;

    /// <summary>Whose doing the changes are, for the audit log.</summary>
    public AuditActor Actor { get; set; } = AuditActor.Product;

    /// <summary>Makes the entries of the audit log.</summary>
    public AuditBook Book
    {
        get => field ?? throw new InvalidOperationException("This database was opened without an audit log; nothing can be saved.");
        set;
    }

    /// <summary>Works behind the answers: no request waits for its commands.</summary>
    public bool IsBehind { get; set; }

    /// <summary>Adds an entry to the audit log with the next save, for what the change tracker does not see.</summary>
    public void Audit(Client.AuditKind kind, string action, Guid? resourceId = null, string? changes = null, object? details = null) =>
        notes.Add(Book.Sign(AuditEntry.New(
            UserId, Clock.Now(), Actor, kind, action, resourceId, changes,
            details is null ? null : JsonSerializer.Serialize(details, Client.CallAgentJson.Lenient))));

    private AuditEntry[] EntriesToSave() => [.. Book.EntriesOf(this), .. notes];

    // Entries of a save that failed must not come with the next one, which makes its own.
    private async Task<int> SaveWithAsync(AuditEntry[] entries, bool acceptAllChangesOnSuccess, CancellationToken cancellation)
    {
        AddRange(entries);
        try
        {
            var rows = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellation);
            firstEntry = entries.Select(e => (Guid?)e.Id).Append(firstEntry).Min();
            return rows;
        }
        finally
        {
            Array.ForEach(entries, e => Entry(e).State = EntityState.Detached);
        }
    }

    private void TellEntries()
    {
        if (firstEntry is { } first)
        {
            Book.Written?.Invoke(UserId, first);
        }
    }
}
