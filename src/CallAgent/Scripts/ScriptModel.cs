using System.Text.Json;

namespace CallAgent;

/// <summary>What a script can name; nothing else is reachable from a template.</summary>
internal static class ScriptModel
{
    public static IReadOnlyDictionary<string, object?> For(
        Workspace workspace, Campaign? campaign, Contact? contact, IReadOnlyDictionary<string, JsonElement>? context,
        IReadOnlyDictionary<string, JsonElement>? collected = null) => new Dictionary<string, object?>
        {
            ["contact"] = contact is null ? new Dictionary<string, object?>() : Describe(contact),
            ["user"] = new Dictionary<string, object?> { ["company_name"] = workspace.Principal.CompanyName, ["time_zone"] = workspace.Principal.TimeZone },
            ["agent"] = new Dictionary<string, object?> { ["name"] = workspace.Principal.SpokenName },
            ["campaign"] = new Dictionary<string, object?> { ["name"] = campaign?.Name, ["description"] = campaign?.Description },
            ["context"] = Fields(context ?? Json.Empty),
            ["collected"] = Fields(collected ?? Json.Empty),
        };

    private static Dictionary<string, object?> Describe(Contact contact)
    {
        // Custom fields first, so that they cannot stand in for the real ones.
        var model = Fields(contact.CustomFields);
        model["custom_fields"] = Fields(contact.CustomFields);
        model["phone_number"] = contact.PhoneNumber;
        model["first_name"] = contact.FirstName;
        model["last_name"] = contact.LastName;
        model["full_name"] = $"{contact.FirstName} {contact.LastName}".Trim();
        model["email"] = contact.Email;
        model["company"] = contact.Company;
        model["status"] = contact.Status.ToText();
        model["tags"] = contact.Tags.ToArray();
        return model;
    }

    private static Dictionary<string, object?> Fields(IReadOnlyDictionary<string, JsonElement> fields) =>
        fields.ToDictionary(f => f.Key, f => (object?)f.Value);
}
