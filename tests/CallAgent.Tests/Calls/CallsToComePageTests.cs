using CallAgent.Client;
using Microsoft.Extensions.Time.Testing;

namespace CallAgent.Tests;

/// <summary>Calls that are still to be made: scheduled, moved, tried again, next.</summary>
public sealed class CallsToComePageTests(TestServer server)
{
    [Fact]
    public async Task A_call_is_scheduled_in_the_users_time_zone()
    {
        var user = await server.NewUserAsync();
        await user.Api.Auth.UpdateProfileAsync(new() { Settings = new(new UpdateSettings { TimeZone = "America/New_York", DefaultRegion = "US" }) });
        var call = await user.NewCallAsync();

        await user.PostPageAsync("/calls/new", ("contact_id", call.ContactId.ToString()), ("when", "later"), ("scheduled_time", "2031-01-15T09:30"));
        await user.PostPageAsync($"/calls/{call.Id}/callback", ("callback_time", "2031-07-15T09:30"));

        var times = (await user.Api.Calls.ListAsync(new() { Sort = "-scheduled_time", Limit = 2 })).Data.Select(c => c.ScheduledTime);
        Assert.Equal([new(2031, 7, 15, 13, 30, 0, TimeSpan.Zero), new DateTimeOffset(2031, 1, 15, 14, 30, 0, TimeSpan.Zero)], times);
    }

