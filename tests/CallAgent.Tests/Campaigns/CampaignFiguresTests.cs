using Microsoft.EntityFrameworkCore;

namespace CallAgent.Tests;

public sealed class CampaignFiguresTests(TestServer server)
{
    [Fact]
    public async Task Counters_of_campaigns_equal_the_rows_whatever_happens_to_calls()
    {
        var user = await server.NewUserAsync();
        var (spring, autumn) = (await user.NewCampaignAsync("Spring"), await user.NewCampaignAsync("Autumn"));
        var calls = new List<Client.Call>();
        for (var i = 0; i < 6; i++)
        {
            calls.Add(await user.NewCallAsync(i < 4 ? spring.Id : null));
        }
        await user.Api.Calls.StartAsync(calls[0].Id);
        await user.Api.Calls.EndAsync(calls[0].Id);
        await user.Api.Calls.FailAsync(calls[1].Id, new() { Reason = "no_answer" });
        await user.Api.Conversations.CreateAsync(new() { CallId = calls[0].Id });
        await user.Api.Conversations.CreateAsync(new() { CallId = calls[2].Id });
        await user.Api.Calls.UpdateAsync(calls[3].Id, new() { CampaignId = autumn.Id });
        await user.Api.Calls.UpdateAsync(calls[4].Id, new() { CampaignId = autumn.Id });
        await user.Api.Calls.DeleteAsync(calls[2].Id);
        await user.Api.Contacts.DeleteAsync(calls[4].ContactId);

        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        var rows = await db.Calls.Where(c => c.CampaignId != null).GroupBy(c => new { c.CampaignId, c.Status })
            .Select(g => new { g.Key.CampaignId, g.Key.Status, Count = g.LongCount() }).ToListAsync(TestContext.Current.CancellationToken);
        var figures = await CampaignFigures.ReadAsync(db, [spring.Id, autumn.Id], TestContext.Current.CancellationToken);

        Assert.Equal(
            rows.Select(r => (r.CampaignId!.Value, r.Status, r.Count)).Order(),
            figures.SelectMany(f => f.Value.Calls.Select(c => (f.Key, c.Key, c.Value))).Order());
        Assert.Equal((2, 1, 1), (figures[spring.Id].TotalCalls, figures[spring.Id].Conversations, figures[autumn.Id].TotalCalls));
        Assert.Equal((2, 0.5), (figures[spring.Id].CallsOver, figures[spring.Id].ReachedShare));
        Assert.NotNull(figures[autumn.Id].LastActivity);
    }

    [Fact]
    public async Task The_account_s_own_figures_do_not_read_them()
    {
        var user = await server.NewUserAsync();
        await user.NewCallAsync((await user.NewCampaignAsync()).Id);

        Assert.Equal(1, (await user.Api.GetDashboardAsync()).Stats.TotalCalls);
    }
}
