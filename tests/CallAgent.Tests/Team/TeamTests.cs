using System.Net.Http.Headers;
using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class TeamTests(TestServer server)
{
    [Fact]
    public async Task Who_changes_role_may_what_the_new_role_may_at_once()
    {
        var (owner, agent, id) = await TeamAsync(MemberRole.Agent);
        await agent.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone() });

        var changed = await owner.Api.Members.UpdateAsync(id, new() { Role = MemberRole.Viewer });

        Assert.Equal((MemberRole.Viewer, MemberStatus.Active), (changed.Role, changed.Status));
        await RefusedAsync(403, () => agent.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone() }));
        Assert.Equal([MemberRole.Owner, MemberRole.Viewer], (await owner.Api.Members.ListAsync(new() { Sort = "created_at" })).Data.Select(m => m.Role).Order());
    }

    [Fact]
    public async Task A_name_that_was_left_out_or_misspelt_is_mended_by_whoever_looks_after_the_team()
    {
        var (owner, _, id) = await TeamAsync(MemberRole.Agent);

        var mended = await owner.Api.Members.UpdateAsync(id, new() { FirstName = " Nia ", LastName = "Noble" });
        await owner.SendFormAsync($"/settings/members/{id}/name", ("first_name", "Nia"), ("last_name", ""));

        Assert.Equal(("Nia Noble", MemberRole.Agent), (mended.FullName, mended.Role));
        Assert.Equal("Nia", (await owner.Api.Members.GetAsync(id)).FullName);
        await InvalidAsync("first_name", () => owner.Api.Members.UpdateAsync(id, new() { FirstName = new string('x', 101) }));
    }

    [Fact]
    public async Task A_deactivated_member_is_out_in_every_way_until_it_is_reactivated()
    {
        var (owner, admin, id) = await TeamAsync(MemberRole.Admin);
        var email = (await owner.Api.Members.GetAsync(id)).Email;
        var key = server.Anonymous();
        key.DefaultRequestHeaders.Add("X-API-Key", (await admin.ApiKeys.CreateAsync(new() { Name = "k" })).Key);
        var browser = new CallAgentClient(server.CreateClient());
        await browser.Auth.LoginAsync(new() { Email = email, Password = Members.Password });
        var token = await browser.Auth.CreateTokenAsync(new() { Email = email, Password = Members.Password });

        Assert.Equal(MemberStatus.Deactivated, (await owner.Api.Members.DeactivateAsync(id)).Status);

        await RefusedAsync(401, () => admin.Auth.GetProfileAsync());
        await RefusedAsync(401, () => browser.Auth.GetProfileAsync());
        await RefusedAsync(401, () => new CallAgentClient(key).Auth.GetProfileAsync());
        await RefusedAsync(401, () => browser.Auth.CreateTokenAsync(new() { RefreshToken = token.RefreshToken }));
        Assert.Equal("/problems/member-deactivated", (await RefusedAsync(401, () => browser.Auth.LoginAsync(new() { Email = email, Password = Members.Password }))).Type);
        await owner.Api.Members.ReactivateAsync(id);
        await browser.Auth.LoginAsync(new() { Email = email, Password = Members.Password });
        await new CallAgentClient(key).Auth.GetProfileAsync();
        await RefusedAsync(401, () => admin.Auth.GetProfileAsync());
    }

    [Fact]
    public async Task Nobody_gets_or_widens_a_key_that_acts_for_somebody_else()
    {
        var (owner, admin, _) = await TeamAsync(MemberRole.Admin);
        var key = await owner.Api.ApiKeys.CreateAsync(new() { Name = "dialer", Scopes = ["contacts:read"] });

        Assert.Equal("/problems/not-your-key", (await RefusedAsync(403, () => admin.ApiKeys.UpdateAsync(key.Id, new() { Scopes = new(["*"]) }))).Type);
        Assert.Equal("/problems/not-your-key", (await RefusedAsync(403, () => admin.ApiKeys.RotateAsync(key.Id, new() { OverlapSeconds = 0 }))).Type);

        var seen = Assert.Single((await admin.ApiKeys.ListAsync()).Data);
        Assert.Equal((key.MemberId, "contacts:read", key.Version), (seen.MemberId, seen.Scopes.Single(), seen.Version));
        await admin.ApiKeys.DeleteAsync(key.Id);
        Assert.Empty((await owner.Api.ApiKeys.ListAsync()).Data);
    }

    [Fact]
    public async Task A_removed_member_is_gone_with_its_keys_and_what_it_did_stays_under_its_name()
    {
        var (owner, admin, id) = await TeamAsync(MemberRole.Admin);
        var email = (await owner.Api.Members.GetAsync(id)).Email;
        await admin.ApiKeys.CreateAsync(new() { Name = "k" });
        var contact = await admin.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone() });

        await owner.Api.Members.DeleteAsync(id);

        await RefusedAsync(401, () => admin.Auth.GetProfileAsync());
        await RefusedAsync(404, () => owner.Api.Members.GetAsync(id));
        Assert.Empty((await owner.Api.ApiKeys.ListAsync()).Data);
        var entry = (await owner.Api.Contacts.GetTimelineAsync(contact.Id)).Data.Single();
        Assert.Equal((email, id), (entry.Actor, entry.ActorId));
        // The place of its key is free again.
        await using var db = server.Host.Database.Open(TenantScope.Of(owner.Id));
        Assert.Equal(0, db.Counters.Where(c => c.Name == CounterNames.ApiKeys).Select(c => c.Value).Single());
    }

    [Fact]
    public async Task The_owner_stays_until_the_ownership_is_passed_on()
    {
        var (owner, admin, id) = await TeamAsync(MemberRole.Admin);
        var own = (await owner.Api.Members.ListAsync(new() { Filters = new Dictionary<string, string> { ["role"] = "owner" } })).Data.Single().Id;
        var refusals = new[]
        {
            () => admin.Members.UpdateAsync(own, new() { Role = MemberRole.Viewer }),
            () => admin.Members.DeactivateAsync(own),
            () => admin.Members.DeleteAsync(own),
            () => (Task)owner.Api.Members.LeaveAsync(new() { Password = "password123" }),
        };
        foreach (var refused in refusals)
        {
            Assert.Equal("/problems/owner-stays", (await RefusedAsync(409, refused)).Type);
        }
        await InvalidAsync("role", () => owner.Api.Members.UpdateAsync(id, new() { Role = MemberRole.Owner }));
        await InvalidAsync("password", () => owner.Api.Members.MakeOwnerAsync(id, new() { Password = "guess" }));

        Assert.Equal(MemberRole.Owner, (await owner.Api.Members.MakeOwnerAsync(id, new() { Password = "password123" })).Role);

        Assert.Equal(MemberRole.Admin, (await owner.Api.Auth.GetProfileAsync()).Role);
        await owner.Api.Members.LeaveAsync(new() { Password = "password123" });
        Assert.Equal(id, Assert.Single((await admin.Members.ListAsync()).Data).Id);
    }

    [Fact]
    public async Task Ownership_passed_on_twice_at_once_leaves_exactly_one_owner()
    {
        var (owner, _, first) = await TeamAsync(MemberRole.Admin);
        var second = await MemberIdAsync(owner, await Members.AddAsync(server, owner.Id, MemberRole.Viewer));

        var tries = await Task.WhenAll(new[] { first, second, first, second }.Select(id =>
            owner.SendAsync("POST", $"/api/members/{id}/make-owner", """{"password":"password123"}""")));

        Assert.Contains(tries, t => t.IsSuccessStatusCode);
        Assert.All(tries, t => Assert.True((int)t.StatusCode is 200 or 403 or 412, $"{t.StatusCode}"));
        await using var db = server.Host.Database.Open(TenantScope.Of(owner.Id));
        Assert.Single(db.Members.Where(m => m.Role == MemberRole.Owner));
    }

    [Fact]
    public async Task Calls_and_turns_say_who_acted()
    {
        var user = await server.NewUserAsync();
        var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "Dialer" });
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Add("X-API-Key", key.Key);
        var (machine, member) = (new CallAgentClient(http), (await user.Api.Members.ListAsync()).Data.Single());

        var call = await user.NewCallAsync();
        var started = await machine.Calls.StartAsync(call.Id);
        var conversation = await user.Api.Conversations.CreateAsync(new() { CallId = call.Id });
        var turn = (await machine.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Agent, Text = "Hello." })).Turn;

        Assert.Equal(("Ada Lovelace", member.Id), (started.CreatedBy, started.CreatedById));
        Assert.Equal(("Dialer", key.Id), (started.StartedBy, started.StartedById));
        Assert.Equal(("Dialer", key.Id), (turn.Actor, turn.ActorId));
    }

    private async Task<(TestUser Owner, CallAgentClient Member, Guid MemberId)> TeamAsync(MemberRole role)
    {
        var owner = await server.NewUserAsync();
        var email = await Members.AddAsync(server, owner.Id, role);
        var token = await owner.Api.Auth.CreateTokenAsync(new() { Email = email, Password = Members.Password });
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
        return (owner, new(http), await MemberIdAsync(owner, email));
    }

    private static async Task<Guid> MemberIdAsync(TestUser owner, string email) =>
        (await owner.Api.Members.ListAsync(new() { Filters = new Dictionary<string, string> { ["email"] = email } })).Data.Single().Id;
}
