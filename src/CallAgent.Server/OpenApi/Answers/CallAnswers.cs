using System.Text.Json;

namespace CallAgent.Server;

/// <summary>Answers about contacts, calls and what is said in them.</summary>
internal static class CallAnswers
{
    private static readonly Client.StageTransition Transition = new() { From = "introduction", To = "needs_assessment", Reason = "keyword \"tell me\"" };

    private static readonly Client.Turn Turn = new()
    {
        Position = 2,
        Speaker = Client.Speaker.Contact,
        Text = "Yes, tell me more. My name is Grace Hopper.",
        Timestamp = Sample.Morning.AddSeconds(12),
        Stage = "introduction",
        SentimentScore = 0.6,
        Actor = "Ada Lovelace",
        ActorId = Sample.MemberId,
        ClientId = "b1f03d1f-5d3c-4a01-8a55-01932f4e7c11",
        Transition = Transition,
    };

    private static readonly Dictionary<string, JsonElement> Collected = new() { ["name"] = Sample.Json("Grace Hopper") };

    public static Client.Conversation Conversation { get; } = new()
    {
        Id = Sample.Id,
        UserId = Sample.UserId,
        ContactId = Sample.ContactId,
        CampaignId = Sample.CampaignId,
        CallId = Sample.CallId,
        Stage = Transition.To,
        Transcript = [Turn],
        TurnCount = Turn.Position,
        CollectedData = Collected,
        SentimentScore = Turn.SentimentScore,
        DurationSeconds = 12,
        Version = 3,
        CreatedAt = Sample.Morning,
        UpdatedAt = Sample.Later,
    };

    public static IEnumerable<object> All =>
    [
        new Client.Contact
        {
            Id = Sample.ContactId,
            UserId = Sample.UserId,
            PhoneNumber = "+14155550132",
            PhoneValid = true,
            FirstName = "Grace",
            LastName = "Hopper",
            Email = "grace@navy.example",
            Company = "Navy",
            Status = Client.ContactStatus.New,
            Tags = ["vip"],
            CustomFields = new Dictionary<string, JsonElement> { ["seats"] = Sample.Json(12) },
            Version = 1,
            CreatedAt = Sample.Morning,
            UpdatedAt = Sample.Morning,
        },
        new Client.ChangedContacts { Changed = 2, Deleted = 0, NotFound = [Sample.Id] },
        new Client.TimelineEntry
        {
            Id = Sample.Id,
            Kind = Client.TimelineKind.StageChanged,
            OccurredAt = Sample.Morning,
            Actor = "Ada Lovelace",
            ActorId = Sample.MemberId,
            CallId = Sample.CallId,
            ConversationId = Conversation.Id,
            Details = new Dictionary<string, JsonElement> { ["from"] = Sample.Json(Transition.From), ["to"] = Sample.Json(Transition.To), ["reason"] = Sample.Json(Transition.Reason) },
        },
        new Client.Call
        {
            Id = Sample.CallId,
            UserId = Sample.UserId,
            ContactId = Sample.ContactId,
            CampaignId = Sample.CampaignId,
            PhoneNumber = "+14155550132",
            Status = Client.CallStatus.Completed,
            ScheduledTime = Sample.Morning,
            StartTime = Sample.Morning,
            EndTime = Sample.Later,
            DurationSeconds = 95,
            RecordingUrl = "https://recordings.example/1.mp3",
            Notes = "Prefers mornings.",
            EndedReason = null,
            CreatedBy = "Ada Lovelace",
            CreatedById = Sample.MemberId,
            StartedBy = "Ada Lovelace",
            StartedById = Sample.MemberId,
            Version = 3,
            CreatedAt = Sample.Morning,
            UpdatedAt = Sample.Later,
        },
        new Client.RunningCalls { Data = [new() { Id = Sample.CallId, ContactId = Sample.ContactId, StartTime = Sample.Morning, Seconds = 95 }] },
        Conversation,
        Turn,
        new Client.TurnResult
        {
            Turn = Turn,
            Extracted = new Dictionary<string, string> { ["name"] = "Grace Hopper" },
            Transition = Transition,
            Stage = Transition.To,
            Script = "Thank you, Grace. What would make this worth your while?",
            Missing = [],
            ScriptProblem = null,
        },
        new Client.ConversationSummary
        {
            Id = Conversation.Id,
            Stage = Conversation.Stage,
            TurnCount = Conversation.TurnCount,
            AgentTurns = 1,
            ContactTurns = 1,
            DurationSeconds = Conversation.DurationSeconds,
            SentimentScore = Conversation.SentimentScore,
            StagesVisited = [Transition.From, Transition.To],
            CollectedData = Collected,
            MissingFields = ["email"],
            Summary = "2 turns in 12 seconds, now in needs_assessment. Known: name. Still to ask: email.",
        },
    ];
}
