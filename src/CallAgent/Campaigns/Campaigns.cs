using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>What a list or choice needs to know of a campaign.</summary>
public sealed record CampaignName(Guid Id, string Name, bool IsActive);

/// <summary>A user's campaigns and what is said in them.</summary>
public sealed class Campaigns
{
    internal static readonly Listing<Campaign> Listing = new Listing<Campaign>("campaigns")
        .SortByCreation(c => c.Id)
        .SortBy("updated_at", c => c.UpdatedAt, ListingParts.WriteTime, ListingParts.ReadTime)
        .SortBy("name", c => c.Name, n => n, n => n)
        .FilterBy("is_active", (_, value) => ListingParts.IsBool<Campaign>(value, active => c => c.IsActive == active))
        .FilterBy("name", (_, value) => c => c.Name == value)
        .SearchBy(InNamesAsync);

    /// <summary>What the list takes.</summary>
    public static ListParameters Parameters { get; } = Listing.Describe();

    private readonly Workspace workspace;

    internal Campaigns(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    public Task<Result<Client.Page<Client.Campaign>>> ListAsync(Client.ListQuery? query = null, CancellationToken cancellation = default) =>
        Listing.ReadAsync(Db, workspace.Host.Cursors, query ?? new(), c => c.ToRecord(), cancellation);

    public async Task<Client.Campaign?> FindAsync(Guid id, CancellationToken cancellation = default) =>
        (await RowAsync(id, cancellation))?.ToRecord();

    /// <summary>All campaigns' names by id, in the order of the names: a user has few.</summary>
    public async Task<IReadOnlyList<CampaignName>> NamesAsync(CancellationToken cancellation = default) =>
        await Db.Campaigns.AsNoTracking().OrderBy(c => c.Name).ThenBy(c => c.Id)
            .Select(c => new CampaignName(c.Id, c.Name, c.IsActive)).ToListAsync(cancellation);

    // A user has few campaigns, so that looking through all of their names is cheap; by the same words as any other search.
    private static async Task<IQueryable<Campaign>> InNamesAsync(CrmDb db, IQueryable<Campaign> rows, Sought sought, CancellationToken cancellation)
    {
        string[] words = [.. Text.Words(sought.Text)];
        var names = await db.Campaigns.Select(c => new { c.Id, c.Name }).ToListAsync(cancellation);
        Guid[] found = [.. names.Where(n => IsNamed(n.Name)).Select(n => n.Id)];
        return rows.Where(c => found.Contains(c.Id));

        bool IsNamed(string name)
        {
            string[] own = [.. Text.Words(name)];
            return words.Length > 0 && words.All(word => own.Any(o => o.StartsWith(word, StringComparison.Ordinal)));
        }
    }

    /// <summary>How far each of these campaigns has come: two queries, from counters and the ends of an index, however many calls there are.</summary>
    public Task<IReadOnlyDictionary<Guid, CampaignFigures>> FiguresAsync(IReadOnlyCollection<Guid> ids, CancellationToken cancellation = default) =>
        CampaignFigures.ReadAsync(Db, ids, cancellation);

    /// <summary>Adds a campaign, within the plan's limit.</summary>
    public async Task<Result<Client.Campaign>> CreateAsync(Client.CreateCampaign request, CancellationToken cancellation = default)
    {
        var now = workspace.Now;
        var campaign = new Campaign
        {
            Id = Guid.CreateVersion7(now),
            Name = "",
            Stages = Stages.Default,
            ScriptTemplate = new Dictionary<string, Client.StageScript>(),
            DataCollectionFields = [],
            IsActive = request.IsActive ?? true,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var change = new Client.UpdateCampaign
        {
            Name = request.Name,
            Description = request.Description,
            Stages = request.Stages is { } stages ? new(stages) : default,
            ScriptTemplate = request.ScriptTemplate is { } template ? new(template) : default,
            DataCollectionFields = request.DataCollectionFields is { } fields ? new(fields) : default,
        };
        if ((Validation.Of(request) ?? CampaignRules.Apply(campaign, change)) is { } invalid)
        {
            return invalid;
        }
        Db.Add(campaign);
        return await Db.TrySaveAsync(cancellation) is { } problem ? problem : campaign.ToRecord();
    }

    /// <summary>Adds one of the complete campaigns that come with the product.</summary>
    public Task<Result<Client.Campaign>> CreateSampleAsync(Client.SampleType type, CancellationToken cancellation = default) =>
        CreateAsync(SampleCampaigns.For(type), cancellation);

    /// <summary>Adds a paused copy of a campaign, within the plan's limit.</summary>
    public async Task<Result<Client.Campaign>> DuplicateAsync(Guid id, CancellationToken cancellation = default) =>
        await RowAsync(id, cancellation) is not { } campaign ? Problem.NotFound : workspace.Check(campaign.Version) ?? await CreateAsync(new()
        {
            Name = CampaignRules.NameOfCopy(campaign.Name),
            Description = campaign.Description,
            Stages = campaign.Stages,
            ScriptTemplate = campaign.ScriptTemplate,
            DataCollectionFields = campaign.DataCollectionFields,
            IsActive = false,
        }, cancellation);

    /// <summary>Changes the given fields.</summary>
    public Task<Result<Client.Campaign>> UpdateAsync(Guid id, Client.UpdateCampaign request, CancellationToken cancellation = default) =>
        workspace.RepeatAsync<Client.Campaign>(async () =>
        {
            if (Validation.Of(request) is { } malformed)
            {
                return malformed;
            }
            var campaign = await Db.Campaigns.FirstOrDefaultAsync(c => c.Id == id, cancellation);
            if (campaign is null)
            {
                return Problem.NotFound;
            }
            return (workspace.Check(campaign.Version) ?? CampaignRules.Apply(campaign, request) ?? await Db.TrySaveAsync(cancellation)) is { } problem
                ? problem
                : campaign.ToRecord();
        });

    /// <summary>Deletes a campaign; its calls and conversations stay, without a campaign.</summary>
    public Task<Problem?> DeleteAsync(Guid id, CancellationToken cancellation = default) => workspace.RepeatAsync(async () =>
    {
        var now = workspace.Now;
        await using var transaction = await Db.BeginWriteAsync(cancellation);
        var calls = await Db.Calls.Where(c => c.CampaignId == id).ExecuteUpdateAsync(
            s => s.SetProperty(c => c.CampaignId, (Guid?)null).SetProperty(c => c.Version, c => c.Version + 1).SetProperty(c => c.UpdatedAt, now), cancellation);
        var conversations = await Db.Conversations.Where(c => c.CampaignId == id).ExecuteUpdateAsync(
            s => s.SetProperty(c => c.CampaignId, (Guid?)null).SetProperty(c => c.Version, c => c.Version + 1).SetProperty(c => c.UpdatedAt, now), cancellation);
        Db.MarkChanged(LiveTopics.Calls | LiveTopics.Conversations);
        var campaign = await Db.Campaigns.FirstOrDefaultAsync(c => c.Id == id, cancellation);
        if (campaign is null)
        {
            return Problem.NotFound;
        }
        if (workspace.Check(campaign.Version) is { } stale)
        {
            return stale;
        }
        Db.Remove(campaign);
        if (calls + conversations > 0)
        {
            Db.Audit(Client.AuditKind.Write, AuditedType.Of(typeof(Campaign))!.OnUpdate, id, details: new { unlinked = new { calls, conversations } });
        }
        var own = CounterNames.OfCampaign(id);
        await Db.Counters.Where(c => c.Name.StartsWith(own)).ExecuteDeleteAsync(cancellation);
        if (await Db.TrySaveAsync(cancellation) is { } problem)
        {
            return problem;
        }
        await transaction.CommitAsync(cancellation);
        return null;
    });

    /// <summary>The text of a stage, with the contact's details and the context filled in.</summary>
    public async Task<Result<Client.RenderedScript>> RenderAsync(Guid id, Client.RenderScript request, CancellationToken cancellation = default)
    {
        if ((Validation.Of(request) ?? Json.CheckBounds("context", request.Context)) is { } invalid)
        {
            return invalid;
        }
        if (await RowAsync(id, cancellation) is not { } campaign)
        {
            return Problem.NotFound;
        }
        if (workspace.Check(campaign.Version) is { } stale)
        {
            return stale;
        }
        if (!campaign.Stages.Contains(request.Stage))
        {
            return CampaignRules.NotAStage("stage", campaign);
        }
        var (conversation, notThis) = await ReadConversationAsync(campaign, request, cancellation);
        var (contact, refused) = notThis is null ? await ReadContactAsync(request.ContactId ?? conversation?.ContactId, cancellation) : (null, notThis);
        if (refused is not null)
        {
            return refused;
        }
        var model = ScriptModel.For(workspace, campaign, contact, request.Context, conversation?.CollectedData);
        var rendered = ScriptTemplates.Render(campaign.ScriptFor(request.Stage), model, workspace.Now);
        return rendered.Problem is { } problem
            ? Problem.Conflict("script-stopped", "The script could not be rendered", problem)
            : new Client.RenderedScript { Stage = request.Stage, Script = rendered.Text, Missing = rendered.Missing };
    }

    /// <summary>A text that is being written, filled in: what is missing in it and where, or what is wrong with it.</summary>
    public async Task<Result<Client.ScriptPreview>> PreviewAsync(Client.PreviewScript request, CancellationToken cancellation = default)
    {
        if ((Validation.Of(request) ?? Json.CheckBounds("context", request.Context)) is { } invalid)
        {
            return invalid;
        }
        var campaign = request.CampaignId is { } campaignId ? await RowAsync(campaignId, cancellation) : null;
        if (request.CampaignId is not null && campaign is null)
        {
            return Problem.NotFound;
        }
        var (contact, refused) = await ReadContactAsync(request.ContactId, cancellation);
        if (refused is not null)
        {
            return refused;
        }
        var rendered = ScriptTemplates.Render(request.Script, ScriptModel.For(workspace, campaign, contact, request.Context), workspace.Now);
        return new Client.ScriptPreview
        {
            Script = rendered.Text,
            Missing = rendered.Missing,
            Gaps = rendered.Gaps,
            Variables = ScriptTemplates.Variables(request.Script),
            Error = ScriptTemplates.ErrorAt(request.Script) ?? (rendered.Problem is { } problem ? new(problem) : null),
        };
    }

    private async Task<(Conversation? Conversation, Problem? Refused)> ReadConversationAsync(
        Campaign campaign, Client.RenderScript request, CancellationToken cancellation)
    {
        if (request.ConversationId is not { } id)
        {
            return (null, null);
        }
        if (workspace.Principal.Scopes is { } scopes && !ApiScopes.Allow(scopes, "conversations:read"))
        {
            return (null, Problem.OutOfScope("conversations:read"));
        }
        var conversation = await Db.Conversations.AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, cancellation);
        var refused = conversation is null ? Problem.Invalid("conversation_id", "You have no such conversation.")
            : conversation.CampaignId != campaign.Id ? Problem.Invalid("conversation_id", "Is a conversation of another campaign, or of none.")
            : request.ContactId is { } contactId && contactId != conversation.ContactId ? Problem.Invalid("contact_id", "Is not the contact of the conversation.")
            : null;
        if (refused is null)
        {
            workspace.AuditRead(AuditActions.ConversationRead, id);
        }
        return (conversation, refused);
    }

    // A script says what is known of whom it is filled in for, and may ask for all of it.
    private async Task<(Contact? Contact, Problem? Refused)> ReadContactAsync(Guid? id, CancellationToken cancellation)
    {
        if (id is null)
        {
            return (null, null);
        }
        if (workspace.Principal.Scopes is { } scopes && !ApiScopes.Allow(scopes, "contacts:read"))
        {
            return (null, Problem.OutOfScope("contacts:read"));
        }
        if (await Db.Contacts.AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, cancellation) is not { } contact)
        {
            return (null, Problem.NotFound);
        }
        workspace.AuditRead(AuditActions.ContactRead, id);
        return (contact, null);
    }

