namespace CallAgent.Client;

/// <summary>The account as a whole.</summary>
public sealed class AccountClient
{
    private readonly Transport transport;

    internal AccountClient(Transport transport) => this.transport = transport;

    /// <summary>Everything of the user as a zip of JSON Lines and CSV files; read it as it comes, and dispose of it.</summary>
    public Task<Stream> ExportAsync(CancellationToken cancellation = default) => transport.OpenAsync("/api/account/export", cancellation);
}
