using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>
/// Decides what each row of a batch does, in the order of the file, so that a number that stands twice is new only once.
/// A dry run decides the same and keeps its hands off the contacts.
/// </summary>
internal sealed class ImportBatch(Workspace workspace, Import import, bool isDryRun)
{
    private readonly RowReader reader = new(import, workspace.Now);
    private readonly Dictionary<string, Contact> contacts = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, ImportRow> firstRows = [];
    private readonly HashSet<Contact> unsaved = [];
    private readonly Dictionary<Guid, HashSet<string>> tokensBefore = [];
    private long? room;

    private CrmDb Db => workspace.Db;

    /// <summary>New contacts, in the order of the file.</summary>
    public List<Contact> Created { get; } = [];

    /// <summary>Rows of earlier batches whose contact this one changed again.</summary>
    public HashSet<ImportRow> Revisited { get; } = [];

    /// <summary>Contacts that were there and are changed, with their fields before.</summary>
    public Dictionary<Guid, (Contact Contact, Client.Contact Before)> Updated { get; } = [];

    /// <param name="rows">Rows that follow each other.</param>
    /// <param name="done">How many rows of the file are decided already.</param>
    /// <param name="created">How many contacts a dry run has created so far, so to speak.</param>
    /// <param name="cancellation">Stops the queries.</param>
    public async Task DecideAsync(IReadOnlyList<PreparedRow> rows, int done, int created, CancellationToken cancellation)
    {
        await LoadAsync(rows, done, cancellation);
        if (rows.Any(r => r.IsSound && !contacts.ContainsKey(r.Contact.PhoneNumber)))
        {
            room = isDryRun
                ? await Db.Ledger.RoomAsync(Db, CounterNames.Contacts, cancellation) - created
                : await Db.Ledger.HoldRoomAsync(Db, CounterNames.Contacts, cancellation);
        }
        foreach (var row in rows)
        {
            Decide(row);
        }
    }

    public PreparedRow Prepare(ImportRow row) => reader.Prepare(row);

    /// <summary>Decides the first rows of a file for a look at them.</summary>
    public async Task<IReadOnlyList<Client.PreviewRow>> PreviewAsync(IReadOnlyList<PreparedRow> rows, CancellationToken cancellation)
    {
        await LoadAsync(rows, done: 0, cancellation);
        room = await Db.Ledger.RoomAsync(Db, CounterNames.Contacts, cancellation);
        var seen = new List<Client.PreviewRow>();
        foreach (var row in rows)
        {
            Decide(row);
            // As it is after this row; a later one may change it again.
            var contact = row.Row.Outcome is Client.RowOutcome.Failed ? null : contacts[row.Contact.PhoneNumber].ToRecord();
            seen.Add(new()
            {
                Number = row.Row.Number,
                Outcome = row.Row.Outcome!.Value,
                Reason = row.Row.Outcome is Client.RowOutcome.Skipped ? row.Row.Reason : null,
                Problems = row.IsSound && row.Row.Reason is { } reason && contact is null ? new Dictionary<string, string[]> { ["row"] = [reason] } : row.Errors,
                Contact = contact is null ? null : Show(contact),
                Cells = row.Row.Cells,
            });
        }
        return seen;
    }

    private static Client.PreviewContact Show(Client.Contact contact) => new()
    {
        PhoneNumber = contact.PhoneNumber,
        PhoneValid = contact.PhoneValid,
        FirstName = contact.FirstName,
        LastName = contact.LastName,
        Email = contact.Email,
        Company = contact.Company,
        Status = contact.Status,
        Tags = contact.Tags,
        CustomFields = contact.CustomFields,
    };

    /// <summary>Puts what was decided into the unit of work, for its next save.</summary>
    public void Stage(IReadOnlyList<PreparedRow> rows)
    {
        if (!isDryRun)
        {
            StageContacts();
        }
        Db.UpdateInBulk<ImportRow>(
            [.. rows.Select(r => r.Row), .. Revisited],
            nameof(ImportRow.Outcome), nameof(ImportRow.Reason), nameof(ImportRow.ContactId), nameof(ImportRow.ContactVersion), nameof(ImportRow.Before), nameof(ImportRow.Undo));
    }

    private void StageContacts()
    {
        var tokens = Created.ConvertAll(ContactTokens.Of);
        var details = Json.Object(new { import_id = import.Id, file_name = import.FileName });
        foreach (var (contact, own) in Created.Zip(tokens))
        {
            contact.Words = ContactTokens.Write(own);
            workspace.BeginTimeline(contact, details);
        }
        Db.AddInBulk(Created);
        // In the order of the index, which is quicker to write.
        Db.AddInBulk(Created
            .SelectMany((c, i) => tokens[i].Select(token => new ContactToken { Token = token, ContactId = c.Id }))
            .OrderBy(t => t.Token, StringComparer.Ordinal).ThenBy(t => t.ContactId).ToList());
        foreach (var (contact, before) in Updated.Values)
        {
            ContactTokens.Update(Db, contact, tokensBefore[contact.Id]);
            workspace.AddToTimeline(contact.Id, Client.TimelineKind.ContactUpdated, Timeline.Changes(before, contact.ToRecord()));
        }
    }

