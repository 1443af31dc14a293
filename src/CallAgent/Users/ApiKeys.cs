using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>The keys by which a user's machines sign in.</summary>
public sealed class ApiKeys
{
    private const int PrefixLength = 14;

    private static readonly TimeSpan TestLife = TimeSpan.FromDays(30);
    private static readonly TimeSpan UsualOverlap = TimeSpan.FromDays(1);

    internal static readonly Listing<ApiKey> Listing = new Listing<ApiKey>("api_keys").SortByCreation(k => k.Id);

    /// <summary>What the list takes.</summary>
    public static ListParameters Parameters { get; } = Listing.Describe();

    /// <summary>Whether a bearer token is meant as an API key.</summary>
    public static bool IsMeant(string token) => ApiKeySecret.IsMeant(token);

    private readonly Workspace workspace;

    internal ApiKeys(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    public Task<Result<Client.Page<Client.ApiKey>>> ListAsync(Client.ListQuery? query = null, CancellationToken cancellation = default) =>
        Listing.ReadAsync(Db, workspace.Host.Cursors, query ?? new(), ToRecord, cancellation);

    public async Task<Client.ApiKey?> FindAsync(Guid id, CancellationToken cancellation = default) =>
        await Db.ApiKeys.AsNoTracking().FirstOrDefaultAsync(k => k.Id == id, cancellation) is { } key ? ToRecord(key) : null;

    /// <summary>Makes a key that may what its member may, within its scopes. The answer is the only place where the key itself is shown.</summary>
    public async Task<Result<Client.CreatedApiKey>> CreateAsync(Client.CreateApiKey request, CancellationToken cancellation = default)
    {
        var now = workspace.Now;
        if ((Validation.Of(request) ?? CheckScopes(request.Scopes) ?? CheckAddresses(request.AllowedAddresses) ?? CheckExpiry(request.ExpiresAt, request.Mode, now)) is { } invalid)
        {
            return invalid;
        }
        return await AddAsync(request.Mode, secret => new()
        {
            Id = Guid.CreateVersion7(now),
            MemberId = Guid.Empty,
            Hash = Secrets.Hash(secret),
            Name = request.Name.Trim(),
            Prefix = secret[..PrefixLength],
            Scopes = Tidy(request.Scopes) ?? [ApiScopes.Everything],
            AllowedAddresses = Tidy(request.AllowedAddresses) ?? [],
            ExpiresAt = request.ExpiresAt ?? (request.Mode == Client.ApiKeyMode.Test ? now + TestLife : null),
            CreatedAt = now,
            UpdatedAt = now,
        }, cancellation);
    }

    /// <summary>Changes the given fields of a key of one's own, in force on every node within seconds.</summary>
    public Task<Result<Client.ApiKey>> UpdateAsync(Guid id, Client.UpdateApiKey request, CancellationToken cancellation = default) =>
        workspace.RepeatAsync<Client.ApiKey>(async () =>
        {
            if ((Validation.Of(request) ?? CheckScopes(request.Scopes.Or(null!)) ?? CheckAddresses(request.AllowedAddresses.Or([]))) is { } invalid)
            {
                return invalid;
            }
            if (await Db.ApiKeys.FirstOrDefaultAsync(k => k.Id == id, cancellation) is not { } key)
            {
                return Problem.NotFound;
            }
            var expiry = request.ExpiresAt.IsSet ? CheckExpiry(request.ExpiresAt.Value, ModeOf(key), workspace.Now) : null;
            if ((CheckIsOwn(key) ?? workspace.Check(key.Version) ?? expiry) is { } refused)
            {
                return refused;
            }
            key.Name = request.Name.Or(key.Name).Trim();
            key.Scopes = Tidy(request.Scopes.Or(key.Scopes))!;
            key.AllowedAddresses = Tidy(request.AllowedAddresses.Or(key.AllowedAddresses))!;
            key.ExpiresAt = request.ExpiresAt.Or(key.ExpiresAt) ?? (ModeOf(key) == Client.ApiKeyMode.Test ? key.ExpiresAt : null);
            var problem = await Db.TrySaveAsync(cancellation);
            workspace.Host.Principals.ForgetCredential<ApiKey>(key.Hash);
            return problem is null ? ToRecord(key) : problem;
        });

    /// <summary>Makes a key like this one, of one's own, in its place. The old one serves on for the overlap, so that nothing stands still.</summary>
    public Task<Result<Client.CreatedApiKey>> RotateAsync(Guid id, Client.RotateApiKey request, CancellationToken cancellation = default) =>
        workspace.RepeatAsync<Client.CreatedApiKey>(async () =>
        {
            if (Validation.Of(request) is { } invalid)
            {
                return invalid;
            }
            if (await Db.ApiKeys.FirstOrDefaultAsync(k => k.Id == id, cancellation) is not { } old)
            {
                return Problem.NotFound;
            }
            return (CheckIsOwn(old) ?? workspace.Check(old.Version)) is { } refused ? refused : await ReplaceAsync(old, request, cancellation);
        });

    /// <summary>Ends a key, whosever it is, on this node at once and on others within seconds.</summary>
    public Task<Problem?> DeleteAsync(Guid id, CancellationToken cancellation = default) => workspace.RepeatAsync(async () =>
    {
        if (await Db.ApiKeys.FirstOrDefaultAsync(k => k.Id == id, cancellation) is not { } key)
        {
            return Problem.NotFound;
        }
        if (workspace.Check(key.Version) is { } stale)
        {
            return stale;
        }
        Db.Remove(key);
        var problem = await Db.TrySaveAsync(cancellation);
        workspace.Host.Principals.ForgetCredential<ApiKey>(key.Hash);
        return problem;
    });

    // A key acts for its member. Who could widen it or get one like it would act for somebody else, and still do so when removed from the team.
    private Problem? CheckIsOwn(ApiKey key) =>
        workspace.Principal.MemberId is { } member && member != key.MemberId ? Problem.NotYourKey : null;

    private async Task<Result<Client.CreatedApiKey>> ReplaceAsync(ApiKey old, Client.RotateApiKey request, CancellationToken cancellation)
    {
        var now = workspace.Now;
        var end = now + (request.OverlapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : UsualOverlap);
        var (oldEnd, mode) = (old.ExpiresAt, ModeOf(old));
        old.ExpiresAt = oldEnd < end ? oldEnd : end;
        var made = await AddAsync(mode, secret => new()
        {
            Id = Guid.CreateVersion7(now),
            MemberId = old.MemberId,
            Hash = Secrets.Hash(secret),
            Name = old.Name,
            Prefix = secret[..PrefixLength],
            Scopes = old.Scopes,
            AllowedAddresses = old.AllowedAddresses,
            ExpiresAt = mode == Client.ApiKeyMode.Test ? now + TestLife : oldEnd,
            CreatedAt = now,
            UpdatedAt = now,
        }, cancellation);
        workspace.Host.Principals.ForgetCredential<ApiKey>(old.Hash);
        return made;
    }

    private async Task<Result<Client.CreatedApiKey>> AddAsync(Client.ApiKeyMode mode, Func<string, ApiKey> make, CancellationToken cancellation)
    {
        var secret = ApiKeySecret.New(mode);
        var key = make(secret);
        if (key.MemberId == Guid.Empty)
        {
            key.MemberId = workspace.Principal.MemberId ?? await OwnerAsync(cancellation);
        }
        Db.Add(key);
        if (await Db.TrySaveAsync(cancellation) is { } problem)
        {
            return problem;
        }
        var record = ToRecord(key);
        return new Client.CreatedApiKey
        {
            Id = record.Id,
            MemberId = record.MemberId,
            Name = record.Name,
            Prefix = record.Prefix,
            Mode = record.Mode,
            Scopes = record.Scopes,
            AllowedAddresses = record.AllowedAddresses,
            ExpiresAt = record.ExpiresAt,
            Version = record.Version,
            CreatedAt = record.CreatedAt,
            UpdatedAt = record.UpdatedAt,
            Key = secret,
        };
    }

    private Task<Guid> OwnerAsync(CancellationToken cancellation) =>
        Db.Members.Where(m => m.Role == Client.MemberRole.Owner).Select(m => m.Id).SingleAsync(cancellation);

    private static Problem? CheckScopes(IReadOnlyList<string>? scopes) =>
        scopes?.Count == 0 ? Problem.Invalid("scopes", "Must name at least one scope.")
        : scopes?.FirstOrDefault(s => !ApiScopes.All.Contains(s)) is { } unknown
            ? Problem.Invalid("scopes", $"\"{unknown[..Math.Min(unknown.Length, 50)]}\" is no scope. There are: {string.Join(", ", ApiScopes.All)}.")
            : null;

    private static Problem? CheckAddresses(IReadOnlyList<string>? addresses) => addresses?.Any(a => Networks.Parse(a) is null) == true
        ? Problem.Invalid("allowed_addresses", "Must be addresses such as 192.0.2.7 or networks such as 192.0.2.0/24.")
        : null;

    private static Problem? CheckExpiry(DateTimeOffset? expiry, Client.ApiKeyMode mode, DateTimeOffset now) =>
        expiry <= now ? Problem.Invalid("expires_at", "Must be in the future.")
        : mode == Client.ApiKeyMode.Test && expiry > now + TestLife ? Problem.Invalid("expires_at", $"A test key lives at most {TestLife.TotalDays} days.")
        : null;

    private static IReadOnlyList<string>? Tidy(IReadOnlyList<string>? values) => values is null ? null : [.. values.Distinct()];

    private static Client.ApiKeyMode ModeOf(ApiKey key) =>
        key.Prefix.StartsWith("ca_test_", StringComparison.Ordinal) ? Client.ApiKeyMode.Test : Client.ApiKeyMode.Live;

    internal static Client.ApiKey ToRecord(ApiKey key) => new()
    {
        Id = key.Id,
        MemberId = key.MemberId,
        Name = key.Name,
        Prefix = key.Prefix,
        Mode = ModeOf(key),
        Scopes = key.Scopes,
        AllowedAddresses = key.AllowedAddresses,
        ExpiresAt = key.ExpiresAt,
        Version = key.Version,
        CreatedAt = key.CreatedAt,
        UpdatedAt = key.UpdatedAt,
        LastUsedAt = key.LastUsedAt,
    };
}
