using System.Collections.Frozen;
using System.Text.Json;

namespace CallAgent;

/// <summary>What campaigns call the fields that are found in a contact's words under names of our own.</summary>
internal static class FieldNames
{
    private static readonly FrozenDictionary<string, string> Found = new Dictionary<string, string>
    {
        ["phone"] = "phone_number",
        ["telephone"] = "phone_number",
        ["mobile"] = "phone_number",
        ["e_mail"] = "email",
        ["mail"] = "email",
        ["email_address"] = "email",
        ["full_name"] = "name",
        ["company_name"] = "company",
        ["organisation"] = "company",
        ["organization"] = "company",
    }.ToFrozenDictionary();

    /// <summary>What was collected, and what was found just now once more under the names by which a campaign asks for it: else a field would stay open that was told.</summary>
    public static IReadOnlyDictionary<string, JsonElement> AlsoAs(
        IEnumerable<string> asked, IReadOnlyDictionary<string, string> foundNow, IReadOnlyDictionary<string, JsonElement> collected)
    {
        var all = collected.ToDictionary();
        foreach (var field in asked)
        {
            // A guess may have been found and not been taken.
            if (Found.TryGetValue(field.ToLowerInvariant().Replace('-', '_').Replace(' ', '_'), out var known)
                && foundNow.TryGetValue(known, out var text) && collected.TryGetValue(known, out var taken)
                && taken.ValueKind == JsonValueKind.String && taken.ValueEquals(text))
            {
                all[field] = taken;
            }
        }
        return all;
    }
}