    private async Task LoadAsync(IReadOnlyList<PreparedRow> rows, int done, CancellationToken cancellation)
    {
        string[] numbers = [.. rows.Where(r => r.IsSound).Select(r => r.Contact.PhoneNumber).Distinct()];
        var found = Db.Contacts.Where(c => numbers.Contains(c.PhoneNumber));
        var tracked = !isDryRun && import.OnDuplicate == Client.OnDuplicate.Update;
        foreach (var contact in await (tracked ? found : found.AsNoTracking()).ToListAsync(cancellation))
        {
            contacts[contact.PhoneNumber] = contact;
            tokensBefore[contact.Id] = tracked ? ContactTokens.Of(contact) : [];
        }
        if (done > 0 && (isDryRun || tracked))
        {
            Guid?[] ids = [.. contacts.Values.Select(c => c.Id), .. isDryRun ? numbers.Where(n => !contacts.ContainsKey(n)).Select(NameOf) : []];
            var earlier = await Db.ImportRows.AsNoTracking()
                .Where(r => r.ImportId == import.Id && r.Number <= done && ids.Contains(r.ContactId)
                    && (r.Outcome == Client.RowOutcome.Created || r.Outcome == Client.RowOutcome.Updated))
                .OrderBy(r => r.Number).ToListAsync(cancellation);
            earlier.ForEach(Recall);
        }
    }

    // What earlier rows of the file did to the same contacts.
    private void Recall(ImportRow row)
    {
        if (!isDryRun)
        {
            firstRows.TryAdd(row.ContactId!.Value, row);
            return;
        }
        var prepared = Prepare(row);
        var number = prepared.Contact.PhoneNumber;
        if (contacts.TryAdd(number, prepared.Contact))
        {
            unsaved.Add(prepared.Contact);
        }
        else
        {
            ContactChanges.Apply(contacts[number], RowReader.Onto(contacts[number], prepared.Change), import.DefaultRegion);
        }
    }

    private void Decide(PreparedRow row)
    {
        (row.Row.Reason, row.Row.ContactId, row.Row.ContactVersion, row.Row.Before, row.Row.Undo) = (null, null, null, null, null);
        row.Row.Outcome = !row.IsSound ? Fail(row, row.Reason)
            : contacts.TryGetValue(row.Contact.PhoneNumber, out var contact) ? Meet(row, contact)
            : Create(row);
    }

    private Client.RowOutcome Create(PreparedRow row)
    {
        if (room is <= 0)
        {
            return Fail(row, Db.Ledger.Reached(CounterNames.Contacts, room.Value).Detail!);
        }
        room--;
        Created.Add(row.Contact);
        unsaved.Add(row.Contact);
        contacts[row.Contact.PhoneNumber] = row.Contact;
        row.Row.ContactId = isDryRun ? NameOf(row.Contact.PhoneNumber) : row.Contact.Id;
        row.Row.ContactVersion = isDryRun ? null : row.Contact.Version;
        firstRows[row.Contact.Id] = row.Row;
        return Client.RowOutcome.Created;
    }

    private Client.RowOutcome Meet(PreparedRow row, Contact contact)
    {
        const string Taken = "A contact has this number already.";
        row.Row.ContactId = isDryRun && unsaved.Contains(contact) ? NameOf(contact.PhoneNumber) : contact.Id;
        return import.OnDuplicate switch
        {
            Client.OnDuplicate.Skip => Skip(row, Taken),
            Client.OnDuplicate.Fail => Fail(row, $"{ImportFields.Phone}: {Taken}"),
            _ => Update(row, contact),
        };
    }

    private Client.RowOutcome Update(PreparedRow row, Contact contact)
    {
        var before = contact.ToRecord();
        if (ContactChanges.Apply(contact, RowReader.Onto(contact, row.Change), import.DefaultRegion) is { } problem)
        {
            ContactSnapshot.Restore(contact, ContactSnapshot.Of(before));
            return Fail(row, string.Join(' ', problem.Errors!.Select(e => $"{e.Key}: {string.Join(' ', e.Value)}")));
        }
        if (Timeline.Changes(before, contact.ToRecord()).Count == 0)
        {
            return Skip(row, "It changes nothing.");
        }
        if (!isDryRun && !unsaved.Contains(contact))
        {
            KeepForUndo(row.Row, contact, before);
        }
        return Client.RowOutcome.Updated;
    }

    // The first row that touched a contact knows what undoing needs; later ones only move its version on, as long as
    // nobody else has changed the contact in between.
    private void KeepForUndo(ImportRow row, Contact contact, Client.Contact before)
    {
        Updated.TryAdd(contact.Id, (contact, before));
        if (!firstRows.TryGetValue(contact.Id, out var first))
        {
            firstRows[contact.Id] = row;
            (row.Before, row.ContactVersion) = (ContactSnapshot.Of(before), contact.Version + 1);
        }
        else if (first.ContactVersion == contact.Version)
        {
            first.ContactVersion++;
            Revisited.Add(first);
        }
    }

    private static Client.RowOutcome Fail(PreparedRow row, string reason)
    {
        row.Row.Reason = reason;
        return Client.RowOutcome.Failed;
    }

    private static Client.RowOutcome Skip(PreparedRow row, string reason)
    {
        row.Row.Reason = reason;
        return Client.RowOutcome.Skipped;
    }

    private static Guid? NameOf(string number) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(number)).AsSpan(0, 16));
}
