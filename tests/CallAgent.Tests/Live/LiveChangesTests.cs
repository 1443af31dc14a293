namespace CallAgent.Tests;

/// <summary>Following in process, where another host stands for another node.</summary>
public sealed class LiveChangesTests(TestServer server)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    [Fact]
    public async Task Another_nodes_changes_and_deletions_are_seen()
    {
        using var database = TestDatabase.Create();
        await using var here = await CallAgentHost.StartAsync(database.Settings);
        await using var there = await CallAgentHost.StartAsync(database.Settings);
        var principal = (await here.RegisterAsync(TestServer.NewRegistration())).OrThrow();
        using var feed = here.Live.Follow(principal, LiveTopics.Contacts).OrThrow();
        await using var workspace = there.As(principal);
        // A node compares with what it saw first.
        Assert.Equal(LiveTopics.None, await feed.NextAsync(TimeSpan.FromSeconds(4)));

        var contact = (await workspace.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone() })).OrThrow();
        Assert.Equal(LiveTopics.Contacts, await feed.NextAsync(Patience));

        (await workspace.Contacts.UpdateAsync(contact.Id, new() { FirstName = "Ada" })).OrThrow();
        Assert.Equal(LiveTopics.Contacts, await feed.NextAsync(Patience));

        Assert.Null(await workspace.Contacts.DeleteAsync(contact.Id));
        Assert.Equal(LiveTopics.Contacts, await feed.NextAsync(Patience));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_another_node_did_between_a_page_and_its_feed_is_told(bool followed)
    {
        using var database = TestDatabase.Create();
        await using var here = await CallAgentHost.StartAsync(database.Settings);
        await using var there = await CallAgentHost.StartAsync(database.Settings);
        var principal = (await here.RegisterAsync(TestServer.NewRegistration())).OrThrow();
        await using var workspace = there.As(principal);
        var contact = (await workspace.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone() })).OrThrow();
        // A node that follows the user for others has seen the change before this feed comes.
        using var other = followed ? here.Live.Follow(principal).OrThrow() : null;

        var changed = await FollowAfterAsync(() => workspace.Contacts.UpdateAsync(contact.Id, new() { FirstName = "Ada" }));
        Assert.Equal(LiveTopics.Contacts, changed);
        Assert.Equal(LiveTopics.Contacts | LiveTopics.Usage, await FollowAfterAsync(() => workspace.Contacts.DeleteAsync(contact.Id)));
        Assert.Equal(LiveTopics.None, await FollowAfterAsync(() => Task.CompletedTask));

        async Task<LiveTopics> FollowAfterAsync(Func<Task> change)
        {
            var page = await here.Live.MarkAsync(principal);
            await change();
            await Task.Delay(TimeSpan.FromSeconds(followed ? 4 : 0));
            using var feed = here.Live.Follow(principal, since: page).OrThrow();
            return await feed.NextAsync(TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public async Task What_was_rolled_back_is_not_told_nor_what_was_refused()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();
        var principal = (await server.Host.AsAsync(user.Id))!.Principal;
        using var feed = server.Host.Live.Follow(principal).OrThrow();
        await using var workspace = server.Host.As(principal);

        Assert.Equal(409, (await workspace.Contacts.CreateAsync(new() { PhoneNumber = contact.PhoneNumber })).Problem?.Status);
        await using (await workspace.Db.BeginWriteAsync(CancellationToken.None))
        {
            (await workspace.Contacts.UpdateAsync(contact.Id, new() { FirstName = "Ada" })).OrThrow();
        }
        Assert.Equal(LiveTopics.None, await feed.NextAsync(TimeSpan.FromSeconds(4)));

        await workspace.Campaigns.CreateAsync(new() { Name = "Spring" });
        Assert.Equal(LiveTopics.Campaigns | LiveTopics.Usage, await feed.NextAsync(Patience));
    }

    [Fact]
    public async Task Whoever_does_not_listen_hears_of_many_changes_as_of_one_and_holds_nobody_up()
    {
        var user = await server.NewUserAsync(Client.Plan.Basic);
        var principal = (await server.Host.AsAsync(user.Id))!.Principal;
        using var feed = server.Host.Live.Follow(principal, LiveTopics.Contacts | LiveTopics.Calls).OrThrow();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => user.NewCallAsync()));
        await Task.Delay(TimeSpan.FromSeconds(4));

        Assert.Equal(LiveTopics.Contacts | LiveTopics.Calls, await feed.NextAsync(TimeSpan.Zero));
        Assert.Equal(LiveTopics.None, await feed.NextAsync(TimeSpan.FromSeconds(4)));
    }

    [Fact]
    public async Task A_user_whom_nobody_follows_is_not_looked_at()
    {
        var user = await server.NewUserAsync();
        server.Host.Live.Follow((await server.Host.AsAsync(user.Id))!.Principal).OrThrow().Dispose();
        await Task.Delay(100);

        Assert.Equal(0, await server.CommandsAsync(user.Id, () => Task.Delay(1500)));
    }

    [Fact]
    public async Task What_cannot_be_taken_back_waits_for_the_commit()
    {
        var (user, done) = (await server.NewUserAsync(), new List<string>());
        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        await using (await db.BeginWriteAsync(CancellationToken.None))
        {
            db.AfterCommit(() => done.Add("dropped"));
        }
        await using (var kept = await db.BeginWriteAsync(CancellationToken.None))
        {
            db.AfterCommit(() => done.Add("kept"));
            Assert.Empty(done);
            await kept.CommitAsync();
        }
        db.AfterCommit(() => done.Add("without"));

        Assert.Equal(["kept", "without"], done);
    }
}
