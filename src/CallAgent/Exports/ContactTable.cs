using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>
/// Contacts as a table: a column for each field and each custom field, under names that import understands by itself.
/// Custom values that a cell cannot hold exactly stand together in a column of JSON.
/// </summary>
internal sealed class ContactTable
{
    private const int MostCustomColumns = 200;

    private readonly List<string> custom;
    private readonly bool hasJson;

    private ContactTable(List<string> custom, bool hasJson) => (this.custom, this.hasJson) = (custom, hasJson);

    public IReadOnlyList<string> Header =>
    [
        ImportFields.Phone, ImportFields.FirstName, ImportFields.LastName, ImportFields.Email, ImportFields.Company, ImportFields.Status, ImportFields.TagList,
        .. custom.Select(name => ImportFields.Custom + name), .. hasJson ? new[] { ImportFields.CustomObject } : [],
        "id", "phone_valid", "created_at", "updated_at",
    ];

    /// <summary>Looks through the contacts once for the custom fields that they have.</summary>
    public static async Task<ContactTable> FindAsync(IQueryable<Contact> contacts, CancellationToken cancellation)
    {
        var (names, hasJson) = (new SortedSet<string>(StringComparer.Ordinal), false);
        await foreach (var fields in contacts.Select(c => c.CustomFields).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            foreach (var (name, value) in fields)
            {
                if (CustomCells.Write(value) is not null && IsColumn(name) && (names.Contains(name) || names.Count < MostCustomColumns))
                {
                    names.Add(name);
                }
                else
                {
                    hasJson = true;
                }
            }
        }
        return new([.. names], hasJson);
    }

    public IEnumerable<string> CellsOf(Client.Contact contact)
    {
        var rest = new Dictionary<string, JsonElement>(contact.CustomFields);
        string[] cells = [.. custom.Select(name => Take(rest, name))];
        return
        [
            contact.PhoneNumber, contact.FirstName ?? "", contact.LastName ?? "", contact.Email ?? "", contact.Company ?? "", contact.Status.ToText(), TagsOf(contact),
            .. cells, .. hasJson ? new[] { rest.Count == 0 ? "" : JsonSerializer.Serialize(rest, Client.CallAgentJson.Lenient) } : [],
            contact.Id.ToString(), contact.PhoneValid ? "true" : "false", RecordColumns.Text(contact.CreatedAt), RecordColumns.Text(contact.UpdatedAt),
        ];
    }

    private static string Take(Dictionary<string, JsonElement> rest, string name)
    {
        if (rest.TryGetValue(name, out var value) && CustomCells.Write(value) is { } cell)
        {
            rest.Remove(name);
            return cell;
        }
        return "";
    }

    // Import separates tags by commas, and by ; or | where there is none.
    private static string TagsOf(Client.Contact contact) => contact.Tags.Any(t => t.AsSpan().ContainsAny(";|[")) && contact.Tags is [_] or [['[', ..], ..]
        ? JsonSerializer.Serialize(contact.Tags, Client.CallAgentJson.Lenient)
        : string.Join(',', contact.Tags);

    private static bool IsColumn(string name) => name.Trim() == name && ImportFields.IsField(ImportFields.Custom + name);
}
