namespace CallAgent.Server;

/// <summary>Rules of a stage as a sentence.</summary>
internal static class RuleWords
{
    private const int MostWords = 3;

    public static string Of(StageForm stage, string? next)
    {
        var keywords = CampaignForm.Lines(stage.Keywords);
        var reasons = new List<string>();
        if (keywords.Count > 0)
        {
            reasons.Add("the contact says " + string.Join(", ", keywords.Take(MostWords).Select(k => $"“{k}”"))
                + (keywords.Count > MostWords ? $" or one of {keywords.Count - MostWords} more" : ""));
        }
        if (stage.Sentiment.Length > 0)
        {
            reasons.Add($"the mood reaches {stage.Sentiment}");
        }
        var turns = stage.Turns is "" or "0" ? null : stage.Turns == "1" ? "once" : $"{stage.Turns} times";
        if (reasons.Count == 0 && turns is null)
        {
            return "The caller decides when to move on.";
        }
        var place = next is null ? "on" : $"on to {next}";
        return reasons.Count == 0
            ? $"Moves {place} when the contact has spoken {turns}."
            : $"Moves {place} when {string.Join(", or ", reasons)}{(turns is null ? "" : $", but not before they have spoken {turns}")}.";
    }
}