    [Theory]
    [InlineData("hour", 1)]
    [InlineData("day", 24)]
    [InlineData("week", 168)]
    public async Task Who_did_not_answer_is_tried_again_by_one_click(string choice, int hours)
    {
        var user = await server.NewUserAsync();
        var call = await user.NewCallAsync();
        await user.Api.Calls.StartAsync(call.Id);
        Assert.Null((await user.PageAsync($"/calls/{call.Id}")).QuerySelector(".callback[open]"));
        await user.Api.Calls.FailAsync(call.Id, new() { Reason = hours > 1 ? "no_answer" : "busy" });
        Assert.NotNull((await user.PageAsync($"/calls/{call.Id}")).QuerySelector(".callback[open]"));
        await user.Api.Contacts.UpdateAsync(call.ContactId, new() { Status = ContactStatus.NotInterested });
        Assert.Null((await user.PageAsync($"/calls/{call.Id}")).QuerySelector(".callback[open]"));
        await user.Api.Contacts.UpdateAsync(call.ContactId, new() { Status = ContactStatus.Contacted });

        var before = TimeProvider.System.GetUtcNow();
        await user.PostPageAsync($"/calls/{call.Id}/callback", ("in", choice), ("callback_time", ""));

        var again = (await user.Api.Calls.ListAsync(new() { Filters = new Dictionary<string, string> { ["status"] = "scheduled" } })).Data.Single();
        Assert.InRange(again.ScheduledTime - before, TimeSpan.FromHours(hours) - TimeSpan.FromMinutes(1), TimeSpan.FromHours(hours) + TimeSpan.FromMinutes(1));
        Assert.Null((await user.PageAsync($"/calls/{call.Id}")).QuerySelector(".callback[open]"));
        // The same times move a call that is still to come.
        await user.PostPageAsync($"/calls/{again.Id}/callback", ("in", "week"), ("callback_time", ""));
        Assert.InRange((await user.Api.Calls.GetAsync(again.Id)).ScheduledTime - before, TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1), TimeSpan.FromDays(7) + TimeSpan.FromMinutes(1));
    }

    /// <summary>The clocks go forward in New York on 14 March 2027 at two in the morning; the day has 23 hours.</summary>
    [Theory]
    [InlineData("hour", "2027-03-13T20:30:00Z")]
    [InlineData("day", "2027-03-14T18:30:00Z")]
    [InlineData("week", "2027-03-20T18:30:00Z")]
    public async Task In_a_day_is_the_same_hour_of_the_users_clock(string choice, string expected)
    {
        await using var timed = new TestServer { Clock = new FakeTimeProvider(new(2027, 3, 13, 19, 30, 0, TimeSpan.Zero)) };
        var user = await timed.NewUserAsync();
        await user.Api.Auth.UpdateProfileAsync(new() { Settings = new(new UpdateSettings { TimeZone = "America/New_York" }) });
        var call = await user.NewCallAsync();

        await user.PostPageAsync($"/calls/{call.Id}/callback", ("in", choice), ("callback_time", ""));

        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), (await user.Api.Calls.GetAsync(call.Id)).ScheduledTime);
    }

    [Fact]
    public async Task Next_is_the_longest_due_call_then_the_newest_contact_without_one()
    {
        var user = await server.NewUserAsync();
        Assert.Equal("/calls", await NextAsync());
        var (first, second) = (await user.NewContactAsync(), await user.NewContactAsync());
        await user.Api.Contacts.CreateAsync(new() { PhoneNumber = "+1234567890" });
        var now = TimeProvider.System.GetUtcNow();
        var late = await user.Api.Calls.CreateAsync(new() { ContactId = first.Id, ScheduledTime = now.AddHours(-1) });
        var later = await user.Api.Calls.CreateAsync(new() { ContactId = first.Id, ScheduledTime = now.AddHours(-2) });
        await user.Api.Calls.CreateAsync(new() { ContactId = first.Id, ScheduledTime = now.AddHours(2) });

        Assert.Equal($"/calls/{later.Id}", await NextAsync());
        Assert.Equal($"/calls/{late.Id}", await NextAsync($"?after={later.Id}"));
        await user.Api.Calls.FailAsync(late.Id);
        await user.Api.Calls.FailAsync(later.Id);
        Assert.Equal($"/calls/new?contact_id={second.Id}", await NextAsync());

        async Task<string> NextAsync(string query = "") => (await user.Http.GetAsync("/calls/next" + query)).Headers.Location!.ToString();
    }

    [Fact]
    public async Task A_call_that_is_still_to_come_is_moved_and_cancelled()
    {
        var user = await server.NewUserAsync();
        var (call, started) = (await user.NewCallAsync(), await user.NewCallAsync());
        await user.Api.Calls.StartAsync(started.Id);

        await user.PostPageAsync($"/calls/{call.Id}/callback", ("callback_time", "2031-07-15T09:30"));

        Assert.Equal(new(2031, 7, 15, 9, 30, 0, TimeSpan.Zero), (await user.Api.Calls.GetAsync(call.Id)).ScheduledTime);
        Assert.Equal(2, (await user.Api.Calls.ListAsync()).Data.Count);
        await user.PostPageAsync($"/calls/{call.Id}/cancel");
        await user.PostPageAsync($"/calls/{started.Id}/cancel", 409);
        Assert.Equal(started.Id, Assert.Single((await user.Api.Calls.ListAsync()).Data).Id);
    }

    [Fact]
    public async Task Nobody_is_called_in_the_past()
    {
        var user = await server.NewUserAsync();
        var call = await user.NewCallAsync();

        var refused = await user.PostPageAsync("/calls/new", 400, ("contact_id", call.ContactId.ToString()), ("when", "later"), ("scheduled_time", "2020-01-01T10:00"));
        await user.PostPageAsync($"/calls/{call.Id}/callback", 400, ("callback_time", "2020-01-01T10:00"));

        Assert.Contains("in the past", refused.QuerySelector(".error")!.TextContent);
        Assert.Single((await user.Api.Calls.ListAsync()).Data);
    }

    [Fact]
    public async Task Next_goes_on_along_what_is_due_and_leaves_out_what_cannot_be_dialled()
    {
        var user = await server.NewUserAsync();
        var (contact, wrong) = (await user.NewContactAsync(), await user.Api.Contacts.CreateAsync(new() { PhoneNumber = "+1234567890" }));
        var now = TimeProvider.System.GetUtcNow();
        await user.Api.Calls.CreateAsync(new() { ContactId = wrong.Id, ScheduledTime = now.AddHours(-9) });
        var due = new List<Client.Call>();
        foreach (var hours in new[] { -4, -3, -3, -2 })
        {
            due.Add(await user.Api.Calls.CreateAsync(new() { ContactId = contact.Id, ScheduledTime = now.AddHours(hours) }));
        }

        var seen = new List<string>();
        for (var path = await NextAsync(""); seen.Count < 5; path = await NextAsync($"?after={path[7..]}"))
        {
            seen.Add(path);
        }

        Assert.Equal([.. due.Select(c => $"/calls/{c.Id}"), $"/calls/{due[0].Id}"], seen);

        async Task<string> NextAsync(string query) => (await user.Http.GetAsync("/calls/next" + query)).Headers.Location!.ToString();
    }

    [Fact]
    public async Task The_list_filters_by_what_is_due()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();
        var now = TimeProvider.System.GetUtcNow();
        var (past, future) = (await CallAsync(-48), await CallAsync(48));
        var over = await CallAsync(-49);
        await user.Api.Calls.FailAsync(over.Id);

        Assert.Equal([past.Id], await RowsAsync("due=overdue"));
        Assert.Equal([future.Id], await RowsAsync("due=upcoming"));
        Assert.Empty(await RowsAsync("due=today"));
        Assert.Equal([over.Id], await RowsAsync("status=failed"));
        Assert.Equal([over.Id, past.Id, future.Id], await RowsAsync("sort=scheduled_time"));
        Assert.Equal(3, (await RowsAsync("q=grace")).Count);

        Task<Client.Call> CallAsync(int hours) => user.Api.Calls.CreateAsync(new() { ContactId = contact.Id, ScheduledTime = now.AddHours(hours) });

        async Task<List<Guid>> RowsAsync(string query) =>
            [.. (await user.PageAsync("/calls?" + query)).QuerySelectorAll("a.row-link").Select(a => Guid.Parse(a.GetAttribute("href")!["/calls/".Length..]))];
    }
}
