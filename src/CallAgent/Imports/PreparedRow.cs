using System.Buffers.Binary;
using System.Text.Json;

namespace CallAgent;

/// <summary>A row read by its import's mapping: the change it asks for, and the contact it would be.</summary>
internal sealed record PreparedRow(ImportRow Row, Client.UpdateContact Change, Contact Contact, IReadOnlyDictionary<string, string[]> Errors)
{
    public bool IsSound => Errors.Count == 0;

    /// <summary>The problems as one line, for the report.</summary>
    public string Reason => string.Join(' ', Errors.Select(e => $"{e.Key}: {string.Join(' ', e.Value)}"));
}

/// <summary>Turns the values of rows into changes of contacts, by the mapping and options of an import.</summary>
internal sealed class RowReader(Import import, DateTimeOffset now)
{
    private const string WholeRow = "row";

    public PreparedRow Prepare(ImportRow row)
    {
        var errors = new Dictionary<string, string[]>();
        var change = Read(row.Cells, errors);
        var contact = new Contact
        {
            Id = IdOf(row.Number),
            PhoneNumber = "",
            PhoneValid = false,
            Status = import.Status,
            CustomFields = Json.Empty,
            CreatedAt = now,
            UpdatedAt = now,
        };
        // All that is wrong with a row at once; where the columns are not known, nothing more is.
        if (!errors.ContainsKey(WholeRow) && (ContactChanges.Check(change, import.DefaultRegion) ?? ContactChanges.Apply(contact, change, import.DefaultRegion)) is { } problem)
        {
            errors = errors.Concat(problem.Errors!).DistinctBy(e => e.Key).ToDictionary();
        }
        return new(row, change, contact, errors);
    }

    /// <summary>What a row changes in a contact that is there: given values replace, tags and custom fields are added.</summary>
    public static Client.UpdateContact Onto(Contact contact, Client.UpdateContact change) => change with
    {
        PhoneNumber = default,
        Tags = new([.. contact.Tags.Union(change.Tags.Or([]))]),
        CustomFields = new(Merge(contact.CustomFields, change.CustomFields.Or(Json.Empty))),
    };

    // Contacts made in the same millisecond keep the order of the file: a counter in place of random bits (RFC 9562, 6.2).
    private Guid IdOf(int number)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(now).TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt16BigEndian(bytes[6..], (short)(0x7000 | (number & 0xFFF)));
        return new Guid(bytes, bigEndian: true);
    }

    private Client.UpdateContact Read(IReadOnlyList<string> cells, Dictionary<string, string[]> errors)
    {
        if (cells.Count != import.Columns.Count)
        {
            errors[WholeRow] = [$"Has {cells.Count} values where the file has {import.Columns.Count} columns."];
            return new();
        }
        var change = new Client.UpdateContact { Tags = new(import.Tags) };
        var custom = new Dictionary<string, JsonElement>();
        for (var i = 0; i < cells.Count; i++)
        {
            if (import.Mapping[i] != ImportFields.Ignore && Text.Blank(cells[i]) is { } cell)
            {
                change = Set(change, import.Mapping[i], cell, custom, errors);
            }
        }
        if (!change.PhoneNumber.IsSet)
        {
            errors[ImportFields.Phone] = ["Is required."];
        }
        return custom.Count == 0 ? change : change with { CustomFields = new(custom) };
    }

    private static Client.UpdateContact Set(
        Client.UpdateContact change, string field, string cell, Dictionary<string, JsonElement> custom, Dictionary<string, string[]> errors)
    {
        switch (field)
        {
            case ImportFields.Phone:
                return change with { PhoneNumber = cell };
            case ImportFields.FirstName:
                return change with { FirstName = cell };
            case ImportFields.LastName:
                return change with { LastName = cell };
            case ImportFields.FullName:
                var (first, last) = PersonName.Split(cell, isSpoken: false);
                return change with { FirstName = change.FirstName.IsSet ? change.FirstName : first, LastName = change.LastName.IsSet ? change.LastName : last };
            case ImportFields.Email:
                return change with { Email = cell };
            case ImportFields.Company:
                return change with { Company = cell };
            case ImportFields.Status:
                return EnumText<Client.ContactStatus>.TryParse(string.Join('_', cell.ToLowerInvariant().Split(' ', '-', '_')), out var status)
                    ? change with { Status = status }
                    : Wrong(field, $"Must be one of: {string.Join(", ", EnumText<Client.ContactStatus>.All)}.");
            case ImportFields.TagList:
                return ReadTags(cell) is { } tags ? change with { Tags = new([.. change.Tags.Value.Union(tags)]) } : Wrong(field, "Must be tags separated by commas, or a JSON array of texts.");
            case ImportFields.CustomObject:
                return ReadObject(cell, custom) ? change : Wrong(field, "Must be a JSON object.");
            default:
                custom[field[ImportFields.Custom.Length..]] = CustomCells.Read(cell);
                return change;
        }

        Client.UpdateContact Wrong(string name, string message)
        {
            errors[name] = [message];
            return change;
        }
    }

    private static string[]? ReadTags(string cell)
    {
        if (cell[0] != '[')
        {
            return cell.Split(cell.Contains(',', StringComparison.Ordinal) ? [','] : [';', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        }
        try
        {
            return JsonSerializer.Deserialize<string[]>(cell, Client.CallAgentJson.Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool ReadObject(string cell, Dictionary<string, JsonElement> custom)
    {
        try
        {
            foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(cell, Client.CallAgentJson.Strict) ?? [])
            {
                custom[name] = value;
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static Dictionary<string, JsonElement> Merge(IReadOnlyDictionary<string, JsonElement> old, IReadOnlyDictionary<string, JsonElement> added)
    {
        var merged = new Dictionary<string, JsonElement>(old);
        foreach (var (name, value) in added)
        {
            merged[name] = value;
        }
        return merged;
    }
}
