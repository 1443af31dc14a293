namespace CallAgent.Client;

/// <summary>The people of the user's account.</summary>
public sealed class MembersClient
{
    private const string Path = "/api/members";
    private readonly Transport transport;

    internal MembersClient(Transport transport) => this.transport = transport;

    public Task<Page<Member>> ListAsync(ListQuery? query = null, CancellationToken cancellation = default) =>
        transport.GetAsync<Page<Member>>(Path + (query ?? new()).ToQueryString(), cancellation);

    public Task<Member> GetAsync(Guid id, CancellationToken cancellation = default) => transport.GetAsync<Member>($"{Path}/{id}", cancellation);

    public Task<Member> UpdateAsync(Guid id, UpdateMember request, CancellationToken cancellation = default) =>
        transport.PatchAsync<Member>($"{Path}/{id}", request, cancellation);

    public Task<Member> DeactivateAsync(Guid id, CancellationToken cancellation = default) =>
        transport.PostAsync<Member>($"{Path}/{id}/deactivate", null, cancellation);

    public Task<Member> ReactivateAsync(Guid id, CancellationToken cancellation = default) =>
        transport.PostAsync<Member>($"{Path}/{id}/reactivate", null, cancellation);

    /// <summary>Removes a member with its sessions and keys.</summary>
    public Task DeleteAsync(Guid id, CancellationToken cancellation = default) => transport.DoAsync(HttpMethod.Delete, $"{Path}/{id}", null, cancellation);

    /// <summary>Makes another member the owner, and the owner an admin.</summary>
    public Task<Member> MakeOwnerAsync(Guid id, TransferOwnership request, CancellationToken cancellation = default) =>
        transport.PostAsync<Member>($"{Path}/{id}/make-owner", request, cancellation);

    /// <summary>Removes oneself.</summary>
    public Task LeaveAsync(LeaveTeam request, CancellationToken cancellation = default) =>
        transport.DoAsync(HttpMethod.Post, $"{Path}/leave", request, cancellation);
}

/// <summary>Invitations to the user's account.</summary>
public sealed class InvitationsClient
{
    private const string Path = "/api/invitations";
    private readonly Transport transport;

    internal InvitationsClient(Transport transport) => this.transport = transport;

    public Task<Page<Invitation>> ListAsync(ListQuery? query = null, CancellationToken cancellation = default) =>
        transport.GetAsync<Page<Invitation>>(Path + (query ?? new()).ToQueryString(), cancellation);

    /// <summary>Invites by e-mail; an earlier invitation of the same address ends.</summary>
    public Task<Invitation> CreateAsync(CreateInvitation request, CancellationToken cancellation = default) =>
        transport.PostAsync<Invitation>(Path, request, cancellation);

    /// <summary>Revokes an invitation.</summary>
    public Task DeleteAsync(Guid id, CancellationToken cancellation = default) => transport.DoAsync(HttpMethod.Delete, $"{Path}/{id}", null, cancellation);

    /// <summary>Accepts an invitation and logs in with a session cookie.</summary>
    public Task<SignedIn> AcceptAsync(AcceptInvitation request, CancellationToken cancellation = default) =>
        transport.PostAsync<SignedIn>("/api/auth/invitations/accept", request, cancellation);
}

/// <summary>The signed-in member's own sessions.</summary>
public sealed class SessionsClient
{
    private const string Path = "/api/sessions";
    private readonly Transport transport;

    internal SessionsClient(Transport transport) => this.transport = transport;

    public Task<Page<Session>> ListAsync(ListQuery? query = null, CancellationToken cancellation = default) =>
        transport.GetAsync<Page<Session>>(Path + (query ?? new()).ToQueryString(), cancellation);

    public Task DeleteAsync(Guid id, CancellationToken cancellation = default) => transport.DoAsync(HttpMethod.Delete, $"{Path}/{id}", null, cancellation);

    /// <summary>Ends all other sessions, and the tokens of one's programs.</summary>
    public Task DeleteOthersAsync(CancellationToken cancellation = default) => transport.DoAsync(HttpMethod.Delete, Path, null, cancellation);
}

/// <summary>The signed-in member's own second factor.</summary>
public sealed class TwoFactorClient
{
    private const string Path = "/api/two-factor";
    private readonly Transport transport;

    internal TwoFactorClient(Transport transport) => this.transport = transport;

    public Task<TwoFactor> GetAsync(CancellationToken cancellation = default) => transport.GetAsync<TwoFactor>(Path, cancellation);

    public Task<TwoFactorSecret> BeginAsync(BeginTwoFactor request, CancellationToken cancellation = default) =>
        transport.PostAsync<TwoFactorSecret>(Path, request, cancellation);

    public Task<RecoveryCodes> ConfirmAsync(ConfirmTwoFactor request, CancellationToken cancellation = default) =>
        transport.PostAsync<RecoveryCodes>($"{Path}/confirm", request, cancellation);

    public Task<RecoveryCodes> RenewCodesAsync(ConfirmTwoFactor request, CancellationToken cancellation = default) =>
        transport.PostAsync<RecoveryCodes>($"{Path}/recovery-codes", request, cancellation);

    public Task TurnOffAsync(ConfirmTwoFactor request, CancellationToken cancellation = default) =>
        transport.DoAsync(HttpMethod.Post, $"{Path}/off", request, cancellation);
}
