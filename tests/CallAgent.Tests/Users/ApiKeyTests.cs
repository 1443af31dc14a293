using System.Text;
using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class ApiKeyTests(TestServer server)
{
    [Fact]
    public async Task A_key_begins_with_its_prefix_and_what_scanners_look_for()
    {
        var user = await server.NewUserAsync();

        var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "  Dialer " });

        Assert.StartsWith("ca_live_", key.Prefix);
        Assert.StartsWith(key.Prefix, key.Key);
        Assert.True(key.Key.Length > key.Prefix.Length + 30);
        Assert.Equal("Dialer", key.Name);
        Assert.Null(key.LastUsedAt);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public async Task A_key_needs_a_name(string name)
    {
        var user = await server.NewUserAsync();

        await InvalidAsync("name", () => user.Api.ApiKeys.CreateAsync(new() { Name = name }));
    }

    [Fact]
    public async Task The_timeline_names_the_key_that_did_it()
    {
        var user = await server.NewUserAsync();
        var machine = await WithKeyAsync(user, "Importer");

        var contact = await machine.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone() });

        Assert.Equal("Importer", (await user.Api.Contacts.GetTimelineAsync(contact.Id)).Data.Single().Actor);
    }

    [Fact]
    public async Task A_key_is_no_cookie_so_that_the_cross_site_rules_are_not_its_own()
    {
        var user = await server.NewUserAsync();
        var key = (await user.Api.ApiKeys.CreateAsync(new() { Name = "k" })).Key;
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/contacts")
        {
            Content = new StringContent($$"""{"phone_number":"{{TestUser.NewPhone()}}"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-API-Key", key);
        request.Headers.Add("Origin", "https://elsewhere.example");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        Assert.Equal(System.Net.HttpStatusCode.Created, (await server.Anonymous().SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_key_may_what_the_member_may_who_made_it()
    {
        var owner = await server.NewUserAsync();
        var email = await Members.AddAsync(server, owner.Id, MemberRole.Admin);
        var token = await owner.Api.Auth.CreateTokenAsync(new() { Email = email, Password = Members.Password });
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.AccessToken);
        var key = await new CallAgentClient(http).ApiKeys.CreateAsync(new() { Name = "admin's" });
        var machine = server.Anonymous();
        machine.DefaultRequestHeaders.Add("X-API-Key", key.Key);

        Assert.Equal(MemberRole.Admin, (await new CallAgentClient(machine).Auth.GetProfileAsync()).Role);
        var problem = await RefusedAsync(403, () => new CallAgentClient(machine).Auth.DeleteAccountAsync(new() { Password = Members.Password }));
        Assert.Equal("/problems/forbidden", problem.Type);
    }

    [Fact]
    public async Task Revoking_a_key_twice_is_not_found()
    {
        var user = await server.NewUserAsync();
        var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "k" });
        await user.Api.ApiKeys.DeleteAsync(key.Id);

        await RefusedAsync(404, () => user.Api.ApiKeys.DeleteAsync(key.Id));
    }

    [Fact]
    public async Task A_key_carries_a_checksum_so_that_a_mistyped_one_costs_no_query()
    {
        var user = await server.NewUserAsync();
        var key = (await user.Api.ApiKeys.CreateAsync(new() { Name = "k" })).Key;

        Assert.Equal(8 + 43 + 6, key.Length);
        Assert.True(ApiKeySecret.IsWhole(key));
        Assert.All(Enumerable.Range(0, key.Length), n => Assert.False(ApiKeySecret.IsWhole(key[..n] + (key[n] == 'x' ? 'y' : 'x') + key[(n + 1)..])));
        Assert.Equal(0, await server.CommandsAsync(user.Id, () => server.Host.SignIn.WithApiKeyAsync(key[..^1] + (key[^1] == 'x' ? 'y' : 'x'))));
    }

    [Fact]
    public async Task A_test_key_is_told_apart_at_sight_and_ends_within_thirty_days()
    {
        var user = await server.NewUserAsync();

        var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "trial", Mode = ApiKeyMode.Test });

        Assert.StartsWith("ca_test_", key.Key);
        Assert.Equal((ApiKeyMode.Test, key.CreatedAt.AddDays(30)), (key.Mode, key.ExpiresAt));
        await InvalidAsync("expires_at", () => user.Api.ApiKeys.CreateAsync(new() { Name = "k", Mode = ApiKeyMode.Test, ExpiresAt = key.CreatedAt.AddDays(60) }));
        await InvalidAsync("expires_at", () => user.Api.ApiKeys.CreateAsync(new() { Name = "k", ExpiresAt = key.CreatedAt.AddDays(-1) }));
        await InvalidAsync("scopes", () => user.Api.ApiKeys.CreateAsync(new() { Name = "k", Scopes = ["contacts:destroy"] }));
        await InvalidAsync("scopes", () => user.Api.ApiKeys.CreateAsync(new() { Name = "k", Scopes = [] }));
        await InvalidAsync("allowed_addresses", () => user.Api.ApiKeys.CreateAsync(new() { Name = "k", AllowedAddresses = ["192.0.2"] }));
    }

    [Fact]
    public async Task A_key_serves_until_its_end()
    {
        var user = await server.NewUserAsync();
        var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "k", ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(1) });
        Assert.NotNull(await server.Host.SignIn.WithApiKeyAsync(key.Key));

        await Task.Delay(1_100);

        Assert.Null(await server.Host.SignIn.WithApiKeyAsync(key.Key));
    }

    [Theory]
    [InlineData("192.0.2.7", true)]
    [InlineData("198.51.100.200", true)]
    [InlineData("2001:db8::9", true)]
    [InlineData("192.0.2.8", false)]
    [InlineData(null, false)]
    public async Task A_key_serves_only_from_its_addresses(string? from, bool serves)
    {
        var user = await server.NewUserAsync();
        var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "k", AllowedAddresses = ["192.0.2.7", "198.51.100.0/24", "2001:db8::/32"] });

        var principal = await server.Host.SignIn.WithApiKeyAsync(key.Key, from is null ? null : System.Net.IPAddress.Parse(from));

        Assert.Equal(serves, principal is not null);
    }

    [Fact]
    public async Task A_key_is_renamed_narrowed_and_rotated_without_standing_still()
    {
        var user = await server.NewUserAsync();
        var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "old name" });
        var changed = await user.Api.ApiKeys.UpdateAsync(key.Id, new() { Name = "new name", Scopes = new(["contacts:read"]) });
        Assert.Equal(("new name", "contacts:read"), (changed.Name, changed.Scopes.Single()));

        var next = await user.Api.ApiKeys.RotateAsync(key.Id, new() { OverlapSeconds = 3600 });

        Assert.Equal(("new name", "contacts:read", null), (next.Name, next.Scopes.Single(), next.ExpiresAt));
        Assert.NotEqual(key.Key, next.Key);
        Assert.NotNull(await server.Host.SignIn.WithApiKeyAsync(key.Key));
        Assert.NotNull(await server.Host.SignIn.WithApiKeyAsync(next.Key));
        var old = (await user.Api.ApiKeys.ListAsync()).Data.Single(k => k.Id == key.Id);
        Assert.InRange(old.ExpiresAt!.Value, next.CreatedAt.AddMinutes(59), next.CreatedAt.AddMinutes(61));
        await user.Api.ApiKeys.RotateAsync(next.Id, new() { OverlapSeconds = 0 });
        Assert.Null(await server.Host.SignIn.WithApiKeyAsync(next.Key));
    }

    [Fact]
    public async Task A_key_makes_no_keys_and_touches_nobodys_sign_in()
    {
        var user = await server.NewUserAsync();
        var machine = await WithKeyAsync(user, "k");

        foreach (var request in new[]
        {
            () => machine.ApiKeys.CreateAsync(new() { Name = "another" }),
            () => machine.Auth.ChangePasswordAsync(new() { CurrentPassword = "password123", NewPassword = "another one" }),
            () => (Task)machine.Sessions.ListAsync(),
        })
        {
            Assert.Equal("/problems/key-not-allowed", (await RefusedAsync(403, request)).Type);
        }
        await machine.ApiKeys.ListAsync();
    }

    private async Task<CallAgentClient> WithKeyAsync(TestUser user, string name)
    {
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Add("X-API-Key", (await user.Api.ApiKeys.CreateAsync(new() { Name = name })).Key);
        return new(http);
    }
}
