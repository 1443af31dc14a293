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

    private async Task<CallAgentClient> WithKeyAsync(TestUser user, string name)
    {
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Add("X-API-Key", (await user.Api.ApiKeys.CreateAsync(new() { Name = name })).Key);
        return new(http);
    }
}
