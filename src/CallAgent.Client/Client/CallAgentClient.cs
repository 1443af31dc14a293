using System.Net.Http.Headers;

namespace CallAgent.Client;

/// <summary>
/// The whole API, typed. Every method throws <see cref="CallAgentException"/> when the server refuses, and
/// <see cref="HttpRequestException"/> when it cannot be reached; a client made here by a key or a token also <see cref="TimeoutException"/>
/// after a hundred seconds without an answer, which an upload does not count towards.
/// </summary>
/// <param name="http">Its base address is the server's; it carries the credential, if any.</param>
public sealed class CallAgentClient(HttpClient http)
{
    private readonly Transport transport = new(http);

    private CallAgentClient(HttpClient http, int version) : this(http) => transport = new(http, version);

    public AuthClient Auth => new(transport);
    public AccountClient Account => new(transport);
    public TwoFactorClient TwoFactor => new(transport);
    public SessionsClient Sessions => new(transport);
    public ApiKeysClient ApiKeys => new(transport);
    public MembersClient Members => new(transport);
    public InvitationsClient Invitations => new(transport);
    public CampaignsClient Campaigns => new(transport);
    public ContactsClient Contacts => new(transport);
    public CallsClient Calls => new(transport);
    public ConversationsClient Conversations => new(transport);
    public ImportsClient Imports => new(transport);
    public AuditClient Audit => new(transport);

    /// <summary>A client that signs in by an API key.</summary>
    public static CallAgentClient WithApiKey(Uri server, string apiKey)
    {
        var http = new HttpClient { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Add("X-API-Key", apiKey);
        return new(http);
    }

    /// <summary>A client that signs in by an access token.</summary>
    public static CallAgentClient WithToken(Uri server, string accessToken)
    {
        var http = new HttpClient { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return new(http);
    }

    /// <summary>
    /// A client for one change: it is made only to a record in this version, and to one that has changed since it is
    /// refused with 412, by the header <c>If-Match</c>.
    /// </summary>
    public CallAgentClient IfVersion(int version) => new(http, version);

    public Task<Dashboard> GetDashboardAsync(DashboardQuery? query = null, CancellationToken cancellation = default) =>
        transport.GetAsync<Dashboard>(PathOf(query ?? new()), cancellation);

    public Task<Usage> GetUsageAsync(CancellationToken cancellation = default) => transport.GetAsync<Usage>("/api/usage", cancellation);

    public Task<Done> GetLivenessAsync(CancellationToken cancellation = default) => transport.GetAsync<Done>("/health/live", cancellation);

    public Task<Done> GetReadinessAsync(CancellationToken cancellation = default) => transport.GetAsync<Done>("/health/ready", cancellation);

    private static string PathOf(DashboardQuery query) => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"/api/dashboard?days={query.Days}{(query.CampaignId is { } id ? $"&campaign_id={id}" : "")}");
}

/// <summary>Sign-in and the own account.</summary>
public sealed class AuthClient
{
    private readonly Transport transport;

    internal AuthClient(Transport transport) => this.transport = transport;

    public Task<SignedIn> RegisterAsync(Register request, CancellationToken cancellation = default) =>
        transport.PostAsync<SignedIn>("/api/auth/register", request, cancellation);

    public Task<SignedIn> LoginAsync(Login request, CancellationToken cancellation = default) =>
        transport.PostAsync<SignedIn>("/api/auth/login", request, cancellation);

    /// <summary>The second step of logging in, where the first answered <c>two-factor-required</c>.</summary>
    public Task<SignedIn> LoginTwoFactorAsync(LoginTwoFactor request, CancellationToken cancellation = default) =>
        transport.PostAsync<SignedIn>("/api/auth/login/two-factor", request, cancellation);

    /// <summary>Shows once more who is there, for what needs a recent sign-in.</summary>
    public Task StepUpAsync(StepUp request, CancellationToken cancellation = default) =>
        transport.DoAsync(HttpMethod.Post, "/api/auth/step-up", request, cancellation);

    public Task<Done> LogoutAsync(CancellationToken cancellation = default) => transport.PostAsync<Done>("/api/auth/logout", null, cancellation);

