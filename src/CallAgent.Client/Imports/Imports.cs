using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace CallAgent.Client;

/// <summary>
/// Where an import stands. <c>uploaded</c> waits for a run, and a dry run comes back to it; <c>cancelled</c> and
/// <c>failed</c> can go on by another run.
/// </summary>
public enum ImportState { Uploading, Uploaded, Running, Cancelling, Cancelled, Completed, Failed, Undoing, Undone }

/// <summary>What a row does whose phone number is a contact's already.</summary>
public enum OnDuplicate { Skip, Update, Fail }

public enum RowOutcome { Created, Updated, Skipped, Failed }

/// <summary>Whether undoing the import took back what a row did.</summary>
public enum RowUndo { Undone, Kept }

/// <summary>A file of contacts, on its way into the account.</summary>
public sealed record Import : IVersionedRecord
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }
    public required string FileName { get; init; }

    /// <summary>As detected or told: <c>utf-8</c>, <c>utf-16le</c>, <c>utf-16be</c> or <c>windows-1252</c>.</summary>
    public required string Encoding { get; init; }

    /// <summary>What stands between values: <c>,</c>, <c>;</c>, a tab or <c>|</c>.</summary>
    public required string Delimiter { get; init; }

    public required ImportState State { get; init; }

    /// <summary>The columns of the file with what each becomes.</summary>
    public required IReadOnlyList<ImportColumn> Columns { get; init; }

    /// <summary>How numbers without <c>+</c> are read.</summary>
    public required string DefaultRegion { get; init; }

    public required OnDuplicate OnDuplicate { get; init; }

    /// <summary>Added to every contact that the import creates or updates.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Of created contacts whose row says none.</summary>
    public required ContactStatus Status { get; init; }

    /// <summary>Whether the counts are those of a dry run, which changed nothing.</summary>
    public required bool DryRun { get; init; }

    public required ImportCounts Counts { get; init; }

    /// <summary>Why the import failed as a whole.</summary>
    public required string? Problem { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset? StartedAt { get; init; }
    public required DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Grows with every change of the record itself; in quotes it is the <c>ETag</c>.</summary>
    public required int Version { get; init; }

    /// <summary>When it is forgotten with its rows. The contacts stay.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A column of an import's file.</summary>
public sealed record ImportColumn
{
    /// <summary>From the file's first row; a number is added to names that stand twice.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// <c>phone_number</c>, <c>first_name</c>, <c>last_name</c>, <c>full_name</c>, <c>email</c>, <c>company</c>, <c>status</c>,
    /// <c>tags</c>, <c>custom_fields.NAME</c>, <c>custom_fields</c> (a JSON object) or <c>ignore</c>.
    /// </summary>
    public required string Field { get; init; }
}

/// <summary>How many rows did what. The four outcomes always sum to <see cref="Done"/>, and after a run to <see cref="Rows"/>.</summary>
public sealed record ImportCounts
{
    /// <summary>Rows of the file, without its header and empty lines.</summary>
    public required int Rows { get; init; }

    public required int Done { get; init; }
    public required int Created { get; init; }
    public required int Updated { get; init; }
    public required int Skipped { get; init; }
    public required int Failed { get; init; }

    /// <summary>Contacts that undoing removed or restored.</summary>
    public required int Undone { get; init; }

    /// <summary>Contacts that undoing left alone, because they were changed or called since.</summary>
    public required int Kept { get; init; }
}

/// <summary>Changes what becomes of an uploaded file.</summary>
public sealed record UpdateImport
{
    /// <summary>Column → field; columns left out stay as they are.</summary>
    [MaxLength(500)] public Optional<IReadOnlyDictionary<string, string>> Mapping { get; init; }

    /// <summary>Such as <c>DE</c>.</summary>
    [StringLength(2, MinimumLength = 2)] public Optional<string> DefaultRegion { get; init; }

    public Optional<OnDuplicate> OnDuplicate { get; init; }

    /// <summary>Replaces the tags to add.</summary>
    [MaxLength(50)] public Optional<IReadOnlyList<string>> Tags { get; init; }

    public Optional<ContactStatus> Status { get; init; }
}

public sealed record RunImport
{
    /// <summary>Report what would happen, and change nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>One row of an import's file.</summary>
public sealed record ImportRow
{
    /// <summary>1 for the first row after the header.</summary>
    public required int Number { get; init; }

    /// <summary><c>null</c> until the row is done.</summary>
    public required RowOutcome? Outcome { get; init; }

    /// <summary>Why it failed or was skipped, or was kept by undoing.</summary>
    public required string? Reason { get; init; }

    /// <summary>The contact that it created, updated or met.</summary>
    public required Guid? ContactId { get; init; }

    public required RowUndo? Undo { get; init; }

    /// <summary>The values in the order of the columns.</summary>
    public required IReadOnlyList<string> Cells { get; init; }
}

/// <summary>The first rows of an import as they would be stored.</summary>
public sealed record ImportPreview
{
    public required IReadOnlyList<PreviewRow> Rows { get; init; }
}

public sealed record PreviewRow
{
    public required int Number { get; init; }
    public required RowOutcome Outcome { get; init; }

    /// <summary>Why the row is skipped; <c>null</c> when it is not.</summary>
    public required string? Reason { get; init; }

    /// <summary>Field → what is wrong with it; empty when the row is sound.</summary>
    public required IReadOnlyDictionary<string, string[]> Problems { get; init; }

    /// <summary>The contact after the import; <c>null</c> when there would be none.</summary>
    public required PreviewContact? Contact { get; init; }

    /// <summary>What the file says, in the order of the columns.</summary>
    public required IReadOnlyList<string> Cells { get; init; }
}

public sealed record PreviewContact
{
    public required string PhoneNumber { get; init; }
    public required bool PhoneValid { get; init; }
    public required string? FirstName { get; init; }
    public required string? LastName { get; init; }
    public required string? Email { get; init; }
    public required string? Company { get; init; }
    public required ContactStatus Status { get; init; }
    public required IReadOnlyList<string> Tags { get; init; }
    public required IReadOnlyDictionary<string, JsonElement> CustomFields { get; init; }
}
