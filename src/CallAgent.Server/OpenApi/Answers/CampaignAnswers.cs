namespace CallAgent.Server;

/// <summary>Answers about campaigns and what they say.</summary>
internal static class CampaignAnswers
{
    private const string Script = "Hello {{ contact.first_name | default: \"there\" }}, this is {{ agent.name }} from {{ user.company_name }}.";

    private static readonly Client.TransitionRules Rules = new() { Keywords = ["tell me", "go ahead"], SentimentThreshold = 0.3, MinTurns = 1 };

    public static IEnumerable<object> All =>
    [
        new Client.Campaign
        {
            Id = Sample.CampaignId,
            UserId = Sample.UserId,
            Name = "Spring offer",
            Description = "Renewals before the end of April",
            Stages = ["introduction", "needs_assessment", "closing"],
            ScriptTemplate = new Dictionary<string, Client.StageScript> { ["introduction"] = new() { Script = Script, TransitionRules = Rules } },
            DataCollectionFields = ["name", "email"],
            IsActive = true,
            Version = 1,
            CreatedAt = Sample.Morning,
            UpdatedAt = Sample.Morning,
        },
        new Client.ScriptPreview
        {
            Script = "Hello , this is Ada Lovelace",
            Missing = ["contact.first_name"],
            Gaps = [new(6, "contact.first_name")],
            Variables = ["contact.first_name", "agent.name"],
            Error = new("A }} is missing.", Line: 1, Column: 42),
        },
        new Client.RenderedScript { Stage = "introduction", Script = "Hello Grace, this is Ada Lovelace from .", Missing = ["user.company_name"] },
        new Client.NextStage { Stage = "introduction", Next = "needs_assessment", IsLast = false },
        new Client.CampaignBehavior
        {
            CampaignId = Sample.CampaignId,
            Name = "Spring offer",
            IsActive = true,
            FirstStage = "introduction",
            Stages =
            [
                new()
                {
                    Stage = "introduction",
                    Label = "Introduction",
                    Script = Script,
                    Variables = ["contact.first_name", "agent.name", "user.company_name"],
                    TransitionRules = Rules,
                    Next = "needs_assessment",
                },
            ],
            DataCollectionFields = ["name", "email"],
        },
    ];
}
