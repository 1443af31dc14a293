using System.Net;
using System.Net.Http.Json;
using CallAgent.Client;
using Microsoft.EntityFrameworkCore;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class InvitationTests(TestServer server)
{
    private const string Subject = "invites";

    [Fact]
    public async Task An_invited_person_chooses_a_password_and_is_a_member_with_the_role()
    {
        var (owner, address) = (await server.NewUserAsync(), NewAddress());
        var invitation = await owner.Api.Invitations.CreateAsync(new() { Email = $" {address.ToUpperInvariant()}", Role = MemberRole.Agent });
        Assert.Equal((address, "Ada Lovelace", TimeSpan.FromHours(72)), (invitation.Email, invitation.InvitedBy, invitation.ExpiresAt - invitation.CreatedAt));
        var browser = new CallAgentClient(server.CreateClient());

        var joined = await browser.Invitations.AcceptAsync(await AcceptanceAsync(address));

        Assert.Equal((owner.Id, address, "Grace Hopper", MemberRole.Agent), (joined.User.Id, joined.User.Email, joined.User.FullName, joined.User.Role));
        Assert.Equal(MemberRole.Agent, (await browser.Auth.GetProfileAsync()).Role);
        Assert.Empty((await owner.Api.Invitations.ListAsync()).Data);
        Assert.Equal(2, (await owner.Api.Members.ListAsync()).Data.Count);
        Assert.Equal("/problems/already-member", (await RefusedAsync(409, () => owner.Api.Invitations.CreateAsync(new() { Email = address, Role = MemberRole.Viewer }))).Type);
    }

    [Fact]
    public async Task An_invitation_serves_once_however_many_accept_it_at_once()
    {
        var (owner, address) = (await server.NewUserAsync(), NewAddress());
        await owner.Api.Invitations.CreateAsync(new() { Email = address, Role = MemberRole.Viewer });
        var request = await AcceptanceAsync(address);

        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            server.Anonymous().PostAsJsonAsync("/api/auth/invitations/accept", request, CallAgentJson.Lenient)));

        Assert.Single(tries, t => t.StatusCode == HttpStatusCode.Created);
        Assert.All(tries.Where(t => !t.IsSuccessStatusCode), t => Assert.True(t.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Conflict, $"{t.StatusCode}"));
        await InvalidAsync("token", () => owner.Api.Invitations.AcceptAsync(request));
    }

    [Fact]
    public async Task Nobodys_mailbox_is_filled_with_invitations()
    {
        var (owner, address) = (await server.NewUserAsync(), NewAddress());
        ProblemDetails? refused = null;
        for (var n = 0; n < 8 && refused is null; n++)
        {
            try
            {
                var invitation = await owner.Api.Invitations.CreateAsync(new() { Email = address, Role = MemberRole.Viewer });
                await owner.Api.Invitations.DeleteAsync(invitation.Id);
            }
            catch (CallAgentException e)
            {
                refused = e.Problem;
            }
        }

        Assert.Equal((429, "/problems/too-many-invitations"), (refused?.Status, refused?.Type));
        await owner.Api.Invitations.CreateAsync(new() { Email = NewAddress(), Role = MemberRole.Viewer });
    }

    [Fact]
    public async Task A_revoked_a_replaced_and_a_made_up_invitation_are_refused_alike()
    {
        var (owner, address) = (await server.NewUserAsync(), NewAddress());
        await owner.Api.Invitations.CreateAsync(new() { Email = address, Role = MemberRole.Viewer });
        var first = await AcceptanceAsync(address);
        var second = await owner.Api.Invitations.CreateAsync(new() { Email = address, Role = MemberRole.Agent });
        var later = await AcceptanceAsync(address, 2);
        Assert.Equal(second.Id, Assert.Single((await owner.Api.Invitations.ListAsync()).Data).Id);

        await InvalidAsync("token", () => owner.Api.Invitations.AcceptAsync(first));
        await owner.Api.Invitations.DeleteAsync(second.Id);
        await InvalidAsync("token", () => owner.Api.Invitations.AcceptAsync(later));
        await InvalidAsync("token", () => owner.Api.Invitations.AcceptAsync(later with { Token = Secrets.NewToken() }));
        await RefusedAsync(404, () => owner.Api.Invitations.DeleteAsync(second.Id));
    }

    [Fact]
    public async Task An_invitation_ends_after_72_hours()
    {
        var (owner, address) = (await server.NewUserAsync(), NewAddress());
        await owner.Api.Invitations.CreateAsync(new() { Email = address, Role = MemberRole.Viewer });
        var request = await AcceptanceAsync(address);
        await using (var db = server.Host.Database.Open(TenantScope.Of(owner.Id)))
        {
            await db.Invitations.ExecuteUpdateAsync(s => s.SetProperty(i => i.ExpiresAt, i => i.CreatedAt));
        }

        Assert.Null(await server.Host.Joining.FindAsync(request.Token));
        await InvalidAsync("token", () => owner.Api.Invitations.AcceptAsync(request));
        Assert.Empty((await owner.Api.Invitations.ListAsync()).Data);
    }

    [Fact]
    public async Task Whoever_has_the_token_is_told_what_it_invites_to()
    {
        var (owner, address) = (await server.NewUserAsync(), NewAddress());
        await owner.Api.Invitations.CreateAsync(new() { Email = address, Role = MemberRole.Viewer });
        var request = await AcceptanceAsync(address);

        Assert.Equal(("Acme Ltd", address), await server.Host.Joining.FindAsync(request.Token) is { } found ? (found.CompanyName, found.Email) : default);
    }

    [Fact]
    public async Task Inviting_tells_nobody_who_is_registered_elsewhere()
    {
        var (owner, other) = (await server.NewUserAsync(), await server.NewUserAsync());

        var invitation = await owner.Api.Invitations.CreateAsync(new() { Email = other.Registration.Email, Role = MemberRole.Viewer });

        Assert.Equal(other.Registration.Email, invitation.Email);
        var request = await AcceptanceAsync(other.Registration.Email);
        Assert.Equal("/problems/email-taken", (await RefusedAsync(409, () => owner.Api.Invitations.AcceptAsync(request))).Type);
        Assert.Equal(other.Id, (await other.Api.Auth.GetProfileAsync()).Id);
    }

    [Fact]
    public async Task Nobody_is_invited_to_own()
    {
        var owner = await server.NewUserAsync();
        await InvalidAsync("role", () => owner.Api.Invitations.CreateAsync(new() { Email = NewAddress(), Role = MemberRole.Owner }));
        await InvalidAsync("email", () => owner.Api.Invitations.CreateAsync(new() { Email = "no address", Role = MemberRole.Agent }));
    }

    [Fact]
    public async Task An_account_that_is_not_active_takes_nobody_in()
    {
        var (owner, address) = (await server.NewUserAsync(), NewAddress());
        await owner.Api.Invitations.CreateAsync(new() { Email = address, Role = MemberRole.Viewer });
        var request = await AcceptanceAsync(address);
        await server.SetStatusAsync(owner.Id, UserStatus.Suspended);

        Assert.Equal("/problems/account-not-active", (await RefusedAsync(401, () => owner.Api.Invitations.AcceptAsync(request))).Type);

        await server.SetStatusAsync(owner.Id, UserStatus.Active);
        await owner.Api.Invitations.AcceptAsync(request);
    }

    [Fact]
    public async Task At_most_a_hundred_invitations_are_open()
    {
        var owner = await server.NewUserAsync();
        await using (var db = server.Host.Database.Open(TenantScope.Of(owner.Id)))
        {
            var now = TimeProvider.System.GetUtcNow();
            db.AddRange(Enumerable.Range(0, 100).Select(n => new Invitation
            {
                Id = Guid.CreateVersion7(),
                Email = $"{n}@example.com",
                Role = MemberRole.Viewer,
                Hash = Secrets.Hash(Secrets.NewToken()),
                InvitedBy = "test",
                CreatedAt = now,
                ExpiresAt = now.AddHours(1),
            }));
            await db.SaveChangesAsync();
        }

        Assert.Equal("/problems/plan-limit-reached", (await RefusedAsync(403, () => owner.Api.Invitations.CreateAsync(new() { Email = NewAddress(), Role = MemberRole.Viewer }))).Type);

        var again = await owner.Api.Invitations.CreateAsync(new() { Email = "7@example.com", Role = MemberRole.Viewer });
        Assert.Equal("7@example.com", again.Email);
    }

    private static string NewAddress() => $"{Guid.CreateVersion7():N}@example.com";

    private async Task<AcceptInvitation> AcceptanceAsync(string address, int nth = 1) => new()
    {
        Token = await server.Mailbox.TokenAsync(address, Subject, nth),
        Password = "a long and good one",
        FirstName = "Grace",
        LastName = "Hopper",
    };
}
