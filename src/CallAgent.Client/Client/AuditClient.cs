namespace CallAgent.Client;

/// <summary>Who did what in the user's account, for those who manage it.</summary>
public sealed class AuditClient
{
    private const string Path = "/api/audit";
    private readonly Transport transport;

    internal AuditClient(Transport transport) => this.transport = transport;

    /// <summary>A page of entries, newest first.</summary>
    public Task<Page<AuditEntry>> ListAsync(ListQuery? query = null, CancellationToken cancellation = default) =>
        transport.GetAsync<Page<AuditEntry>>(Path + (query ?? new()).ToQueryString(), cancellation);

    /// <summary>All entries of the list, read page after page as they are taken.</summary>
    public IAsyncEnumerable<AuditEntry> AllAsync(ListQuery? query = null, CancellationToken cancellation = default) =>
        transport.AllAsync<AuditEntry>(Path, query ?? new(), cancellation);

    /// <summary>The list as a file, with its filters; read it as it comes, and dispose of it.</summary>
    public Task<Stream> ExportAsync(ExportFormat format = default, ListQuery? query = null, CancellationToken cancellation = default)
    {
        var asked = (query ?? new()).ToQueryString();
        return transport.OpenAsync($"{Path}/export{asked}{(asked.Length == 0 ? '?' : '&')}format={format.ToString().ToLowerInvariant()}", cancellation);
    }

    /// <summary>How far the log is sealed, and whether its newest entries are whole.</summary>
    public Task<AuditChain> GetChainAsync(CancellationToken cancellation = default) => transport.GetAsync<AuditChain>($"{Path}/chain", cancellation);
}
