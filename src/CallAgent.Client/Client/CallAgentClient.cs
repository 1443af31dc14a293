using System.Net.Http.Headers;

namespace CallAgent.Client;

/// <summary>
/// The whole API, typed. Every method throws <see cref="CallAgentException"/> when the server refuses, and
/// <see cref="HttpRequestException"/> when it cannot be reached.
/// </summary>
/// <param name="http">Its base address is the server's; it carries the credential, if any.</param>
public sealed class CallAgentClient(HttpClient http)
{
    private readonly Transport transport = new(http);

    public AuthClient Auth => new(transport);
    public ApiKeysClient ApiKeys => new(transport);
    public CampaignsClient Campaigns => new(transport);
    public ContactsClient Contacts => new(transport);
    public CallsClient Calls => new(transport);
    public ConversationsClient Conversations => new(transport);
    public ImportsClient Imports => new(transport);

    /// <summary>A client that signs in by an API key.</summary>
    public static CallAgentClient WithApiKey(Uri server, string apiKey)
    {
        var http = new HttpClient { BaseAddress = server };
        http.DefaultRequestHeaders.Add("X-API-Key", apiKey);
        return new(http);
    }

    /// <summary>A client that signs in by an access token.</summary>
    public static CallAgentClient WithToken(Uri server, string accessToken)
    {
        var http = new HttpClient { BaseAddress = server };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return new(http);
    }

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

    public Task<Done> LogoutAsync(CancellationToken cancellation = default) => transport.PostAsync<Done>("/api/auth/logout", null, cancellation);

    public Task<Token> CreateTokenAsync(CreateToken request, CancellationToken cancellation = default) =>
        transport.PostAsync<Token>("/api/auth/token", request, cancellation);

    public Task<Profile> GetProfileAsync(CancellationToken cancellation = default) => transport.GetAsync<Profile>("/api/auth/profile", cancellation);

    public Task<Profile> UpdateProfileAsync(UpdateProfile request, CancellationToken cancellation = default) =>
        transport.PatchAsync<Profile>("/api/auth/profile", request, cancellation);

    public Task ChangePasswordAsync(ChangePassword request, CancellationToken cancellation = default) =>
        transport.DoAsync(HttpMethod.Post, "/api/auth/password", request, cancellation);

    /// <summary>Erases the user with everything it has.</summary>
    public Task DeleteAccountAsync(DeleteAccount request, CancellationToken cancellation = default) =>
        transport.DoAsync(HttpMethod.Delete, "/api/auth/account", request, cancellation);
}

public sealed class ApiKeysClient
{
    private const string Path = "/api/api-keys";
    private readonly Transport transport;

    internal ApiKeysClient(Transport transport) => this.transport = transport;

    public Task<Page<ApiKey>> ListAsync(ListQuery? query = null, CancellationToken cancellation = default) =>
        transport.GetAsync<Page<ApiKey>>(Path + (query ?? new()).ToQueryString(), cancellation);

    public Task<CreatedApiKey> CreateAsync(CreateApiKey request, CancellationToken cancellation = default) =>
        transport.PostAsync<CreatedApiKey>(Path, request, cancellation);

    public Task DeleteAsync(Guid id, CancellationToken cancellation = default) => transport.DoAsync(HttpMethod.Delete, $"{Path}/{id}", null, cancellation);
}
