using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

/// <summary>A row of an import's file as it came, what became of it, and what undoing it needs.</summary>
internal sealed class ImportRow : ITenantOwned
{
    public Guid UserId { get; set; }
    public required Guid ImportId { get; init; }

    /// <summary>1 for the first row after the header.</summary>
    public required int Number { get; init; }

    public required IReadOnlyList<string> Cells { get; init; }
    public Client.RowOutcome? Outcome { get; set; }
    public string? Reason { get; set; }

    /// <summary>
    /// The contact that the row created, updated or met. A dry run has none to point at and notes one made of the number
    /// instead, by which a later row with the same number finds this one. No foreign key: contacts come and go.
    /// </summary>
    public Guid? ContactId { get; set; }

    /// <summary>
    /// The version in which the import left the contact, on the first row of the import that touched it: while the
    /// contact has this version, nobody else has changed it.
    /// </summary>
    public int? ContactVersion { get; set; }

    /// <summary>The fields before the import updated them.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Before { get; set; }

    public Client.RowUndo? Undo { get; set; }

    /// <param name="import">Its import: what a run before this one left in rows that are still to come does not count.</param>
    public Client.ImportRow ToRecord(Import import) => Number > import.Done
        ? new() { Number = Number, Outcome = null, Reason = null, ContactId = null, Undo = null, Cells = Cells }
        : new() { Number = Number, Outcome = Outcome, Reason = Reason, ContactId = import.DryRun ? null : ContactId, Undo = Undo, Cells = Cells };

    internal sealed class Configuration : IEntityTypeConfiguration<ImportRow>
    {
        public void Configure(EntityTypeBuilder<ImportRow> builder)
        {
            builder.HasKey(r => new { r.UserId, r.ImportId, r.Number });
            builder.HasOne<Import>().WithMany().HasForeignKey(r => new { r.UserId, r.ImportId });
            builder.HasIndex(r => new { r.UserId, r.ImportId, r.Outcome, r.Number });
            builder.HasIndex(r => new { r.UserId, r.ImportId, r.ContactId });
        }
    }
}
