using System.Net;
using CallAgent.Client;
using Microsoft.EntityFrameworkCore;

namespace CallAgent.Tests;

/// <summary>Following an import takes a credential for as long as one follows.</summary>
public sealed class ImportWatchTests(TestServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Whoever_has_logged_out_follows_no_more()
    {
        var (user, id) = await RunningAsync();
        var cookies = server.CreateClient();
        var browser = new CallAgentClient(cookies);
        await browser.Auth.LoginAsync(new() { Email = user.Registration.Email, Password = user.Registration.Password });
        using var answer = await cookies.GetAsync($"/api/imports/{id}/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        await browser.Auth.LogoutAsync();

        using var patience = new CancellationTokenSource(Patience);
        var told = await answer.Content.ReadAsStringAsync(patience.Token);
        Assert.Contains("event: import", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_follows_so_many_at_once()
    {
        var (user, id) = await RunningAsync();
        var open = new List<HttpResponseMessage>();
        for (var n = 0; n < 9; n++)
        {
            open.Add(await user.Http.GetAsync($"/api/imports/{id}/events", HttpCompletionOption.ResponseHeadersRead));
        }

        Assert.Equal([.. Enumerable.Repeat(HttpStatusCode.OK, 8), HttpStatusCode.TooManyRequests], open.Select(a => a.StatusCode));
        open.ForEach(a => a.Dispose());
    }

    // Nothing moves it on.
    private async Task<(TestUser User, Guid Id)> RunningAsync()
    {
        var user = await server.NewUserAsync();
        var import = await user.UploadAsync("phone\n+14155550132\n");
        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        await db.Imports.ExecuteUpdateAsync(s => s.SetProperty(i => i.State, ImportState.Running));
        return (user, import.Id);
    }
}
