using System.Text.Json;

namespace CallAgent;

/// <summary>The fields of a contact that an import may change, to put them back.</summary>
internal static class ContactSnapshot
{
    private static readonly string[] Fields = ["first_name", "last_name", "email", "company", "status", "tags", "custom_fields"];

    public static IReadOnlyDictionary<string, JsonElement> Of(Client.Contact contact) =>
        Json.Object(contact).Where(f => Fields.Contains(f.Key)).ToDictionary(f => f.Key, f => f.Value);

    public static void Restore(Contact contact, IReadOnlyDictionary<string, JsonElement> fields) => ContactChanges.Apply(
        contact, JsonSerializer.SerializeToElement(fields).Deserialize<Client.UpdateContact>(Client.CallAgentJson.Lenient)!, "US");
}
