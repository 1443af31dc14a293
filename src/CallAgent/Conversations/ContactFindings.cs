using System.Text.Json;

namespace CallAgent;

/// <summary>What a conversation found out about the person itself, and the contact does not say yet.</summary>
internal static class ContactFindings
{
    /// <summary>
    /// Values by the contact's fields. What the contact says already is not replaced, for somebody has entered it; and what the
    /// contact would not take, such as half an address, is not offered.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Of(Contact contact, IReadOnlyDictionary<string, JsonElement> collected)
    {
        var found = new Dictionary<string, string>();
        var whole = Said("name") is { } name ? PersonName.Split(name, isSpoken: true) : default;
        var (first, last) = (Said("first_name") ?? whole.First, Said("last_name") ?? whole.Last);
        // Half of somebody else's name makes a name that nobody has.
        if (Agrees(contact.FirstName, first) && Agrees(contact.LastName, last))
        {
            Add("first_name", contact.FirstName, first);
            Add("last_name", contact.LastName, last);
        }
        Add("email", contact.Email, Said("email"));
        Add("company", contact.Company, Said("company"));
        return found;

        void Add(string field, string known, string? said)
        {
            if (known.Length == 0 && said is not null && ContactChanges.Takes(ToChange(new Dictionary<string, string> { [field] = said })))
            {
                found[field] = said;
            }
        }

        string? Said(string field) => collected.TryGetValue(field, out var value) && value.ValueKind == JsonValueKind.String ? Text.Blank(value.GetString()) : null;
    }

    public static Client.UpdateContact ToChange(IReadOnlyDictionary<string, string> found) => new()
    {
        FirstName = ValueOf(found, "first_name"),
        LastName = ValueOf(found, "last_name"),
        Email = ValueOf(found, "email"),
        Company = ValueOf(found, "company"),
    };

    private static bool Agrees(string known, string? said) => known.Length == 0 || said is null || string.Equals(known, said, StringComparison.OrdinalIgnoreCase);

    private static Client.Optional<string?> ValueOf(IReadOnlyDictionary<string, string> found, string field) =>
        found.TryGetValue(field, out var value) ? new(value) : default;
}
