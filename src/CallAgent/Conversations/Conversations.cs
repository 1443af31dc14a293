using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>What was said in a user's calls.</summary>
public sealed class Conversations
{
    internal static readonly Listing<Conversation> Listing = new Listing<Conversation>("conversations")
        .SortByCreation(c => c.Id)
        .SortBy("updated_at", c => c.UpdatedAt, ListingParts.WriteTime, ListingParts.ReadTime)
        .FilterInOrder("updated_after", sort: "updated_at", value => ListingParts.IsTime<Conversation>(value, t => c => c.UpdatedAt >= t))
        .FilterBy("contact_id", (_, value) => ListingParts.IsGuid<Conversation>(value, id => c => c.ContactId == id))
        .FilterBy("campaign_id", (_, value) => ListingParts.IsGuid<Conversation>(value, id => c => c.CampaignId == id))
        .FilterBy("call_id", (_, value) => ListingParts.IsGuid<Conversation>(value, id => c => c.CallId == id))
        .FilterBy("stage", (_, value) => c => c.Stage == value)
        .SearchBy((db, rows, sought, cancellation) => ContactSearch.InAsync(db, rows, sought, c => c.ContactId, cancellation));

    /// <summary>What the list takes.</summary>
    public static ListParameters Parameters { get; } = Listing.Describe();

    private readonly Workspace workspace;

    internal Conversations(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    /// <summary>A page of conversations, without their transcripts.</summary>
    public Task<Result<Client.Page<Client.Conversation>>> ListAsync(Client.ListQuery? query = null, CancellationToken cancellation = default) =>
        workspace.ListedAsync(AuditActions.ConversationList, query, Listing.ReadAsync(Db, workspace.Host.Cursors, query ?? new(), c => c.ToRecord(), cancellation));

    /// <summary>One conversation with its whole transcript.</summary>
    public async Task<Client.Conversation?> FindAsync(Guid id, CancellationToken cancellation = default) =>
        await Db.Conversations.AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, cancellation) is { } conversation
            ? workspace.Read(AuditActions.ConversationRead, id, conversation.ToRecord(await TranscriptAsync(id, cancellation)))
            : null;

