namespace CallAgent.Client;

/// <summary>Files of contacts: upload, look at what they would become, run, undo.</summary>
public sealed class ImportsClient
{
    private const string Path = "/api/imports";
    private readonly Transport transport;

    internal ImportsClient(Transport transport) => this.transport = transport;

    public Task<Page<Import>> ListAsync(ListQuery? query = null, CancellationToken cancellation = default) =>
        transport.GetAsync<Page<Import>>(Path + (query ?? new()).ToQueryString(), cancellation);

    public Task<Import> GetAsync(Guid id, CancellationToken cancellation = default) => transport.GetAsync<Import>($"{Path}/{id}", cancellation);

    /// <summary>Sends a file of delimited text of any size; nothing is imported yet.</summary>
    /// <param name="file">Read as it is sent.</param>
    /// <param name="fileName">What to call it.</param>
    /// <param name="encoding"><c>utf-8</c>, <c>utf-16le</c>, <c>utf-16be</c> or <c>windows-1252</c>; detected when absent.</param>
    /// <param name="cancellation">Gives up; nothing stays on the server.</param>
    public Task<Import> UploadAsync(Stream file, string fileName, string? encoding = null, CancellationToken cancellation = default) => transport.UploadAsync<Import>(
        $"{Path}?filename={Uri.EscapeDataString(fileName)}{(encoding is null ? "" : $"&encoding={Uri.EscapeDataString(encoding)}")}", file, "text/csv", cancellation);

    public Task<Import> UpdateAsync(Guid id, UpdateImport request, CancellationToken cancellation = default) =>
        transport.PatchAsync<Import>($"{Path}/{id}", request, cancellation);

    public Task<ImportPreview> PreviewAsync(Guid id, CancellationToken cancellation = default) =>
        transport.GetAsync<ImportPreview>($"{Path}/{id}/preview", cancellation);

    /// <summary>Begins the run; <see cref="WatchAsync"/> tells how it goes.</summary>
    public Task<Import> RunAsync(Guid id, RunImport? request = null, CancellationToken cancellation = default) =>
        transport.PostAsync<Import>($"{Path}/{id}/run", request ?? new(), cancellation);

    public Task<Import> CancelAsync(Guid id, CancellationToken cancellation = default) => transport.PostAsync<Import>($"{Path}/{id}/cancel", null, cancellation);

    /// <summary>Begins to take the import back; <see cref="WatchAsync"/> tells how it goes.</summary>
    public Task<Import> UndoAsync(Guid id, CancellationToken cancellation = default) => transport.PostAsync<Import>($"{Path}/{id}/undo", null, cancellation);

    /// <summary>The import whenever it has changed, until it comes to rest.</summary>
    public IAsyncEnumerable<Import> WatchAsync(Guid id, CancellationToken cancellation = default) =>
        transport.EventsAsync<Import>($"{Path}/{id}/events", cancellation);

    public Task<Page<ImportRow>> ListRowsAsync(Guid id, ListQuery? query = null, CancellationToken cancellation = default) =>
        transport.GetAsync<Page<ImportRow>>($"{Path}/{id}/rows{(query ?? new()).ToQueryString()}", cancellation);

    /// <summary>The rows that failed, with the reason, as a file; read it as it comes, and dispose of it.</summary>
    public Task<Stream> OpenFailedRowsAsync(Guid id, CancellationToken cancellation = default) => transport.OpenAsync($"{Path}/{id}/failed.csv", cancellation);

    public Task DeleteAsync(Guid id, CancellationToken cancellation = default) => transport.DoAsync(HttpMethod.Delete, $"{Path}/{id}", null, cancellation);
}
