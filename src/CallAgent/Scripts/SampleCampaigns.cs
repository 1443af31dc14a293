namespace CallAgent;

/// <summary>Complete campaigns to start from.</summary>
public static class SampleCampaigns
{
    public static Client.CreateCampaign For(Client.SampleType type) => type switch
    {
        Client.SampleType.Sales => SalesSample.Campaign,
        Client.SampleType.Support => SupportSample.Campaign,
        Client.SampleType.Survey => SurveySample.Campaign,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "There is no such sample")
    };

    internal static Client.StageScript Stage(string script, Client.TransitionRules? rules = null) =>
        new() { Script = Prose(script), TransitionRules = rules };

    internal static Client.TransitionRules Rules(string[] keywords, int minTurns, double? sentiment = null) =>
        new() { Keywords = keywords, SentimentThreshold = sentiment, MinTurns = minTurns };

    // The samples are wrapped at the margin of the source; what is read out has a line for each paragraph.
    private static string Prose(string wrapped) =>
        string.Join("\n\n", wrapped.ReplaceLineEndings("\n").Split("\n\n").Select(paragraph => paragraph.Replace('\n', ' ')));
}
