using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;

namespace CallAgent;

/// <summary>
/// Who stands behind a credential, remembered for three seconds: a changed plan, role or status is in force within
/// that time on every node, and a busy client costs no query a request.
/// </summary>
internal sealed class PrincipalCache(Database database) : IDisposable
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(3);

    private readonly PostgresPrincipals? postgres = database.IsPostgres ? new(database) : null;
    private readonly MemoryCache cache = new(new MemoryCacheOptions { SizeLimit = 100_000 });

    public async Task<Principal?> MemberAsync(Guid userId, Guid memberId, CancellationToken cancellation)
    {
        if (cache.TryGetValue((userId, memberId), out Principal? known))
        {
            return known;
        }
        return await ReadMemberAsync(userId, memberId, cancellation) is { } found ? Keep((userId, memberId), found) : null;
    }

    /// <summary>An API key by its hash.</summary>
    public Task<ApiKey?> ApiKeyAsync(string hash, CancellationToken cancellation) =>
        CredentialAsync<ApiKey>(hash, postgres is null ? null : postgres.ApiKeyAsync, cancellation);

    /// <summary>A session by its token's hash.</summary>
    public Task<Session?> SessionAsync(string hash, CancellationToken cancellation) =>
        CredentialAsync<Session>(hash, postgres is null ? null : postgres.SessionAsync, cancellation);

    private async Task<Principal?> ReadMemberAsync(Guid userId, Guid memberId, CancellationToken cancellation)
    {
        if (postgres is not null)
        {
            return await postgres.MemberAsync(userId, memberId, cancellation);
        }
        await using var db = database.Open(TenantScope.Of(userId));
        var found = await db.Members.AsNoTracking().Where(m => m.Id == memberId)
            .Join(db.Users, m => m.UserId, u => u.UserId, (m, u) => new { Member = m, User = u })
            .SingleOrDefaultAsync(cancellation);
        return found is null ? null : Describe(found.User, found.Member);
    }

    /// <summary>The owner's own code, in process.</summary>
    public async Task<Principal?> UserAsync(Guid userId, CancellationToken cancellation)
    {
        await using var db = database.Open(TenantScope.Of(userId));
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.UserId == userId, cancellation);
        return user is null ? null : Describe(user, null);
    }

    public void ForgetMember(Guid userId, Guid memberId) => cache.Remove((userId, memberId));

    public void ForgetCredential<T>(string hash) where T : Credential => cache.Remove((typeof(T), hash));

    public void Dispose() => cache.Dispose();

    internal static Principal Describe(User user, Member? member) => new()
    {
        UserId = user.UserId,
        MemberId = member?.Id,
        Role = member?.Role ?? Client.MemberRole.Owner,
        ActorName = member?.FullName ?? "CallAgent",
        SpokenName = member?.SpokenName,
        Plan = user.Plan,
        Status = user.Status,
        CompanyName = user.CompanyName,
        TimeZone = user.TimeZone,
        DefaultRegion = user.DefaultRegion,
        IsDeactivated = member?.DeactivatedAt is not null,
        CredentialVersion = member?.CredentialVersion ?? 0,
    };

    private async Task<T?> CredentialAsync<T>(
        string hash, Func<string, CancellationToken, Task<(T, Principal)?>>? atOnce, CancellationToken cancellation) where T : Credential
    {
        if (cache.TryGetValue((typeof(T), hash), out T? known))
        {
            return known;
        }
        if (atOnce is not null)
        {
            if (await atOnce(hash, cancellation) is not var (credential, holder))
            {
                return null;
            }
            Keep((credential.UserId, credential.MemberId), holder);
            return Keep((typeof(T), hash), credential);
        }
        await using var db = database.Open(TenantScope.Naming(hash));
        return await db.Set<T>().OfAnyUser().AsNoTracking().SingleOrDefaultAsync(c => c.Hash == hash, cancellation) is { } found
            ? Keep((typeof(T), hash), found) : null;
    }

    private T Keep<T>(object key, T value)
    {
        cache.Set(key, value, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = Life, Size = 1 });
        return value;
    }
}
