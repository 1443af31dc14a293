using System.Text.Json;
using System.Text.Json.Nodes;

namespace CallAgent.Server;

/// <summary>
/// An answer for each type that a route answers, as it would really be. They are records and not text, so that they have
/// the fields that the records have, in the form in which the server writes them.
/// </summary>
internal static class AnswerExamples
{
    private static readonly Dictionary<Type, object> Answers =
        AccountAnswers.All.Concat(CampaignAnswers.All).Concat(CallAnswers.All).Concat(RecordAnswers.All).ToDictionary(answer => answer.GetType());

    // What a list leaves out of its records.
    private static readonly Dictionary<Type, object> Rows = new()
    {
        [typeof(Client.Conversation)] = CallAnswers.Conversation with { Transcript = null },
    };

    /// <summary>The example of an answer; <c>null</c> when there is none, which a test does not allow.</summary>
    public static JsonNode? Of(Type answer, JsonSerializerOptions json)
    {
        if (answer.IsGenericType && answer.GetGenericTypeDefinition() == typeof(Client.Page<>))
        {
            return PageOf(answer.GenericTypeArguments[0], json);
        }
        return Answers.TryGetValue(answer, out var example) ? JsonSerializer.SerializeToNode(example, answer, json) : null;
    }

    private static JsonNode? PageOf(Type row, JsonSerializerOptions json)
    {
        if ((Rows.GetValueOrDefault(row) ?? Answers.GetValueOrDefault(row)) is not { } example)
        {
            return null;
        }
        var page = new Client.Page<JsonNode?> { Data = [JsonSerializer.SerializeToNode(example, row, json)], HasMore = true, NextCursor = "mUq2c9dJv7oQe1xLr3HkTzAxOTMyZjRlOGE1NQ" };
        return JsonSerializer.SerializeToNode(page, json);
    }
}
