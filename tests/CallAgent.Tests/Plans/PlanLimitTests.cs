using CallAgent.Client;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>Limits hold under concurrency (T-20), and the counters are what is there.</summary>
public sealed class PlanLimitTests(TestServer server)
{
    private const int Parallel = 64;
    private const int Room = 5;

    [Fact]
    public Task Of_64_contacts_at_once_exactly_those_fit_that_have_room() => RaceAsync(1, 100 - Room, "contacts", (user, _) => user.NewContactAsync());

    [Fact]
    public Task Of_64_calls_at_once_exactly_those_fit_that_have_room() => RaceAsync(1, 50 - Room, "calls", async (user, contact) =>
        await user.Api.Calls.CreateAsync(new() { ContactId = contact }));

    [Fact]
    public Task Of_64_campaigns_at_once_exactly_those_fit_that_have_room() => RaceAsync(1, 10 - Room, "campaigns", (user, _) => user.NewCampaignAsync(), Plan.Basic);

    [Fact]
    [Trait("kind", "long")]
    public async Task The_limits_hold_twenty_times()
    {
        await RaceAsync(20, 100 - Room, "contacts", (user, _) => user.NewContactAsync());
        await RaceAsync(20, 50 - Room, "calls", async (user, contact) => await user.Api.Calls.CreateAsync(new() { ContactId = contact }));
    }

    [Fact]
    public async Task A_deletion_gives_the_place_back()
    {
        var user = await server.NewUserAsync();
        var campaigns = new List<Client.Campaign>();
        for (var i = 0; i < 3; i++)
        {
            campaigns.Add(await user.NewCampaignAsync());
        }
        var problem = await RefusedAsync(403, () => user.NewCampaignAsync());
        Assert.EndsWith("plan-limit-reached", problem.Type);
        Assert.Equal(("3", "3", "free"), (problem.Extensions!["limit"]!.ToString(), problem.Extensions["used"]!.ToString(), problem.Extensions["plan"]!.ToString()));

        await user.Api.Campaigns.DeleteAsync(campaigns[0].Id);

        await user.NewCampaignAsync();
    }

    [Fact]
    public async Task A_scheduled_call_gives_its_place_in_the_month_back_and_one_that_took_place_does_not()
    {
        var user = await server.NewUserAsync();
        var (cancelled, ended) = (await user.NewCallAsync(), await user.NewCallAsync());
        await user.Api.Calls.StartAsync(ended.Id);
        await user.Api.Calls.EndAsync(ended.Id);

        await user.Api.Calls.DeleteAsync(cancelled.Id);
        await user.Api.Calls.DeleteAsync(ended.Id);

        var usage = (await user.Api.GetUsageAsync()).Figures;
        Assert.Equal((0, 1), (usage.Calls, usage.CallsThisMonth));
    }

    [Fact]
    public async Task A_larger_plan_is_in_force_and_an_unlimited_one_says_null()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        for (var i = 0; i < 4; i++)
        {
            await user.NewCampaignAsync();
        }

        var usage = await user.Api.GetUsageAsync();