    public async Task<Result<Client.NextStage>> NextStageAsync(Guid id, string stage, CancellationToken cancellation = default)
    {
        if (await RowAsync(id, cancellation) is not { } campaign)
        {
            return Problem.NotFound;
        }
        if (!campaign.Stages.Contains(stage))
        {
            return CampaignRules.NotAStage("stage", campaign);
        }
        var next = Stages.Next(campaign.Stages, stage);
        return new Client.NextStage { Stage = stage, Next = next, IsLast = next is null };
    }

    /// <summary>Everything that a machine needs to run the campaign's calls.</summary>
    public async Task<Client.CampaignBehavior?> BehaviorAsync(Guid id, CancellationToken cancellation = default) =>
        await RowAsync(id, cancellation) is not { } campaign ? null : new Client.CampaignBehavior
        {
            CampaignId = campaign.Id,
            Name = campaign.Name,
            IsActive = campaign.IsActive,
            FirstStage = campaign.Stages[0],
            Stages = [.. campaign.Stages.Select(stage => new Client.StageBehavior
            {
                Stage = stage,
                Label = Stages.Label(stage),
                Script = campaign.ScriptFor(stage),
                Variables = ScriptTemplates.Variables(campaign.ScriptFor(stage)),
                TransitionRules = campaign.ScriptTemplate.GetValueOrDefault(stage)?.TransitionRules ?? new(),
                Next = Stages.Next(campaign.Stages, stage),
            })],
            DataCollectionFields = campaign.DataCollectionFields,
        };

    internal Task<Campaign?> RowAsync(Guid id, CancellationToken cancellation) =>
        Db.Campaigns.AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, cancellation);
}