    /// <summary>One conversation, whose transcript is read by pieces.</summary>
    public async Task<Client.Conversation?> FindWithoutTranscriptAsync(Guid id, CancellationToken cancellation = default)
    {
        var found = await Db.Conversations.AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, cancellation);
        return found is null ? null : workspace.Read(AuditActions.ConversationRead, id, found.ToRecord());
    }

    /// <summary>Opens a conversation, of a call or of a contact alone.</summary>
    public async Task<Result<Client.Conversation>> CreateAsync(Client.CreateConversation request, CancellationToken cancellation = default)
    {
        if ((Validation.Of(request) ?? Json.CheckBounds("collected_data", request.CollectedData)) is { } invalid)
        {
            return invalid;
        }
        await using var transaction = request.CallId is { } callId ? await workspace.Calls.HoldAsync(callId, cancellation) : null;
        var opened = await AddAsync(request, cancellation);
        if (opened.Problem is null && transaction is not null)
        {
            await transaction.CommitAsync(cancellation);
        }
        return opened;
    }

    /// <summary>The id of a call's first conversation, which is opened when there is none; who asks at the same moment gets the same.</summary>
    internal async Task<Result<Guid>> FirstOfCallAsync(Guid callId, CancellationToken cancellation)
    {
        if (await OldestAsync() is { } known)
        {
            return known;
        }
        await using var transaction = await workspace.Calls.HoldAsync(callId, cancellation);
        if (await OldestAsync() is { } id)
        {
            return id;
        }
        var opened = await AddAsync(new() { CallId = callId }, cancellation);
        if (opened.Problem is { } problem)
        {
            return problem;
        }
        await transaction.CommitAsync(cancellation);
        return opened.Value.Id;

        Task<Guid?> OldestAsync() => Db.Conversations.Where(c => c.CallId == callId).OrderBy(c => c.Id).Select(c => (Guid?)c.Id).FirstOrDefaultAsync(cancellation);
    }

    private async Task<Result<Client.Conversation>> AddAsync(Client.CreateConversation request, CancellationToken cancellation)
    {
        var place = await PlaceAsync(request, cancellation);
        if (place.Problem is not null)
        {
            return place.Problem;
        }
        var (contactId, campaign) = place.Value;
        if (request.Stage is { } given && !IsStage(campaign, given))
        {
            return campaign is null ? Problem.Invalid("stage", "Is not a stage.") : CampaignRules.NotAStage("stage", campaign);
        }
        var now = workspace.Now;
        var stage = request.Stage ?? campaign?.Stages[0] ?? Stages.Default[0];
        var conversation = new Conversation
        {
            Id = Guid.CreateVersion7(now),
            ContactId = contactId,
            CampaignId = campaign?.Id,
            CallId = request.CallId,
            Stage = stage,
            StagesVisited = [stage],
            CollectedData = request.CollectedData ?? Json.Empty,
            CountedIn = workspace.Principal.TimeZone,
            CreatedAt = now,
            UpdatedAt = now,
        };
        Db.Add(conversation);
        workspace.AddToTimeline(contactId, Client.TimelineKind.ConversationStarted, new { stage }, request.CallId, conversation.Id);
        return await Db.TrySaveAsync(cancellation) is { } problem ? problem : conversation.ToRecord([]);
    }

    /// <summary>Changes the given fields; a stage must be one of the campaign's.</summary>
    public Task<Result<Client.Conversation>> UpdateAsync(Guid id, Client.UpdateConversation request, CancellationToken cancellation = default) =>
        workspace.RepeatAsync<Client.Conversation>(async () =>
        {
            if ((Validation.Of(request) ?? Json.CheckBounds("collected_data", request.CollectedData.Or(Json.Empty))) is { } invalid)
            {
                return invalid;
            }
            if (await Db.Conversations.FirstOrDefaultAsync(c => c.Id == id, cancellation) is not { } conversation)
            {
                return Problem.NotFound;
            }
            if (workspace.Check(conversation.Version) is { } stale)
            {
                return stale;
            }
            if (request.Stage.IsSet && request.Stage.Value != conversation.Stage)
            {
                var campaign = conversation.CampaignId is { } campaignId ? await workspace.Campaigns.RowAsync(campaignId, cancellation) : null;
                if (!IsStage(campaign, request.Stage.Value))
                {
                    return campaign is null ? Problem.Invalid("stage", "Is not a stage.") : CampaignRules.NotAStage("stage", campaign);
                }
                EnterStage(conversation, request.Stage.Value, "set by hand");
            }
            conversation.CollectedData = request.CollectedData.Or(conversation.CollectedData);
            conversation.SentimentScore = request.SentimentScore.Or(conversation.SentimentScore);
            conversation.DurationSeconds = request.DurationSeconds.Or(conversation.DurationSeconds);
            return await Db.TrySaveAsync(cancellation) is { } problem ? problem : conversation.ToRecord(await TranscriptAsync(id, cancellation));
        });

    /// <summary>Sets the given fields of what was collected and leaves the rest; <c>null</c> takes a field away.</summary>
    public Task<Result<Client.Conversation>> CollectAsync(Guid id, Client.CollectData request, CancellationToken cancellation = default) =>
        workspace.RepeatAsync<Client.Conversation>(async () =>
        {
            if (Validation.Of(request) is { } invalid)
            {
                return invalid;
            }
            if (await Db.Conversations.FirstOrDefaultAsync(c => c.Id == id, cancellation) is not { } conversation)
            {
                return Problem.NotFound;
            }
            if (workspace.Check(conversation.Version) is { } stale)
            {
                return stale;
            }
            var collected = conversation.CollectedData.Where(f => !request.Fields.ContainsKey(f.Key))
                .Concat(request.Fields.Where(f => f.Value.ValueKind != JsonValueKind.Null)).ToDictionary();
            if (Json.CheckBounds("fields", collected) is { } tooMuch)
            {
                return tooMuch;
            }
            conversation.CollectedData = collected;
            return await Db.TrySaveAsync(cancellation) is { } problem ? problem : conversation.ToRecord();
        });

    /// <summary>Deletes a conversation with its transcript.</summary>
    public Task<Problem?> DeleteAsync(Guid id, CancellationToken cancellation = default) => workspace.RepeatAsync(async () =>
    {
        if (await Db.Conversations.FirstOrDefaultAsync(c => c.Id == id, cancellation) is not { } conversation)
        {
            return Problem.NotFound;
        }
        if (workspace.Check(conversation.Version) is { } stale)
        {
            return stale;
        }
        Db.Remove(conversation);
        return await Db.TrySaveAsync(cancellation);
    });

    /// <summary>Adds what was said, takes data out of it, and moves the conversation on when a rule of its stage says so.</summary>
    public async Task<Result<Client.TurnResult>> AppendTurnAsync(Guid id, Client.AppendTurn request, CancellationToken cancellation = default) =>
        Validation.Of(request) is { } invalid
            ? invalid
            : await workspace.RepeatAsync<Client.TurnResult>(() => new TurnTaking(workspace).TakeAsync(id, request, cancellation));

    public async Task<Client.ConversationSummary?> SummaryAsync(Guid id, CancellationToken cancellation = default)
    {
        if (await Db.Conversations.AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, cancellation) is not { } conversation)
        {
            return null;
        }
        var campaign = conversation.CampaignId is { } campaignId ? await workspace.Campaigns.RowAsync(campaignId, cancellation) : null;
        return workspace.Read(AuditActions.ConversationRead, id, Summary.Of(conversation, campaign));
    }

    internal void EnterStage(Conversation conversation, string stage, string reason)
    {
        workspace.AddToTimeline(conversation.ContactId, Client.TimelineKind.StageChanged,
            new { from = conversation.Stage, to = stage, reason }, conversation.CallId, conversation.Id);
        conversation.Stage = stage;
        conversation.StagesVisited = [.. conversation.StagesVisited, stage];
        conversation.ContactTurnsInStage = 0;
    }

    private static bool IsStage(Campaign? campaign, string stage) => campaign is null ? Stages.IsSlug(stage) : campaign.Stages.Contains(stage);

    private async Task<Result<(Guid ContactId, Campaign? Campaign)>> PlaceAsync(Client.CreateConversation request, CancellationToken cancellation)
    {
        var call = request.CallId is { } callId ? await Db.Calls.AsNoTracking().FirstOrDefaultAsync(c => c.Id == callId, cancellation) : null;
        if (request.CallId is not null && call is null)
        {
            return Problem.Invalid("call_id", "You have no such call.");
        }
        if ((request.ContactId ?? call?.ContactId) is not { } contactId)
        {
            return Problem.Invalid("contact_id", "Is required when there is no call_id.");
        }
        if (call is not null && call.ContactId != contactId)
        {
            return Problem.Invalid("contact_id", "Is not the contact of the call.");
        }
        if (call is null && !await Db.Contacts.AnyAsync(c => c.Id == contactId, cancellation))
        {
            return Problem.Invalid("contact_id", "You have no such contact.");
        }
        if (call?.CampaignId is { } ofCall && request.CampaignId is { } asked && asked != ofCall)
        {
            return Problem.Invalid("campaign_id", "Is not the campaign of the call.");
        }
        var campaign = (request.CampaignId ?? call?.CampaignId) is { } campaignId ? await workspace.Campaigns.RowAsync(campaignId, cancellation) : null;
        return request.CampaignId is not null && campaign is null ? Problem.Invalid("campaign_id", "You have no such campaign.") : (contactId, campaign);
    }

    private Task<IReadOnlyList<Client.Turn>> TranscriptAsync(Guid id, CancellationToken cancellation) => workspace.Transcripts.WholeAsync(id, cancellation);
}
