using CallAgent.Client;
using Microsoft.EntityFrameworkCore;

namespace CallAgent.Tests;

/// <summary>The hand-written reading of credentials finds what EF Core does.</summary>
[Trait("database", "postgres")]
public sealed class PostgresPrincipalsTests(TestServer server)
{
    private PostgresPrincipals Principals => new(server.Host.Database);

    [Fact]
    public async Task A_key_comes_with_its_holder()
    {
        var user = await server.NewUserAsync();
        await user.Api.ApiKeys.CreateAsync(new() { Name = "Plain" });
        var key = await user.Api.ApiKeys.CreateAsync(new()
        {
            Name = "Dialer",
            Scopes = ["contacts:read"],
            AllowedAddresses = ["10.0.0.0/8", "::1"],
            ExpiresAt = server.Clock.GetUtcNow().AddDays(3),
        });
        var hash = Secrets.Hash(key.Key);
        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        await db.ApiKeys.Where(k => k.Hash == hash).ExecuteUpdateAsync(s => s.SetProperty(k => k.LastUsedAt, server.Clock.GetUtcNow().AddMinutes(-5)));
        var stored = await db.ApiKeys.SingleAsync(k => k.Hash == hash);

        var (found, holder) = (await Principals.ApiKeyAsync(hash, CancellationToken.None))!.Value;

        Assert.Equivalent(Seen(stored), Seen(found), strict: true);
        Assert.Equal(await HolderAsync(db), holder);
        Assert.Equal(holder, await Principals.MemberAsync(user.Id, stored.MemberId, CancellationToken.None));

        static object Seen(ApiKey k) => new { k.UserId, k.MemberId, k.Id, k.Hash, k.Name, k.LastUsedAt, k.Scopes, k.AllowedAddresses, k.ExpiresAt };
    }

    [Fact]
    public async Task A_session_comes_with_its_holder_also_when_that_may_not_sign_in()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        await using var workspace = (await server.Host.AsAsync(user.Id))!;
        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        var member = await db.Members.SingleAsync();
        var (token, _) = await server.Host.SignIn.StartSessionAsync((await HolderAsync(db))!, new("A browser", "127.0.0.1"));
        var hash = Secrets.Hash(token);
        await db.Members.ExecuteUpdateAsync(s => s
            .SetProperty(m => m.DeactivatedAt, server.Clock.GetUtcNow()).SetProperty(m => m.FirstName, (string?)null).SetProperty(m => m.CredentialVersion, 7));
        var stored = await db.Sessions.SingleAsync(s => s.Hash == hash);

        var (found, holder) = (await Principals.SessionAsync(hash, CancellationToken.None))!.Value;

        Assert.Equivalent(Seen(stored), Seen(found), strict: true);
        Assert.Equal((await HolderAsync(db), true, 7), (holder, holder.IsDeactivated, holder.CredentialVersion));

        static object Seen(Session s) => new { s.UserId, s.MemberId, s.Id, s.Hash, s.ExpiresAt, s.LastSeenAt, s.ProvedAt };
    }

    [Fact]
    public async Task Nothing_is_found_by_what_is_nobodys_or_of_another_kind()
    {
        var (user, other) = (await server.NewUserAsync(), await server.NewUserAsync());
        var hash = Secrets.Hash((await user.Api.ApiKeys.CreateAsync(new() { Name = "k" })).Key);
        var member = (await Principals.ApiKeyAsync(hash, CancellationToken.None))!.Value.Item1.MemberId;

        Assert.Null(await Principals.ApiKeyAsync(Secrets.Hash("nobody's"), CancellationToken.None));
        Assert.Null(await Principals.ApiKeyAsync(user.Registration.Email, CancellationToken.None));
        Assert.Null(await Principals.SessionAsync(hash, CancellationToken.None));
        Assert.Null(await Principals.MemberAsync(other.Id, member, CancellationToken.None));
    }

    private static async Task<Principal?> HolderAsync(CrmDb db) =>
        PrincipalCache.Describe(await db.Users.AsNoTracking().SingleAsync(), await db.Members.AsNoTracking().SingleAsync());
}
