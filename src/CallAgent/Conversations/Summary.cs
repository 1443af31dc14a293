using System.Globalization;

namespace CallAgent;

internal static class Summary
{
    public static Client.ConversationSummary Of(Conversation conversation, Campaign? campaign)
    {
        var missing = CollectedFields.Missing(campaign, conversation);
        return new()
        {
            Id = conversation.Id,
            Stage = conversation.Stage,
            TurnCount = conversation.TurnCount,
            AgentTurns = conversation.TurnCount - conversation.ContactTurns,
            ContactTurns = conversation.ContactTurns,
            DurationSeconds = conversation.DurationSeconds,
            SentimentScore = conversation.Sentiment,
            StagesVisited = conversation.StagesVisited,
            CollectedData = conversation.CollectedData,
            MissingFields = missing,
            Summary = InWords(conversation, missing.Count),
        };
    }

    private static string InWords(Conversation conversation, int missing)
    {
        var turns = conversation.TurnCount switch { 0 => "Nothing has been said yet", 1 => "One turn", var n => $"{n} turns" };
        var mood = conversation.Sentiment switch
        {
            null => "",
            >= 0.3 => ", in a good mood",
            <= -0.3 => ", in a bad mood",
            _ => ", in a neutral mood",
        };
        var seconds = conversation.DurationSeconds;
        var length = string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}");
        var collected = CollectedFields.Count(conversation.CollectedData) switch
        {
            0 => "Nothing was collected",
            1 => "One detail was collected",
            var n => $"{n} details were collected",
        };
        var open = missing == 0 ? "" : $"; {missing} of the campaign's fields are still open";
        return $"{turns} over {length}{mood}, now at {Stages.Label(conversation.Stage).ToLowerInvariant()}. {collected}{open}.";
    }
}
