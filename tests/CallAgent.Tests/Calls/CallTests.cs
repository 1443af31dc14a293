using CallAgent.Client;
using CsCheck;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class CallTests(TestServer server)
{
    [Fact]
    public async Task Every_change_of_state_is_allowed_or_refused_as_the_machine_says()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        var legal = new HashSet<(CallStatus, CallStatus)>
        {
            (CallStatus.Scheduled, CallStatus.InProgress), (CallStatus.Scheduled, CallStatus.Failed), (CallStatus.Scheduled, CallStatus.NoAnswer),
            (CallStatus.Scheduled, CallStatus.Busy), (CallStatus.InProgress, CallStatus.Completed), (CallStatus.InProgress, CallStatus.Failed),
            (CallStatus.InProgress, CallStatus.NoAnswer), (CallStatus.InProgress, CallStatus.Busy),
        };
        foreach (var from in Enum.GetValues<CallStatus>())
        {
            foreach (var to in Enum.GetValues<CallStatus>().Where(t => t != from))
            {
                var call = await InStateAsync(user, from);
                if (legal.Contains((from, to)))
                {
                    Assert.Equal(to, (await user.Api.Calls.UpdateAsync(call.Id, new() { Status = to })).Status);
                }
                else
                {
                    Assert.Equal("/problems/illegal-call-state", (await RefusedAsync(409, () => user.Api.Calls.UpdateAsync(call.Id, new() { Status = to }))).Type);
                    Assert.Equal(from, (await user.Api.Calls.GetAsync(call.Id)).Status);
                }
            }
        }
    }

    [Fact]
    public async Task Whatever_is_tried_in_whatever_order_a_call_that_is_over_stays_as_it_ended()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        await Gen.Enum<CallStatus>().Array[1, 8].SampleAsync(async wishes =>
        {
            var call = await user.NewCallAsync();
            foreach (var wish in wishes)
            {
                var before = await user.Api.Calls.GetAsync(call.Id);
                await TryAsync(user, call.Id, wish);
                var after = await user.Api.Calls.GetAsync(call.Id);

                Assert.True(after.Status == before.Status || after.Status == wish);
                Assert.True(after.StartTime is not null || after.Status is not (CallStatus.InProgress or CallStatus.Completed));
                Assert.Equal(after.Status is not (CallStatus.Scheduled or CallStatus.InProgress), after.EndTime is not null);
                if (before.EndTime is not null)
                {
                    Assert.Equal(before, after);
                }
            }
        }, iter: 20, threads: 2);
    }

    [Fact]
    public async Task A_call_from_start_to_end_dates_itself_and_makes_the_contact_contacted()
    {
        var user = await server.NewUserAsync();
        var call = await user.NewCallAsync();
        Assert.Equal((CallStatus.Scheduled, null), (call.Status, call.StartTime));

        Assert.NotNull((await user.Api.Calls.StartAsync(call.Id)).StartTime);
        await user.Api.Calls.AppendNoteAsync(call.Id, "first");
        await user.Api.Calls.AppendNoteAsync(call.Id, "second");
        var ended = await user.Api.Calls.EndAsync(call.Id, new() { DurationSeconds = 95, RecordingUrl = "https://recordings.example/1.mp3" });

        Assert.Equal((CallStatus.Completed, 95, "first\nsecond"), (ended.Status, ended.DurationSeconds!.Value, ended.Notes!));
        Assert.Equal(ContactStatus.Contacted, (await user.Api.Contacts.GetAsync(call.ContactId)).Status);
        var kinds = (await user.Api.Contacts.GetTimelineAsync(call.ContactId)).Data.Select(e => e.Kind);
        Assert.Equal([TimelineKind.CallEnded, TimelineKind.CallStarted, TimelineKind.CallScheduled, TimelineKind.ContactCreated], kinds);
        var stats = (await user.Api.GetDashboardAsync()).Stats;
        Assert.Equal((1, 1, 1, 0), (stats.TotalCalls, stats.CompletedCalls, stats.TotalContacts, stats.NewContacts));
        var today = (await user.Api.GetDashboardAsync()).Trends[^1];
        Assert.Equal((1, 1, 95), (today.Calls, today.CompletedCalls, today.TalkSeconds));
    }

    [Theory]
    [InlineData("no_answer", CallStatus.NoAnswer)]
    [InlineData("no-answer", CallStatus.NoAnswer)]
    [InlineData("No answer", CallStatus.NoAnswer)]
    [InlineData("busy", CallStatus.Busy)]
    [InlineData("line was cut", CallStatus.Failed)]
    [InlineData(null, CallStatus.Failed)]
    public async Task Failing_a_call_keeps_the_reason(string? reason, CallStatus status)
    {
        var user = await server.NewUserAsync();
        var call = await user.NewCallAsync();

        var failed = await user.Api.Calls.FailAsync(call.Id, new() { Reason = reason });

        Assert.Equal((status, reason), (failed.Status, failed.EndedReason));
        Assert.NotNull(failed.EndTime);
    }

    [Fact]
    public async Task How_a_call_ended_is_corrected_when_it_has_and_could_have_ended_so()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        foreach (var from in Enum.GetValues<CallStatus>())
        {
            foreach (var to in Enum.GetValues<CallStatus>())
            {
                var call = await InStateAsync(user, from);
                Task<Client.Call> CorrectAsync() => user.Api.Calls.CorrectAsync(call.Id, new() { Status = to, Reason = "a word" });
                if (to is CallStatus.Scheduled or CallStatus.InProgress)
                {
                    await InvalidAsync("status", CorrectAsync);
                }
                else if (from is CallStatus.Scheduled or CallStatus.InProgress || (to == CallStatus.Completed && call.StartTime is null))
                {
                    Assert.Equal("/problems/illegal-call-state", (await RefusedAsync(409, CorrectAsync)).Type);
                }
                else
                {
                    var before = await user.Api.Calls.GetAsync(call.Id);
                    var reason = to switch { CallStatus.Failed => "a word", CallStatus.Completed => null, _ => to.ToText() };
                    Assert.Equal(before with { Status = to, EndedReason = reason }, await CorrectAsync() with { Version = before.Version, UpdatedAt = before.UpdatedAt });
                    continue;
                }
                Assert.Equal(from, (await user.Api.Calls.GetAsync(call.Id)).Status);
            }
        }
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
    }

    [Fact]
    public async Task A_correction_moves_the_figures_and_is_told_by_the_timeline()
    {
        var user = await server.NewUserAsync();
        var call = await user.NewCallAsync();
        await user.Api.Calls.StartAsync(call.Id);
        await user.Api.Calls.FailAsync(call.Id, new() { Reason = "busy" });

        var corrected = await user.Api.Calls.CorrectAsync(call.Id, new() { Status = CallStatus.Completed, DurationSeconds = 40 });
        await user.Api.Calls.CorrectAsync(call.Id, new() { Status = CallStatus.Completed });

        Assert.Equal((CallStatus.Completed, 40, null), (corrected.Status, corrected.DurationSeconds!.Value, corrected.EndedReason));
        var dashboard = await user.Api.GetDashboardAsync();
        Assert.Equal((1, 1, 0, 40), (dashboard.Stats.CompletedCalls, dashboard.Trends[^1].CompletedCalls, dashboard.Trends[^1].BusyCalls, dashboard.Trends[^1].TalkSeconds));
        var told = Assert.Single((await user.Api.Contacts.GetTimelineAsync(call.ContactId)).Data, e => e.Kind == TimelineKind.CallCorrected);
        Assert.Equal(("busy", "completed"), (told.Details["from"].GetString(), told.Details["to"].GetString()));
        await user.Api.Calls.CorrectAsync(call.Id, new() { Status = CallStatus.Failed, Reason = "wrong number" });
        var longer = await user.Api.Calls.CorrectAsync(call.Id, new() { Status = CallStatus.Failed, DurationSeconds = 50 });
        Assert.Equal(("wrong number", 50), (longer.EndedReason, longer.DurationSeconds));
        Assert.Equal(3, (await user.Api.Contacts.GetTimelineAsync(call.ContactId)).Data.Count(e => e.Kind == TimelineKind.CallCorrected));
        await InvalidAsync("duration_seconds", () => user.Api.Calls.CorrectAsync(call.Id, new() { Status = CallStatus.Completed, DurationSeconds = 90_000 }));
        await InvalidAsync("reason", () => user.Api.Calls.CorrectAsync(call.Id, new() { Status = CallStatus.Failed, Reason = new string('x', 201) }));
    }

    [Fact]
    public async Task Running_are_ones_own_calls_that_nobody_has_ended()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        var calls = new List<Client.Call>();
        for (var i = 0; i < 4; i++)
        {
            calls.Add(await user.NewCallAsync());
            if (i > 0)
            {
                await user.Api.Calls.StartAsync(calls[i].Id);
            }
        }
        await user.Api.Calls.EndAsync(calls[1].Id);
        var machine = server.Anonymous();
        machine.DefaultRequestHeaders.Add("X-API-Key", (await user.Api.ApiKeys.CreateAsync(new() { Name = "Dialer" })).Key);

        var running = (await user.Api.Calls.RunningAsync()).Data;

        Assert.Equal([calls[3].Id, calls[2].Id], running.Select(c => c.Id));
        Assert.All(running, c => Assert.InRange(c.Seconds, 0, 60));
        Assert.Empty((await new CallAgentClient(machine).Calls.RunningAsync()).Data);
        Assert.Equal(1, await server.CommandsAsync(user.Id, () => user.Api.Calls.RunningAsync()));
    }

    [Fact]
    public async Task A_number_that_no_country_has_is_not_dialled()
    {
        var user = await server.NewUserAsync();
        var contact = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = "+1234567890" });
        var call = await user.Api.Calls.CreateAsync(new() { ContactId = contact.Id });

        Assert.Equal("/problems/number-not-dialable", (await RefusedAsync(409, () => user.Api.Calls.StartAsync(call.Id))).Type);

        Assert.Equal(CallStatus.Scheduled, (await user.Api.Calls.GetAsync(call.Id)).Status);
    }

    [Fact]
    public async Task A_call_that_is_still_to_be_made_follows_its_contact_to_another_number()
    {
        var user = await server.NewUserAsync();
        var contact = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = "+1234567891" });
        var follows = await user.Api.Calls.CreateAsync(new() { ContactId = contact.Id });
        var stays = await user.Api.Calls.CreateAsync(new() { ContactId = contact.Id, PhoneNumber = "+14155550177" });

        await user.Api.Contacts.UpdateAsync(contact.Id, new() { PhoneNumber = "+14155550175" });

        Assert.Equal("+14155550175", (await user.Api.Calls.StartAsync(follows.Id)).PhoneNumber);
        Assert.Equal("+14155550177", (await user.Api.Calls.GetAsync(stays.Id)).PhoneNumber);
        await user.Api.Contacts.UpdateAsync(contact.Id, new() { PhoneNumber = "+14155550176" });
        Assert.Equal("+14155550175", (await user.Api.Calls.GetAsync(follows.Id)).PhoneNumber);
    }

    [Fact]
    public async Task Bad_calls_name_the_field()
    {
        var user = await server.NewUserAsync();
        var call = await user.NewCallAsync();

        await InvalidAsync("contact_id", () => user.Api.Calls.CreateAsync(new() { ContactId = Guid.NewGuid() }));
        await InvalidAsync("campaign_id", () => user.Api.Calls.CreateAsync(new() { ContactId = call.ContactId, CampaignId = Guid.NewGuid() }));
        await InvalidAsync("recording_url", () => user.Api.Calls.UpdateAsync(call.Id, new() { RecordingUrl = "javascript:alert(1)" }));
        await InvalidAsync("duration_seconds", () => user.Api.Calls.EndAsync(call.Id, new() { DurationSeconds = -1 }));
        await InvalidAsync("text", () => user.Api.Calls.AppendNoteAsync(call.Id, " "));
    }

    [Fact]
    public async Task A_call_that_is_started_and_cancelled_at_once_becomes_one_of_both()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        await using var one = (await server.Host.AsAsync(user.Id))!;
        await using var other = (await server.Host.AsAsync(user.Id))!;
        for (var time = 0; time < 20; time++)
        {
            var call = await user.NewCallAsync();

            var start = Task.Run(() => one.Calls.StartAsync(call.Id));
            var cancel = Task.Run(() => other.Calls.CancelAsync(call.Id));
            var (started, refused) = ((await start).Problem, await cancel);

            Assert.True((started?.Status, refused?.Status) is (null, 409) or (404, null), $"{started} {refused}");
            Assert.Equal(started is null ? CallStatus.InProgress : null, (await one.Calls.FindAsync(call.Id))?.Status);
        }
    }

    private static async Task TryAsync(TestUser user, Guid id, CallStatus wish)
    {
        try
        {
            await (wish switch
            {
                CallStatus.InProgress => user.Api.Calls.StartAsync(id),
                CallStatus.Completed => user.Api.Calls.EndAsync(id),
                CallStatus.Failed => user.Api.Calls.FailAsync(id),
                _ => user.Api.Calls.UpdateAsync(id, new() { Status = wish }),
            });
        }
        catch (CallAgentException e) when (e.Status == 409)
        {
            // Not from this state.
        }
    }

    private static async Task<Client.Call> InStateAsync(TestUser user, CallStatus status)
    {
        var call = await user.NewCallAsync();
        return status switch
        {
            CallStatus.Scheduled => call,
            CallStatus.InProgress => await user.Api.Calls.StartAsync(call.Id),
            CallStatus.Completed => await EndedAsync(),
            CallStatus.Failed => await user.Api.Calls.FailAsync(call.Id),
            CallStatus.NoAnswer => await user.Api.Calls.FailAsync(call.Id, new() { Reason = "no_answer" }),
            _ => await user.Api.Calls.FailAsync(call.Id, new() { Reason = "busy" }),
        };

        async Task<Client.Call> EndedAsync()
        {
            await user.Api.Calls.StartAsync(call.Id);
            return await user.Api.Calls.EndAsync(call.Id);
        }
    }
}
