namespace CallAgent.Client;

/// <summary>The five operations that every resource has.</summary>
public abstract class ResourceClient<T, TCreate, TUpdate> where TCreate : class where TUpdate : class
{
    private protected ResourceClient(Transport transport, string path) => (Transport, Path) = (transport, path);

    private protected Transport Transport { get; }

    private protected string Path { get; }

    public Task<Page<T>> ListAsync(ListQuery? query = null, CancellationToken cancellation = default) =>
        Transport.GetAsync<Page<T>>(Path + (query ?? new()).ToQueryString(), cancellation);

    /// <summary>All rows of the list, read page after page as they are taken.</summary>
    public IAsyncEnumerable<T> AllAsync(ListQuery? query = null, CancellationToken cancellation = default) =>
        Transport.AllAsync<T>(Path, query ?? new(), cancellation);

    /// <summary>The list as a file, with its filters and order; read it as it comes, and dispose of it.</summary>
    public Task<Stream> ExportAsync(ExportFormat format = default, ListQuery? query = null, CancellationToken cancellation = default)
    {
        var asked = (query ?? new()).ToQueryString();
        return Transport.OpenAsync($"{Path}/export{asked}{(asked.Length == 0 ? '?' : '&')}format={format.ToString().ToLowerInvariant()}", cancellation);
    }

    public Task<T> GetAsync(Guid id, CancellationToken cancellation = default) => Transport.GetAsync<T>($"{Path}/{id}", cancellation);

    public Task<T> CreateAsync(TCreate request, CancellationToken cancellation = default) => Transport.PostAsync<T>(Path, request, cancellation);

    public Task<T> UpdateAsync(Guid id, TUpdate request, CancellationToken cancellation = default) =>
        Transport.PatchAsync<T>($"{Path}/{id}", request, cancellation);

    public Task DeleteAsync(Guid id, CancellationToken cancellation = default) =>
        Transport.DoAsync(HttpMethod.Delete, $"{Path}/{id}", null, cancellation);
}

public sealed class ContactsClient : ResourceClient<Contact, CreateContact, UpdateContact>
{
    internal ContactsClient(Transport transport) : base(transport, "/api/contacts")
    {
    }

    /// <summary>Changes or deletes many contacts at once.</summary>
    public Task<ChangedContacts> ChangeAsync(ChangeContacts request, CancellationToken cancellation = default) =>
        Transport.PostAsync<ChangedContacts>($"{Path}/bulk", request, cancellation);

    public Task<Contact> AddTagAsync(Guid id, string tag, CancellationToken cancellation = default) =>
        Transport.SendAsync<Contact>(HttpMethod.Put, $"{Path}/{id}/tags/{Uri.EscapeDataString(tag)}", null, cancellation);

    public Task<Contact> RemoveTagAsync(Guid id, string tag, CancellationToken cancellation = default) =>
        Transport.SendAsync<Contact>(HttpMethod.Delete, $"{Path}/{id}/tags/{Uri.EscapeDataString(tag)}", null, cancellation);

    public Task<Page<TimelineEntry>> GetTimelineAsync(Guid id, ListQuery? query = null, CancellationToken cancellation = default) =>
        Transport.GetAsync<Page<TimelineEntry>>($"{Path}/{id}/timeline{(query ?? new()).ToQueryString()}", cancellation);
}

public sealed class CampaignsClient : ResourceClient<Campaign, CreateCampaign, UpdateCampaign>
{
    internal CampaignsClient(Transport transport) : base(transport, "/api/campaigns")
    {
    }

    public Task<Campaign> CreateSampleAsync(SampleType type, CancellationToken cancellation = default) =>
        Transport.PostAsync<Campaign>($"{Path}/samples", new CreateSampleCampaign { Type = type }, cancellation);

    /// <summary>Adds a paused copy.</summary>
    public Task<Campaign> DuplicateAsync(Guid id, CancellationToken cancellation = default) =>
        Transport.PostAsync<Campaign>($"{Path}/{id}/duplicate", null, cancellation);

    public Task<RenderedScript> GetScriptAsync(Guid id, string stage, Guid? contactId = null, CancellationToken cancellation = default) =>
        Transport.GetAsync<RenderedScript>(
            $"{Path}/{id}/script?stage={Uri.EscapeDataString(stage)}{(contactId is null ? "" : $"&contact_id={contactId}")}", cancellation);

