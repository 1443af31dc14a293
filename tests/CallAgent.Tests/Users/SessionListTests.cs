using System.Net.Http.Headers;
using CallAgent.Client;
using Microsoft.EntityFrameworkCore;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>Sessions are seen and ended by those whose they are (S-09).</summary>
public sealed class SessionListTests(TestServer server)
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private const string Safari = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";

    [Fact]
    public async Task The_list_says_where_one_is_signed_in()
    {
        var user = await server.NewUserAsync();
        var here = await BrowserAsync(user, Firefox);
        await BrowserAsync(user, Safari);

        var sessions = (await here.Sessions.ListAsync()).Data;

        var current = Assert.Single(sessions, s => s.IsCurrent);
        Assert.Equal(("Firefox on Linux", Firefox), (current.Device, current.UserAgent));
        Assert.Equal(TimeSpan.FromDays(30), current.ExpiresAt - current.CreatedAt);
        Assert.Contains(sessions, s => s.Device == "Safari on iPhone");
        Assert.Equal(3, sessions.Count);
    }

    [Fact]
    public async Task One_session_or_all_others_are_ended_and_tokens_with_them()
    {
        var user = await server.NewUserAsync();
        var (here, there, elsewhere) = (await BrowserAsync(user, Firefox), await BrowserAsync(user, Safari), await BrowserAsync(user, "x"));
        var other = (await there.Sessions.ListAsync()).Data.Single(s => s.IsCurrent);

        await here.Sessions.DeleteAsync(other.Id);

        await RefusedAsync(401, () => there.Auth.GetProfileAsync());
        await RefusedAsync(404, () => here.Sessions.DeleteAsync(other.Id));
        await elsewhere.Auth.GetProfileAsync();
        await here.Sessions.DeleteOthersAsync();
        await RefusedAsync(401, () => elsewhere.Auth.GetProfileAsync());
        await RefusedAsync(401, () => user.Api.Auth.GetProfileAsync());
        await RefusedAsync(401, () => here.Auth.CreateTokenAsync(new() { RefreshToken = user.Token.RefreshToken }));
        Assert.True(Assert.Single((await here.Sessions.ListAsync()).Data).IsCurrent);
    }

    [Fact]
    public async Task Another_member_of_the_same_user_neither_sees_nor_ends_them()
    {
        var user = await server.NewUserAsync();
        var mine = (await (await BrowserAsync(user, Firefox)).Sessions.ListAsync()).Data;
        var email = await Members.AddAsync(server, user.Id, MemberRole.Admin);
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await user.Api.Auth.CreateTokenAsync(new() { Email = email, Password = Members.Password })).AccessToken);
        var colleague = new CallAgentClient(http);

        Assert.Empty((await colleague.Sessions.ListAsync()).Data);
        foreach (var session in mine)
        {
            await RefusedAsync(404, () => colleague.Sessions.DeleteAsync(session.Id));
        }
        await colleague.Sessions.DeleteOthersAsync();
        Assert.Equal(mine.Count, (await user.Api.Sessions.ListAsync()).Data.Count);
    }

    [Theory]
    [InlineData(13, 29, true)]
    [InlineData(14, 29, false)]
    [InlineData(0, 30, false)]
    public async Task A_session_ends_when_idle_and_at_its_absolute_end(int idleDays, int ageDays, bool lives)
    {
        var user = await server.NewUserAsync();
        var browser = await BrowserAsync(user, Firefox);
        var now = TimeProvider.System.GetUtcNow();
        await using (var db = server.Host.Database.Open(TenantScope.Of(user.Id)))
        {
            var (seen, end) = (now.AddDays(-idleDays), now.AddDays(30 - ageDays));
            await db.Sessions.ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, seen).SetProperty(x => x.ExpiresAt, end));
            foreach (var hash in db.Sessions.Select(s => s.Hash).ToList())
            {
                server.Host.Principals.ForgetCredential<Session>(hash);
            }
        }

        if (lives)
        {
            await browser.Auth.GetProfileAsync();
            Assert.InRange((await browser.Sessions.ListAsync()).Data.Single(s => s.IsCurrent).LastSeenAt, now.AddSeconds(-1), now.AddMinutes(1));
        }
        else
        {
            await RefusedAsync(401, () => browser.Auth.GetProfileAsync());
        }
    }

    private async Task<CallAgentClient> BrowserAsync(TestUser user, string userAgent)
    {
        var http = server.CreateClient();
        http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", userAgent);
        var api = new CallAgentClient(http);
        await api.Auth.LoginAsync(new() { Email = user.Registration.Email, Password = user.Registration.Password });
        return api;
    }
}