        Assert.Equal((Plan.Enterprise, null, 4), (usage.Plan, usage.Limits.Campaigns, usage.Figures.Campaigns));
    }

    [Fact]
    public Task Whatever_is_done_the_counters_are_what_is_there() =>
        Gen.Int[0, 8].Array[5, 25].SampleAsync(async steps =>
        {
            var user = await server.NewUserAsync(Plan.Professional);
            var random = new Random(steps.Length * 31 + steps[0]);
            foreach (var step in steps)
            {
                await StepAsync(user, step, random);
            }
            Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
        }, iter: 8, threads: 2);

    [Fact]
    public async Task The_check_of_the_counters_notices_a_row_that_was_not_counted()
    {
        var user = await server.NewUserAsync();
        await user.NewContactAsync();
        await using (var db = server.Host.Database.Open(TenantScope.Of(user.Id)))
        {
            await db.Contacts.ExecuteDeleteAsync();
        }

        Assert.NotEqual("", await Ledger.DifferencesAsync(server, user.Id));
    }

    [Fact]
    public async Task The_check_of_the_tokens_notices_one_that_is_missing_and_one_that_was_left()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();
        await using (var db = server.Host.Database.Open(TenantScope.Of(user.Id)))
        {
            await db.ContactTokens.Where(t => t.Token == "hopper").ExecuteDeleteAsync();
            Assert.Equal($"tokens of {contact.Id}", await Ledger.DifferencesAsync(server, user.Id));
        }

        // The trigger goes by what the contact says of itself.
        await using (var db = server.Host.Database.Open(TenantScope.Of(user.Id)))
        {
            await db.Contacts.ExecuteUpdateAsync(c => c.SetProperty(x => x.Words, "[]"));
        }
        await user.Api.Contacts.DeleteAsync(contact.Id);
        Assert.Equal($"tokens of {contact.Id}, which is gone", await Ledger.DifferencesAsync(server, user.Id));
    }

    private async Task RaceAsync(int times, int already, string what, Func<TestUser, Guid, Task> create, Plan plan = Plan.Free)
    {
        for (var time = 0; time < times; time++)
        {
            var user = await server.NewUserAsync(plan);
            var contact = what == "contacts" ? Guid.Empty : (await user.NewContactAsync()).Id;
            for (var i = 0; i < already; i++)
            {
                await create(user, contact);
            }
            var refusals = 0;
            await Task.WhenAll(Enumerable.Range(0, Parallel).Select(async _ =>
            {
                try
                {
                    await create(user, contact);
                }
                catch (CallAgentException e) when (e.Problem.Type == "/problems/plan-limit-reached")
                {
                    Interlocked.Increment(ref refusals);
                }
            }));
            Assert.Equal(Parallel - Room, refusals);
            Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
        }
    }

    private static async Task StepAsync(TestUser user, int step, Random random)
    {
        var contacts = (await user.Api.Contacts.ListAsync()).Data;
        var calls = (await user.Api.Calls.ListAsync()).Data;
        try
        {
            switch (step)
            {
                case 0 or 1:
                    await user.NewContactAsync();
                    break;
                case 2 when contacts.Count > 0:
                    await user.Api.Contacts.UpdateAsync(Pick(contacts).Id, new() { Status = (ContactStatus)random.Next(6) });
                    break;
                case 3 when contacts.Count > 0:
                    await user.Api.Calls.CreateAsync(new() { ContactId = Pick(contacts).Id });
                    break;
                case 4 when calls.Count > 0:
                    await user.Api.Calls.StartAsync(Pick(calls).Id);
                    break;
                case 5 when calls.Count > 0:
                    await user.Api.Calls.EndAsync(Pick(calls).Id, new() { DurationSeconds = random.Next(100) });
                    break;
                case 6 when calls.Count > 0:
                    await user.Api.Conversations.CreateAsync(new() { CallId = Pick(calls).Id });
                    break;
                case 7 when contacts.Count > 0:
                    await user.Api.Contacts.DeleteAsync(Pick(contacts).Id);
                    break;
                case 8 when calls.Count > 0:
                    await user.Api.Calls.DeleteAsync(Pick(calls).Id);
                    break;
                default:
                    await user.NewCampaignAsync();
                    break;
            }
        }
        catch (CallAgentException e) when (e.Status == 409)
        {
            // An illegal change of state, refused.
        }

        T Pick<T>(IReadOnlyList<T> rows) => rows[random.Next(rows.Count)];
    }
}

/// <summary>Recounts a user's rows and compares them with its counters; the tokens of its contacts too.</summary>
internal static class Ledger
{
    /// <returns>Nothing when the counters and tokens are what is there; else the differences.</returns>
    public static async Task<string> DifferencesAsync(TestServer server, Guid userId)
    {
        await using var db = server.Host.Database.Open(TenantScope.Of(userId));
        var real = new Dictionary<string, long>();
        var contacts = await db.Contacts.ToListAsync();
        Add(contacts);
        Add(await db.Calls.ToListAsync());
        Add(await db.Conversations.ToListAsync());
        Add(await db.Campaigns.ToListAsync());
        Add(await db.ApiKeys.ToListAsync());
        Add(await db.Imports.ToListAsync());
        var counted = await db.Counters.Where(c => c.Period == "").ToDictionaryAsync(c => c.Name, c => c.Value);
        var tokens = (await db.ContactTokens.ToListAsync()).ToLookup(t => t.ContactId, t => t.Token);
        var untrue = contacts.Where(c => !ContactTokens.Of(c).SetEquals(tokens[c.Id]) || c.Words != ContactTokens.Write(ContactTokens.Of(c))).Select(c => $"tokens of {c.Id}")
            .Concat(tokens.Select(t => t.Key).Except(contacts.Select(c => c.Id)).Select(id => $"tokens of {id}, which is gone"));
        return string.Join("; ", untrue.Concat(counted.Keys.Union(real.Keys).Where(n => counted.GetValueOrDefault(n) != real.GetValueOrDefault(n))
            .Select(n => $"{n}: {counted.GetValueOrDefault(n)} counted, {real.GetValueOrDefault(n)} there")));

        void Add(IEnumerable<ICounted> rows)
        {
            foreach (var name in rows.SelectMany(r => r.Totals()))
            {
                real[name] = real.GetValueOrDefault(name) + 1;
            }
        }
    }
}
