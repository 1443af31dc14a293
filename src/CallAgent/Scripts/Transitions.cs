using System.Globalization;

namespace CallAgent;

/// <summary>Decides from what a contact says whether the conversation moves on to the next stage.</summary>
internal static class Transitions
{
    /// <summary>Why the stage ends, or null while it lasts. The turn at hand counts among the turns in the stage.</summary>
    public static string? Reason(Client.TransitionRules? rules, string contactText, double? sentiment, int contactTurnsInStage)
    {
        if (rules is null || contactTurnsInStage < (rules.MinTurns ?? 0))
        {
            return null;
        }
        return Keyword(rules, contactText) ?? Sentiment(rules.SentimentThreshold, sentiment) ?? Turns(rules);
    }

    private static string? Keyword(Client.TransitionRules rules, string contactText)
    {
        if (rules.Keywords.Count == 0)
        {
            return null;
        }
        var text = Words.Fold(contactText);
        var keyword = rules.Keywords.FirstOrDefault(k => Words.Contains(text, Words.Fold(k)));
        return keyword is null ? null : $"keyword \"{keyword.Trim()}\"";
    }

    private static string? Sentiment(double? threshold, double? sentiment) =>
        sentiment >= threshold
            ? string.Create(CultureInfo.InvariantCulture, $"sentiment {sentiment} ≥ {threshold}")
            : null;

    private static string? Turns(Client.TransitionRules rules) =>
        rules is { MinTurns: > 0, SentimentThreshold: null } && rules.Keywords.All(string.IsNullOrWhiteSpace)
            ? string.Create(CultureInfo.InvariantCulture, $"min_turns {rules.MinTurns}")
            : null;
}