    public Task<RenderedScript> RenderScriptAsync(Guid id, RenderScript request, CancellationToken cancellation = default) =>
        Transport.PostAsync<RenderedScript>($"{Path}/{id}/script", request, cancellation);

    public Task<ScriptPreview> PreviewAsync(PreviewScript request, CancellationToken cancellation = default) =>
        Transport.PostAsync<ScriptPreview>($"{Path}/preview", request, cancellation);

    public Task<NextStage> GetNextStageAsync(Guid id, string stage, CancellationToken cancellation = default) =>
        Transport.GetAsync<NextStage>($"{Path}/{id}/next-stage?stage={Uri.EscapeDataString(stage)}", cancellation);

    public Task<CampaignBehavior> GetBehaviorAsync(Guid id, CancellationToken cancellation = default) =>
        Transport.GetAsync<CampaignBehavior>($"{Path}/{id}/behavior", cancellation);
}

public sealed class CallsClient : ResourceClient<Call, CreateCall, UpdateCall>
{
    internal CallsClient(Transport transport) : base(transport, "/api/calls")
    {
    }

    public Task<Call> StartAsync(Guid id, CancellationToken cancellation = default) => Transport.PostAsync<Call>($"{Path}/{id}/start", null, cancellation);

    public Task<Call> EndAsync(Guid id, EndCall? request = null, CancellationToken cancellation = default) =>
        Transport.PostAsync<Call>($"{Path}/{id}/end", request ?? new(), cancellation);

    public Task<Call> FailAsync(Guid id, FailCall? request = null, CancellationToken cancellation = default) =>
        Transport.PostAsync<Call>($"{Path}/{id}/fail", request ?? new(), cancellation);

    /// <summary>The calls that you have started and that go on.</summary>
    public Task<RunningCalls> RunningAsync(CancellationToken cancellation = default) => Transport.GetAsync<RunningCalls>($"{Path}/running", cancellation);

    /// <summary>How a call that is over did end, when that was noted wrongly.</summary>
    public Task<Call> CorrectAsync(Guid id, CorrectCall request, CancellationToken cancellation = default) =>
        Transport.PostAsync<Call>($"{Path}/{id}/correct", request, cancellation);

    public Task<Call> AppendNoteAsync(Guid id, string text, CancellationToken cancellation = default) =>
        Transport.PostAsync<Call>($"{Path}/{id}/notes", new AppendNote { Text = text }, cancellation);
}

public sealed class ConversationsClient : ResourceClient<Conversation, CreateConversation, UpdateConversation>
{
    internal ConversationsClient(Transport transport) : base(transport, "/api/conversations")
    {
    }

    public Task<TurnResult> AppendTurnAsync(Guid id, AppendTurn request, CancellationToken cancellation = default) =>
        Transport.PostAsync<TurnResult>($"{Path}/{id}/turns", request, cancellation);

    public Task<Conversation> CollectAsync(Guid id, CollectData request, CancellationToken cancellation = default) =>
        Transport.PatchAsync<Conversation>($"{Path}/{id}/collected-data", request, cancellation);

    /// <summary>A page of the transcript, in the order in which it was said.</summary>
    public Task<Page<Turn>> ListTurnsAsync(Guid id, ListQuery? query = null, CancellationToken cancellation = default) =>
        Transport.GetAsync<Page<Turn>>($"{Path}/{id}/turns{(query ?? new()).ToQueryString()}", cancellation);

    /// <summary>The whole transcript, read page after page as it is taken.</summary>
    public IAsyncEnumerable<Turn> AllTurnsAsync(Guid id, ListQuery? query = null, CancellationToken cancellation = default) =>
        Transport.AllAsync<Turn>($"{Path}/{id}/turns", query ?? new(), cancellation);

    /// <summary>What was said after a position: what is new to whoever follows the conversation and has it up to there.</summary>
    public Task<Page<Turn>> GetTurnsAfterAsync(Guid id, int position, int? limit = null, CancellationToken cancellation = default) =>
        ListTurnsAsync(id, new() { Limit = limit, Filters = new Dictionary<string, string> { ["after"] = position.ToString(System.Globalization.CultureInfo.InvariantCulture) } }, cancellation);

    public Task<ConversationSummary> GetSummaryAsync(Guid id, CancellationToken cancellation = default) =>
        Transport.GetAsync<ConversationSummary>($"{Path}/{id}/summary", cancellation);
}
