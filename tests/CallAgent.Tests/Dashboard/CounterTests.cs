using CallAgent.Client;
using CsCheck;
using Microsoft.EntityFrameworkCore;

namespace CallAgent.Tests;

/// <summary>Counters are what one would count: random work, then the rows are counted and compared.</summary>
public sealed class CounterTests(TestServer server)
{
    private const int Runs = 12;

    private enum Act { NewContact, Schedule, Complete, NoAnswer, Busy, Fail, Correct, MoveCampaign, Converse, Stage, DeleteCall, DeleteCampaign }

    [Fact]
    public async Task After_any_work_the_dashboard_says_what_the_rows_say()
    {
        await Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 1000]).Array[5, 40].SampleAsync(async acts =>
        {
            var user = await server.NewUserAsync(Plan.Enterprise);
            await using var workspace = (await server.Host.AsAsync(user.Id))!;
            var work = new Work(workspace);
            foreach (var (act, which) in acts)
            {
                await work.DoAsync(act, which);
            }
            await CompareAsync(workspace, null, work);
            foreach (var campaign in await workspace.Db.Campaigns.AsNoTracking().Select(c => c.Id).ToListAsync())
            {
                await CompareAsync(workspace, campaign, work);
            }
        }, iter: Runs, threads: 1);
    }

    private static async Task CompareAsync(Workspace workspace, Guid? campaign, Work work)
    {
        var dashboard = (await workspace.Dashboards.GetAsync(new() { Days = 3, CampaignId = campaign })).OrThrow();
        var calls = await workspace.Db.Calls.AsNoTracking().Where(c => campaign == null || c.CampaignId == campaign).ToListAsync();
        var conversations = await workspace.Db.Conversations.AsNoTracking().Where(c => campaign == null || c.CampaignId == campaign).ToListAsync();

        Assert.All(Enum.GetValues<CallStatus>(), s => Assert.Equal(calls.Count(c => c.Status == s), dashboard.CallsByStatus[s.ToText()]));
        Assert.Equal(
            conversations.GroupBy(c => c.Stage).ToDictionary(g => g.Key, g => (long)g.Count()).OrderBy(s => s.Key, StringComparer.Ordinal),
            dashboard.ConversationsByStage.OrderBy(s => s.Key, StringComparer.Ordinal));
        // History stays when a call is deleted, so that the days hold the deleted ones too.
        var ever = calls.Concat(work.DeletedCalls.Where(c => campaign == null || c.CampaignId == campaign)).ToList();
        var totals = dashboard.Period.Totals;
        Assert.Equal(ever.Count, totals.Calls);
        Assert.Equal(ever.Count(c => c.Status == CallStatus.Completed), totals.CompletedCalls);
        Assert.Equal(ever.Count(c => c.Status == CallStatus.NoAnswer), totals.NoAnswerCalls);
        Assert.Equal(ever.Count(c => c.Status == CallStatus.Busy), totals.BusyCalls);
        Assert.Equal(ever.Count(c => c.Status == CallStatus.Failed), totals.FailedCalls);
        Assert.Equal(ever.Where(c => c.Status == CallStatus.Completed).Sum(c => c.DurationSeconds ?? 0), totals.TalkSeconds);
        Assert.Equal(conversations.Count + work.DeletedConversations.Count(c => campaign == null || c.CampaignId == campaign), totals.Conversations);
    }

    /// <summary>Does what a user could do; what is refused changes nothing.</summary>
    private sealed class Work(Workspace workspace)
    {
        private readonly List<Guid> contacts = [];
        private readonly List<Guid> campaigns = [];
        private readonly List<Guid> calls = [];
        private readonly List<Guid> conversations = [];

        public List<Call> DeletedCalls { get; } = [];

        public List<Conversation> DeletedConversations { get; } = [];

        public async Task DoAsync(Act act, int which)
        {
            if (contacts.Count == 0)
            {
                await AddContactAsync();
                campaigns.Add((await workspace.Campaigns.CreateSampleAsync(SampleType.Sales)).OrThrow().Id);
                campaigns.Add((await workspace.Campaigns.CreateSampleAsync(SampleType.Survey)).OrThrow().Id);
            }
            await (act switch
            {
                Act.NewContact => AddContactAsync(),
                Act.Schedule => ScheduleAsync(which),
                Act.Complete => OnCall(which, async id => await workspace.Calls.EndAsync(await StartedAsync(id), new() { DurationSeconds = which })),
                Act.NoAnswer => OnCall(which, id => workspace.Calls.FailAsync(id, new() { Reason = "no_answer" })),
                Act.Busy => OnCall(which, async id => await workspace.Calls.FailAsync(await StartedAsync(id), new() { Reason = "busy" })),
                Act.Fail => OnCall(which, id => workspace.Calls.FailAsync(id, new() { Reason = "wrong number" })),
                Act.Correct => OnCall(which, id => workspace.Calls.UpdateAsync(id, new() { DurationSeconds = which + 7 })),
                Act.MoveCampaign => OnCall(which, id => workspace.Calls.UpdateAsync(id, new() { CampaignId = CampaignOf(which + 1) })),
                Act.Converse => OnCall(which, ConverseAsync),
                Act.Stage => MoveStageAsync(which),
                Act.DeleteCall => OnCall(which, DeleteCallAsync),
                Act.DeleteCampaign => DeleteCampaignAsync(),
                _ => throw new InvalidOperationException($"There is no {act}."),
            });
        }

        private async Task AddContactAsync() => contacts.Add((await workspace.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone() })).OrThrow().Id);

        private async Task ScheduleAsync(int which) =>
            calls.Add((await workspace.Calls.CreateAsync(new() { ContactId = contacts[which % contacts.Count], CampaignId = CampaignOf(which) })).OrThrow().Id);

        private Task OnCall(int which, Func<Guid, Task> act) => calls.Count == 0 ? ScheduleAsync(which) : act(calls[which % calls.Count]);

        private async Task<Guid> StartedAsync(Guid id)
        {
            await workspace.Calls.StartAsync(id);
            return id;
        }

        private async Task ConverseAsync(Guid callId) =>
            conversations.Add((await workspace.Conversations.CreateAsync(new() { CallId = callId })).OrThrow().Id);

        private async Task MoveStageAsync(int which)
        {
            if (conversations.Count > 0)
            {
                await workspace.Conversations.UpdateAsync(conversations[which % conversations.Count], new() { Stage = which % 2 == 0 ? "closing" : "introduction" });
            }
        }

        private async Task DeleteCallAsync(Guid id)
        {
            DeletedCalls.Add(await workspace.Db.Calls.AsNoTracking().SingleAsync(c => c.Id == id));
            DeletedConversations.AddRange(await workspace.Db.Conversations.AsNoTracking().Where(c => c.CallId == id).ToListAsync());
            conversations.RemoveAll(c => DeletedConversations.Exists(d => d.Id == c));
            calls.Remove(id);
            Assert.Null(await workspace.Calls.DeleteAsync(id));
        }

        // Its calls and conversations stay, with no campaign, and so do the account's own figures.
        private async Task DeleteCampaignAsync()
        {
            if (campaigns.Count > 1)
            {
                Assert.Null(await workspace.Campaigns.DeleteAsync(campaigns[0]));
                campaigns.RemoveAt(0);
            }
        }

        private Guid? CampaignOf(int which) => which % 3 == 0 ? null : campaigns[which % campaigns.Count];
    }
}
