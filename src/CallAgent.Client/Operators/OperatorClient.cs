namespace CallAgent.Client;

/// <summary>
/// The operator's API. Its HTTP client sends an operator's token (<c>co_…</c>) as bearer; no user's credential is taken.
/// </summary>
/// <param name="http">Its base address is the server's; it carries the operator's token.</param>
public sealed class OperatorClient(HttpClient http)
{
    private const string Path = "/api/operator/users";
    private readonly Transport transport = new(http);

    /// <summary>Users in the order of their registration.</summary>
    /// <param name="q">Part of the owner's e-mail or of the company.</param>
    /// <param name="cursor">The <c>next_cursor</c> of the page before.</param>
    /// <param name="limit">1 to 200.</param>
    /// <param name="cancellation">Stops the request.</param>
    public Task<Page<OperatedUser>> ListUsersAsync(string? q = null, string? cursor = null, int limit = 50, CancellationToken cancellation = default) =>
        transport.GetAsync<Page<OperatedUser>>(
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Path}?limit={limit}{Part("q", q)}{Part("cursor", cursor)}"), cancellation);

    public Task<OperatedUser> GetUserAsync(Guid id, CancellationToken cancellation = default) => transport.GetAsync<OperatedUser>($"{Path}/{id}", cancellation);

    public Task<Page<Member>> ListMembersAsync(Guid id, CancellationToken cancellation = default) => transport.GetAsync<Page<Member>>($"{Path}/{id}/members", cancellation);

    public Task<OperatedUser> ChangePlanAsync(Guid id, ChangePlan request, CancellationToken cancellation = default) =>
        transport.PatchAsync<OperatedUser>($"{Path}/{id}", request, cancellation);

    public Task<OperatedUser> SuspendAsync(Guid id, CancellationToken cancellation = default) => transport.PostAsync<OperatedUser>($"{Path}/{id}/suspend", null, cancellation);

    public Task<OperatedUser> ReactivateAsync(Guid id, CancellationToken cancellation = default) => transport.PostAsync<OperatedUser>($"{Path}/{id}/reactivate", null, cancellation);

    /// <summary>Lets a member who lost app and recovery codes sign in by the password alone.</summary>
    public Task ResetTwoFactorAsync(Guid id, Guid memberId, CancellationToken cancellation = default) =>
        transport.DoAsync(HttpMethod.Post, $"{Path}/{id}/members/{memberId}/reset-two-factor", null, cancellation);

    /// <summary>Erases a user with everything it has.</summary>
    public Task<ErasureCertificate> EraseAsync(Guid id, CancellationToken cancellation = default) =>
        transport.SendAsync<ErasureCertificate>(HttpMethod.Delete, $"{Path}/{id}", null, cancellation);

    /// <summary>Begins to work within a user; the link that it answers opens it in a browser, once.</summary>
    public Task<Impersonation> ImpersonateAsync(Guid id, BeginImpersonation request, CancellationToken cancellation = default) =>
        transport.PostAsync<Impersonation>($"{Path}/{id}/impersonate", request, cancellation);

    /// <summary>Operators within a user now.</summary>
    public Task<Page<Impersonation>> ListImpersonationsAsync(Guid id, CancellationToken cancellation = default) =>
        transport.GetAsync<Page<Impersonation>>($"{Path}/{id}/impersonations", cancellation);

    /// <summary>Ends every impersonation within a user.</summary>
    public Task EndImpersonationsAsync(Guid id, CancellationToken cancellation = default) =>
        transport.DoAsync(HttpMethod.Delete, $"{Path}/{id}/impersonations", null, cancellation);

    private static string Part(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";
}
