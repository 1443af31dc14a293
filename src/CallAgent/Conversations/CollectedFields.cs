using System.Text.Json;

namespace CallAgent;

/// <summary>What a conversation found out. Voice platforms send <c>null</c> or nothing for what they did not hear: that is not known.</summary>
internal static class CollectedFields
{
    public static bool Has(IReadOnlyDictionary<string, JsonElement> collected, string field) =>
        collected.TryGetValue(field, out var value) && IsSaid(value);

    public static int Count(IReadOnlyDictionary<string, JsonElement> collected) => collected.Values.Count(IsSaid);

    /// <summary>The fields that a campaign asks for and that are still open.</summary>
    public static IReadOnlyList<string> Missing(Campaign? campaign, Conversation? conversation) =>
        [.. (campaign?.DataCollectionFields ?? []).Where(f => conversation is null || !Has(conversation.CollectedData, f))];

    private static bool IsSaid(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => false,
        JsonValueKind.String => !string.IsNullOrWhiteSpace(value.GetString()),
        _ => true,
    };
}