    public Task<Token> CreateTokenAsync(CreateToken request, CancellationToken cancellation = default) =>
        transport.PostAsync<Token>("/api/auth/token", request, cancellation);

    public Task<Profile> GetProfileAsync(CancellationToken cancellation = default) => transport.GetAsync<Profile>("/api/auth/profile", cancellation);

    public Task<Profile> UpdateProfileAsync(UpdateProfile request, CancellationToken cancellation = default) =>
        transport.PatchAsync<Profile>("/api/auth/profile", request, cancellation);

    public Task<Profile> UpdateNameAsync(UpdateName request, CancellationToken cancellation = default) =>
        transport.PatchAsync<Profile>("/api/auth/profile/name", request, cancellation);

    public Task ChangePasswordAsync(ChangePassword request, CancellationToken cancellation = default) =>
        transport.DoAsync(HttpMethod.Post, "/api/auth/password", request, cancellation);

    /// <summary>Mails a link for a new password, if the address is a member's.</summary>
    public Task<Done> ForgotPasswordAsync(ForgotPassword request, CancellationToken cancellation = default) =>
        transport.PostAsync<Done>("/api/auth/password/forgot", request, cancellation);

    public Task ResetPasswordAsync(ResetPassword request, CancellationToken cancellation = default) =>
        transport.DoAsync(HttpMethod.Post, "/api/auth/password/reset", request, cancellation);

    /// <summary>Mails a link to confirm the address once more.</summary>
    public Task<Done> SendVerificationAsync(CancellationToken cancellation = default) =>
        transport.PostAsync<Done>("/api/auth/email/verification", null, cancellation);

    public Task VerifyEmailAsync(UseMailedToken request, CancellationToken cancellation = default) =>
        transport.DoAsync(HttpMethod.Post, "/api/auth/email/verify", request, cancellation);

    /// <summary>Mails a link to the new address; the change is made when it is followed.</summary>
    public Task<Done> ChangeEmailAsync(ChangeEmail request, CancellationToken cancellation = default) =>
        transport.PostAsync<Done>("/api/auth/email", request, cancellation);

    public Task ConfirmEmailAsync(UseMailedToken request, CancellationToken cancellation = default) =>
        transport.DoAsync(HttpMethod.Post, "/api/auth/email/confirm", request, cancellation);

    /// <summary>Erases the user with everything it has.</summary>
    public Task<ErasureCertificate> DeleteAccountAsync(DeleteAccount request, CancellationToken cancellation = default) =>
        transport.SendAsync<ErasureCertificate>(HttpMethod.Delete, "/api/auth/account", request, cancellation);
}

public sealed class ApiKeysClient
{
    private const string Path = "/api/api-keys";
    private readonly Transport transport;

    internal ApiKeysClient(Transport transport) => this.transport = transport;

    public Task<Page<ApiKey>> ListAsync(ListQuery? query = null, CancellationToken cancellation = default) =>
        transport.GetAsync<Page<ApiKey>>(Path + (query ?? new()).ToQueryString(), cancellation);

    public Task<ApiKey> GetAsync(Guid id, CancellationToken cancellation = default) => transport.GetAsync<ApiKey>($"{Path}/{id}", cancellation);

    public Task<CreatedApiKey> CreateAsync(CreateApiKey request, CancellationToken cancellation = default) =>
        transport.PostAsync<CreatedApiKey>(Path, request, cancellation);

    public Task<ApiKey> UpdateAsync(Guid id, UpdateApiKey request, CancellationToken cancellation = default) =>
        transport.PatchAsync<ApiKey>($"{Path}/{id}", request, cancellation);

    /// <summary>Makes a key like this one in its place; the old one serves on for a while.</summary>
    public Task<CreatedApiKey> RotateAsync(Guid id, RotateApiKey? request = null, CancellationToken cancellation = default) =>
        transport.PostAsync<CreatedApiKey>($"{Path}/{id}/rotate", request ?? new(), cancellation);

    public Task DeleteAsync(Guid id, CancellationToken cancellation = default) => transport.DoAsync(HttpMethod.Delete, $"{Path}/{id}", null, cancellation);
}
