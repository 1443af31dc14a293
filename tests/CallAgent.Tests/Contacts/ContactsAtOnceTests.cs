using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class ContactsAtOnceTests(TestServer server)
{
    [Fact]
    public async Task Many_are_changed_in_one_request_and_search_counters_and_timeline_follow()
    {
        var user = await server.NewUserAsync();
        var (one, two, other) = (await user.NewContactAsync(), await user.NewContactAsync(), await user.NewContactAsync());
        await user.Api.Contacts.AddTagAsync(two.Id, "old");
        var missing = Guid.CreateVersion7();

        var answer = await user.Api.Contacts.ChangeAsync(
            new() { Ids = [one.Id, two.Id, missing, one.Id], AddTags = ["Spring  Offer"], RemoveTags = ["old"], Status = ContactStatus.Interested });

        Assert.Equal((2, 0), (answer.Changed, answer.Deleted));
        Assert.Equal([missing], answer.NotFound);
        foreach (var id in new[] { one.Id, two.Id })
        {
            var changed = await user.Api.Contacts.GetAsync(id);
            Assert.Equal(ContactStatus.Interested, changed.Status);
            Assert.Equal(["spring-offer"], changed.Tags);
            Assert.Contains("status", (await user.Api.Contacts.GetTimelineAsync(id)).Data[0].Details.Keys);
        }
        Assert.Equal(other.UpdatedAt, (await user.Api.Contacts.GetAsync(other.Id)).UpdatedAt);
        Assert.Equal(2, (await TaggedAsync("spring-offer")).Count);
        Assert.Empty(await TaggedAsync("old"));
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));

        async Task<IReadOnlyList<Client.Contact>> TaggedAsync(string tag) =>
            (await user.Api.Contacts.ListAsync(new() { Filters = new Dictionary<string, string> { ["tag"] = tag } })).Data;
    }

    [Fact]
    public async Task What_is_so_already_is_not_changed_and_not_noted()
    {
        var user = await server.NewUserAsync();
        var (one, two) = (await user.NewContactAsync(), await user.NewContactAsync());
        await user.Api.Contacts.AddTagAsync(one.Id, "vip");

        var answer = await user.Api.Contacts.ChangeAsync(new() { Ids = [one.Id, two.Id], AddTags = ["vip"], Status = ContactStatus.New });

        Assert.Equal(1, answer.Changed);
        Assert.Equal(2, (await user.Api.Contacts.GetTimelineAsync(one.Id)).Data.Count);
    }

    [Fact]
    public async Task Many_are_deleted_with_what_is_theirs_and_their_places_are_free()
    {
        var user = await server.NewUserAsync();
        var (gone, stays) = (await user.NewConversationAsync(), await user.NewConversationAsync());
        var alone = await user.NewContactAsync();

        var answer = await user.Api.Contacts.ChangeAsync(new() { Ids = [gone.ContactId, alone.Id], Delete = true });

        Assert.Equal((0, 2), (answer.Changed, answer.Deleted));
        await RefusedAsync(404, () => user.Api.Calls.GetAsync(gone.CallId!.Value));
        await user.Api.Conversations.GetAsync(stays.Id);
        Assert.Equal(1, (await user.Api.GetUsageAsync()).Figures.Contacts);
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
    }

    [Fact]
    public async Task All_is_done_or_nothing()
    {
        var user = await server.NewUserAsync();
        var empty = await user.NewContactAsync();
        var full = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), Tags = [.. Enumerable.Range(0, 50).Select(i => $"t{i}")] });

        var problem = await RefusedAsync(400, () => user.Api.Contacts.ChangeAsync(new() { Ids = [empty.Id, full.Id], AddTags = ["one-more"] }));

        Assert.Contains(full.PhoneNumber, Assert.Single(problem.Errors!["add_tags"]));
        Assert.Empty((await user.Api.Contacts.GetAsync(empty.Id)).Tags);
        Assert.Single((await user.Api.Contacts.GetTimelineAsync(empty.Id)).Data);
    }

    [Theory]
    [InlineData("""{"ids":[]}""", "ids")]
    [InlineData("""{"ids":["x"],"delete":true}""", "ids[0]")]
    [InlineData("""{"ids":["01932f4e-8a55-7c11-b1f0-3d1f5d3c9a01"]}""", "body")]
    [InlineData("""{"ids":["01932f4e-8a55-7c11-b1f0-3d1f5d3c9a01"],"add_tags":["a,b"]}""", "add_tags[0]")]
    [InlineData("""{"ids":["01932f4e-8a55-7c11-b1f0-3d1f5d3c9a01"],"remove_tags":["a/b"]}""", "remove_tags[0]")]
    [InlineData("""{"ids":["01932f4e-8a55-7c11-b1f0-3d1f5d3c9a01"],"status":"new","delete":true}""", "delete")]
    [InlineData("""{"ids":["01932f4e-8a55-7c11-b1f0-3d1f5d3c9a01"],"status":"nice"}""", "status")]
    public async Task What_makes_no_sense_is_refused_by_name(string body, string field)
    {
        var user = await server.NewUserAsync();

        var problem = await (await user.SendAsync("POST", "/api/contacts/bulk", body)).ProblemAsync(400);

        Assert.Contains(field, problem.Errors!.Keys);
    }

    [Fact]
    public async Task Two_hundred_fit_in_a_request_and_are_written_in_batches()
    {
        var user = await server.NewUserAsync(Plan.Professional);
        var ids = new List<Guid>();
        for (var i = 0; i < 200; i++)
        {
            ids.Add((await user.NewContactAsync()).Id);
        }
        var tag = 0;

        var commands = await server.CommandsAsync(user.Id, async () =>
            Assert.Equal(200, (await user.Api.Contacts.ChangeAsync(new() { Ids = ids, AddTags = [$"t{tag++}"] })).Changed));

        // Reading is one. The driver for PostgreSQL batches what is written; SQLite, in the same process, takes a row at a time.
        Assert.True(commands <= (TestDatabase.IsPostgres ? 10 : 802), $"{commands} commands.");
        await InvalidAsync("ids", () => user.Api.Contacts.ChangeAsync(new() { Ids = [.. ids, Guid.NewGuid()], Status = ContactStatus.Lost }));
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
    }

    [Fact]
    public async Task Another_users_contacts_are_not_there()
    {
        var (user, stranger) = (await server.NewUserAsync(), await server.NewUserAsync());
        var (own, foreign) = (await stranger.NewContactAsync(), await user.NewContactAsync());

        var changed = await stranger.Api.Contacts.ChangeAsync(new() { Ids = [own.Id, foreign.Id], Status = ContactStatus.Lost });
        var deleted = await stranger.Api.Contacts.ChangeAsync(new() { Ids = [own.Id, foreign.Id], Delete = true });

        Assert.Equal((1, foreign.Id), (changed.Changed, Assert.Single(changed.NotFound)));
        Assert.Equal((1, foreign.Id), (deleted.Deleted, Assert.Single(deleted.NotFound)));
        Assert.Equal(foreign.UpdatedAt, (await user.Api.Contacts.GetAsync(foreign.Id)).UpdatedAt);
    }

    [Fact]
    public async Task Changes_of_the_same_contacts_sent_at_once_are_all_made()
    {
        var user = await server.NewUserAsync();
        var ids = new[] { (await user.NewContactAsync()).Id, (await user.NewContactAsync()).Id };

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => user.Api.Contacts.ChangeAsync(new() { Ids = i % 2 == 0 ? ids : [.. ids.Reverse()], AddTags = [$"t{i}"] })));

        Assert.Equal(8, (await user.Api.Contacts.GetAsync(ids[1])).Tags.Count);
    }
}
