using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>The keys by which a user's machines sign in.</summary>
public sealed class ApiKeys
{
    /// <summary>What every key begins with, so that scanners find leaked ones.</summary>
    public const string Marker = "ca_live_";

    private const int PrefixLength = 14;

    internal static readonly Listing<ApiKey> Listing = new Listing<ApiKey>("api_keys").SortByCreation(k => k.Id);

    /// <summary>What the list takes.</summary>
    public static ListParameters Parameters { get; } = Listing.Describe();

    private readonly Workspace workspace;

    internal ApiKeys(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    public Task<Result<Client.Page<Client.ApiKey>>> ListAsync(Client.ListQuery? query = null, CancellationToken cancellation = default) =>
        Listing.ReadAsync(Db, workspace.Host.Cursors, query ?? new(), ToRecord, cancellation);

    /// <summary>Makes a key that may what its member may. The answer is the only place where the key itself is shown.</summary>
    public async Task<Result<Client.CreatedApiKey>> CreateAsync(Client.CreateApiKey request, CancellationToken cancellation = default)
    {
        if (Validation.Of(request) is { } invalid)
        {
            return invalid;
        }
        var secret = Marker + Secrets.NewToken();
        var now = workspace.Now;
        var key = new ApiKey
        {
            Id = Guid.CreateVersion7(now),
            MemberId = workspace.Principal.MemberId ?? await OwnerAsync(cancellation),
            Hash = Secrets.Hash(secret),
            Name = request.Name.Trim(),
            Prefix = secret[..PrefixLength],
            CreatedAt = now,
        };
        Db.Add(key);
        return await Db.TrySaveAsync(cancellation) is { } problem
            ? problem
            : new Client.CreatedApiKey { Id = key.Id, Name = key.Name, Prefix = key.Prefix, CreatedAt = key.CreatedAt, Key = secret };
    }

    /// <summary>Ends a key, on this node at once and on others within seconds.</summary>
    public async Task<Problem?> DeleteAsync(Guid id, CancellationToken cancellation = default)
    {
        if (await Db.ApiKeys.FirstOrDefaultAsync(k => k.Id == id, cancellation) is not { } key)
        {
            return Problem.NotFound;
        }
        Db.Remove(key);
        var problem = await Db.TrySaveAsync(cancellation);
        workspace.Host.Principals.ForgetCredential<ApiKey>(key.Hash);
        return problem;
    }

    private Task<Guid> OwnerAsync(CancellationToken cancellation) =>
        Db.Members.Where(m => m.Role == Client.MemberRole.Owner).OrderBy(m => m.Id).Select(m => m.Id).FirstAsync(cancellation);

    private static Client.ApiKey ToRecord(ApiKey key) =>
        new() { Id = key.Id, Name = key.Name, Prefix = key.Prefix, CreatedAt = key.CreatedAt, LastUsedAt = key.LastUsedAt };
}
