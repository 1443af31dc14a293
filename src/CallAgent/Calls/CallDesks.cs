using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>Everything that somebody on the phone needs to see, as it is now.</summary>
public sealed record CallDesk
{
    public required Client.Call Call { get; init; }
    public required Client.Contact Contact { get; init; }
    public required Client.Campaign? Campaign { get; init; }

    /// <summary>The call's first conversation with its last turns; <c>null</c> before the call starts.</summary>
    public required Client.Conversation? Conversation { get; init; }

    /// <summary>Stages that the conversation has been in, in order.</summary>
    public required IReadOnlyList<string> Visited { get; init; }

    /// <summary>The stage now: the campaign's first before the call starts, nothing without a campaign.</summary>
    public required string? Stage { get; init; }

    /// <summary>The stage's script, filled in.</summary>
    public required string Script { get; init; }

    /// <summary>Where in the script something is missing.</summary>
    public required IReadOnlyList<Client.ScriptGap> Gaps { get; init; }

    /// <summary>Fields that the campaign asks for and that are not known yet.</summary>
    public required IReadOnlyList<string> MissingFields { get; init; }

    /// <summary>What was found out about the contact itself and is not said by it yet, by the contact's fields.</summary>
    public required IReadOnlyDictionary<string, string> Findings { get; init; }

    public required IReadOnlyList<Client.Call> EarlierCalls { get; init; }

    /// <summary>That of the contact's other calls in which somebody else is with it at this moment.</summary>
    public required Client.Call? OtherCall { get; init; }

    /// <summary>Without their transcripts.</summary>
    public required IReadOnlyList<Client.Conversation> EarlierConversations { get; init; }
}

/// <summary>The place where a call is made.</summary>
public sealed class CallDesks
{
    private const int Turns = 60;
    private const int Earlier = 5;

    // Whose call was begun longer ago has forgotten to end it.
    private static readonly TimeSpan LongestTalk = TimeSpan.FromHours(2);

    private readonly Workspace workspace;

    internal CallDesks(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    /// <summary>All about a call; <c>null</c> when the user has none with this id.</summary>
    public async Task<CallDesk?> FindAsync(Guid callId, CancellationToken cancellation = default)
    {
        if (await Db.Calls.AsNoTracking().FirstOrDefaultAsync(c => c.Id == callId, cancellation) is not { } call
            || await Db.Contacts.AsNoTracking().FirstOrDefaultAsync(c => c.Id == call.ContactId, cancellation) is not { } contact)
        {
            return null;
        }
        workspace.AuditRead(AuditActions.CallRead, callId);
        workspace.AuditRead(AuditActions.ContactRead, contact.Id);
        var campaign = call.CampaignId is { } campaignId ? await workspace.Campaigns.RowAsync(campaignId, cancellation) : null;
        var conversation = await FirstConversation(callId).AsNoTracking().FirstOrDefaultAsync(cancellation);
        var stage = campaign is null ? null : conversation?.Stage ?? campaign.Stages[0];
        var earlier = await EarlierCallsAsync(call, cancellation);
        var script = stage is null ? null : ScriptTemplates.Render(
            campaign!.ScriptFor(stage), ScriptModel.For(workspace, campaign, contact, null, conversation?.CollectedData), workspace.Now);
        return new CallDesk
        {
            Call = call.ToRecord(),
            Contact = contact.ToRecord(),
            Campaign = campaign?.ToRecord(),
            Conversation = conversation?.ToRecord(await workspace.Transcripts.LatestAsync(conversation.Id, Turns, cancellation)),
            Visited = conversation?.StagesVisited ?? [],
            Stage = stage,
            Script = script?.Text ?? "",
            Gaps = script?.Gaps ?? [],
            MissingFields = CollectedFields.Missing(campaign, conversation),
            Findings = conversation is null ? new Dictionary<string, string>() : ContactFindings.Of(contact, conversation.CollectedData),
            EarlierCalls = earlier,
            OtherCall = earlier.FirstOrDefault(c => c.Status == Client.CallStatus.InProgress && c.StartTime > workspace.Now - LongestTalk && c.StartedById != workspace.Principal.ActorId),
            EarlierConversations = await EarlierConversationsAsync(call, cancellation),
        };
    }

    /// <summary>The call in which somebody else is with a contact at this moment; <c>null</c> when nobody is.</summary>
    public async Task<Client.Call?> OtherCallWithAsync(Guid contactId, CancellationToken cancellation = default)
    {
        var (me, since) = (workspace.Principal.ActorId, workspace.Now - LongestTalk);
        return (await Db.Calls.AsNoTracking()
            .Where(c => c.ContactId == contactId && c.Status == Client.CallStatus.InProgress && c.StartTime > since && c.StartedById != me)
            .OrderByDescending(c => c.Id).FirstOrDefaultAsync(cancellation))?.ToRecord();
    }

    /// <summary>Keeps in the contact what its call has found out about it; what the contact says already stays.</summary>
    public async Task<Problem?> KeepFindingsAsync(Guid callId, CancellationToken cancellation = default)
    {
        if (await FirstConversation(callId).AsNoTracking().FirstOrDefaultAsync(cancellation) is not { } conversation)
        {
            return Problem.NotFound;
        }
        return (await workspace.Contacts.ChangeAsync(conversation.ContactId,
            contact => ContactFindings.ToChange(ContactFindings.Of(contact, conversation.CollectedData)), cancellation)).Problem;
    }

    /// <summary>
    /// The id of the call's first conversation, which is opened when there is none: with the first words, field or stage, so that a call that
    /// nobody answers has none and the figures of stages count talks alone.
    /// </summary>
    public async Task<Result<Guid>> ConversationAsync(Guid callId, CancellationToken cancellation = default)
    {
        return await Db.Calls.AnyAsync(c => c.Id == callId, cancellation) ? await workspace.Conversations.FirstOfCallAsync(callId, cancellation) : Problem.NotFound;
    }

    /// <summary>What to do next; <c>null</c> when nobody is left to call.</summary>
    /// <param name="after">The call that one is at.</param>
    /// <param name="cancellation">Stops the search.</param>
    public Task<NextCall?> NextAsync(Guid? after = null, CancellationToken cancellation = default) => CallQueue.NextAsync(Db, after, cancellation);

    private IQueryable<Conversation> FirstConversation(Guid callId) => Db.Conversations.Where(c => c.CallId == callId).OrderBy(c => c.Id);

    private async Task<IReadOnlyList<Client.Call>> EarlierCallsAsync(Call call, CancellationToken cancellation) =>
        [.. (await Db.Calls.AsNoTracking().Where(c => c.ContactId == call.ContactId && c.Id != call.Id)
            .OrderByDescending(c => c.Id).Take(Earlier).ToListAsync(cancellation)).Select(c => c.ToRecord())];

    private async Task<IReadOnlyList<Client.Conversation>> EarlierConversationsAsync(Call call, CancellationToken cancellation) =>
        [.. (await Db.Conversations.AsNoTracking().Where(c => c.ContactId == call.ContactId && c.CallId != call.Id)
            .OrderByDescending(c => c.Id).Take(Earlier).ToListAsync(cancellation)).Select(c => c.ToRecord())];
}
