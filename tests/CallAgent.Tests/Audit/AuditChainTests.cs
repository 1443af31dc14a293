using System.Data.Common;
using CallAgent.Client;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CallAgent.Tests;

/// <summary>The chain finds every tampering by somebody who may do everything with the database (S-19).</summary>
public sealed class AuditChainTests
{
    // {u} is the user; 3 is a seal in the middle, {end} the last.
    private static readonly (string Name, string Sql, string Finding)[] Tamperings =
    [
        ("an entry is changed", "update audit_entries set actor_name = 'Somebody else' where {u} and id = {e3}", "was changed"),
        ("its time is changed", "update audit_entries set occurred_at = (select min(occurred_at) from audit_entries where {u}) where {u} and id = {end}", "was changed"),
        ("what was noted of a change is blanked", "update audit_entries set changes = null where {u} and id = {e3}", "was changed"),
        ("an entry is deleted", "delete from audit_entries where {u} and id = {e3}", "is gone"),
        ("an entry is deleted with its seal", "delete from audit_entries where {u} and id = {e3}; delete from audit_seals where {u} and sequence = 3", "Seal 3 is gone"),
        ("the newest entry is cut off", "delete from audit_entries where {u} and id = {end}; delete from audit_seals where {u} and entry_id = {end}", "The chain ends at seal"),
        ("the newest is cut off and the end moved", """
            delete from audit_entries where {u} and id = {end}; delete from audit_seals where {u} and entry_id = {end};
            update audit_chains set sequence = sequence - 1, hash = (select hash from audit_seals where {u} order by sequence desc limit 1) where {u}
            """, "ends of the chain were changed"),
        ("two entries change places", """
            update audit_seals set entry_id = {new} where {u} and sequence = 2; update audit_seals set entry_id = {e2} where {u} and sequence = 3;
            update audit_seals set entry_id = {e3} where {u} and sequence = 2
            """, "does not follow"),
        ("an entry is inserted", "insert into audit_entries select user_id, {new}, occurred_at, kind, action, resource_id, actor_kind, actor_id, actor_name, address, request_id, changes, details, mac from audit_entries where {u} and id = {e3}", "was not written by CallAgent"),
        ("an entry is inserted with a seal", """
            insert into audit_entries select user_id, {new}, occurred_at, kind, action, resource_id, actor_kind, actor_id, actor_name, address, request_id, changes, details, mac from audit_entries where {u} and id = {e3};
            insert into audit_seals select user_id, sequence + 100, {new}, hash from audit_seals where {u} and sequence = 3
            """, "beyond the end"),
        ("a seal is taken off", "delete from audit_seals where {u} and sequence = 3", "Seal 3 is gone"),
        ("the beginning is cut off as if its time were over", """
            update audit_chains set anchor_sequence = 3, anchor_hash = (select hash from audit_seals where {u} and sequence = 3) where {u};
            delete from audit_entries where {u} and id in (select entry_id from audit_seals where {u} and sequence <= 3); delete from audit_seals where {u} and sequence <= 3
            """, "ends of the chain were changed"),
        ("the end of the chain is removed", "delete from audit_chains where {u}", "The end of the chain is gone"),
    ];

    [Fact]
    public async Task Every_tampering_is_found_and_none_where_there_was_none()
    {
        await using var server = new TestServer();
        await server.InitializeAsync();
        await OpenTheDoorsAsync(server);
        foreach (var (name, sql, finding) in Tamperings)
        {
            var user = await server.NewUserAsync();
            await user.NewContactAsync();
            await server.SettleAsync();
            var before = await VerifyAsync(server.Host, user.Id);
            Assert.True(before.IsIntact, string.Join(' ', before.Faults));
            Assert.True(before is { Checked: > 4, Waiting: 0 }, $"{before.Checked} and {before.Waiting}");

            await TamperAsync(server, user.Id, sql);

            var after = await VerifyAsync(server.Host, user.Id);
            Assert.True(after.Faults.Any(f => f.Contains(finding, StringComparison.Ordinal)), $"When {name}: {string.Join(' ', after.Faults)}");
        }
    }

    [Fact]
    public async Task A_log_that_another_secret_sealed_is_not_taken_for_whole()
    {
        using var database = TestDatabase.Create();
        Guid id;
        await using (var host = await CallAgentHost.StartAsync(database.Settings with { SecretKey = new string('a', 40) }))
        {
            id = (await host.RegisterAsync(TestServer.NewRegistration())).Value.UserId;
        }
        await using var other = await CallAgentHost.StartAsync(database.Settings with { SecretKey = new string('b', 40) });

        Assert.Contains((await VerifyAsync(other, id)).Faults, f => f.Contains("another SECRET_KEY", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_nodes_that_write_and_seal_for_one_user_at_once_make_one_chain()
    {
        await using var server = new TestServer();
        await server.InitializeAsync();
        await using var second = await CallAgentHost.StartAsync(server.Database.Settings);
        var user = await server.NewUserAsync(Plan.Enterprise);
        using var end = new CancellationTokenSource();
        var sealing = Task.WhenAll(new[] { server.Host, second }.Select(h => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                await h.AuditSealer.SealAllAsync();
            }
        })));

        await Task.WhenAll(new[] { server.Host, second, server.Host, second }.Select(async host =>
        {
            await using var workspace = (await host.AsAsync(user.Id))!;
            for (var i = 0; i < 40; i++)
            {
                Assert.Null((await workspace.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone() })).Problem);
                await workspace.Contacts.ListAsync();
            }
        }));
        await end.CancelAsync();
        await sealing;
        await second.AuditInbox.FlushAsync();
        await second.AuditSealer.SealAllAsync();
        await server.SettleAsync();

        var report = await VerifyAsync(server.Host, user.Id);
        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        Assert.True(report.IsIntact, string.Join(' ', report.Faults));
        Assert.Equal((await db.AuditEntries.LongCountAsync(), 0), (report.Checked, report.Waiting));
        Assert.Equal(160, await db.AuditEntries.CountAsync(e => e.Action == "contact.create"));
    }

    [Fact]
    public async Task What_a_dead_node_left_is_sealed_when_a_server_starts()
    {
        await using var server = new TestServer();
        await server.InitializeAsync();
        var user = await server.NewUserAsync();
        await user.NewContactAsync();
        await server.SettleAsync();
        server.Host.Database.Book!.Written = null;
        await user.Api.Campaigns.CreateAsync(new() { Name = "Nobody seals this" });
        Assert.Equal(1, (await VerifyAsync(server.Host, user.Id)).Waiting);

        server.Host.Database.Book.Written = server.Host.AuditSealer.Written;
        await AuditUpkeep.SweepAsync(server.Host, CancellationToken.None);
        await server.Host.AuditSealer.SealAllAsync();

        Assert.Equal(0, (await VerifyAsync(server.Host, user.Id)).Waiting);
    }

    [Fact]
    public async Task What_was_not_sealed_is_sealed_however_much_later_the_database_comes_back()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-100));
        using var database = TestDatabase.Create();
        await using var host = await CallAgentHost.StartAsync(database.Settings, new HostParts { Clock = clock }, CancellationToken.None);
        var id = (await host.RegisterAsync(TestServer.NewRegistration())).Value.UserId;
        await host.AuditSealer.SealAllAsync();
        host.Database.Book!.Written = null;
        await using var workspace = (await host.AsAsync(id))!;
        Assert.Null((await workspace.Campaigns.CreateAsync(new() { Name = "Not sealed" })).Problem);
        clock.Advance(TimeSpan.FromDays(90));
        Assert.False((await VerifyAsync(host, id)).IsIntact);

        await workspace.Audit.SealAsync();

        var report = await VerifyAsync(host, id);
        Assert.True(report.IsIntact, string.Join(' ', report.Faults));
        Assert.Equal(0, report.Waiting);
    }

    [Fact]
    public async Task Entries_go_after_their_time_and_what_is_left_can_still_be_checked()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-500));
        // Without the jobs of a server, of which one does the same every day.
        using var database = TestDatabase.Create();
        await using var host = await CallAgentHost.StartAsync(database.Settings, new HostParts { Clock = clock }, CancellationToken.None);
        var id = (await host.RegisterAsync(TestServer.NewRegistration())).Value.UserId;
        await using var workspace = (await host.AsAsync(id))!;
        Assert.Null((await workspace.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone() })).Problem);
        await host.AuditSealer.SealAllAsync();
        clock.Advance(TimeSpan.FromDays(495));
        Assert.Null((await workspace.Campaigns.CreateAsync(new() { Name = "Young" })).Problem);
        await host.AuditSealer.SealAllAsync();
        var before = await workspace.Audit.VerifyAsync();

        var gone = await workspace.Audit.PruneAsync(host.Now - host.AuditLife);
        await host.AuditSealer.SealAllAsync();
        var after = await workspace.Audit.VerifyAsync();

        Assert.True(after.IsIntact, string.Join(' ', after.Faults));
        Assert.True(gone > 0);
        Assert.Equal((before.Checked - 1, gone), (gone, after.PrunedThrough));
        Assert.Equal(2, after.Checked);
        Assert.Equal(["audit.prune", "campaign.create"], (await workspace.Audit.ListAsync()).Value.Data.Select(e => e.Action).Order());
        Assert.Equal(0, await workspace.Audit.PruneAsync(host.Now - host.AuditLife));
    }

    [Fact]
    public async Task Nothing_younger_than_thirty_days_goes_whatever_the_server_asks_for()
    {
        await using var server = new TestServer();
        await server.InitializeAsync();
        var user = await server.NewUserAsync();
        await user.NewContactAsync();
        await server.SettleAsync();
        await using var workspace = (await server.Host.AsAsync(user.Id))!;
        var before = (await workspace.Audit.VerifyAsync()).Checked;

        Assert.Equal(0, await workspace.Audit.PruneAsync(server.Host.Now.AddDays(1)));

        // They are there, and are still looked at.
        Assert.True((await workspace.Audit.VerifyAsync()).Checked >= before);
    }

    private static async Task<AuditReport> VerifyAsync(CallAgentHost host, Guid userId)
    {
        await using var workspace = (await host.AsAsync(userId))!;
        return await workspace.Audit.VerifyAsync();
    }

    // Who owns a SQLite file takes its triggers away first.
    private static async Task OpenTheDoorsAsync(TestServer server)
    {
        if (!TestDatabase.IsPostgres)
        {
            foreach (var trigger in AuditProtection.Sqlite().Select(t => t.Split(' ')[5]))
            {
                await RunAsync(server, $"drop trigger {trigger}");
            }
        }
    }

    private static async Task TamperAsync(TestServer server, Guid userId, string sql)
    {
        await using var db = server.Host.Database.Open(TenantScope.Of(userId));
        var seals = await db.AuditSeals.AsNoTracking().OrderBy(s => s.Sequence).ToListAsync();
        await RunAsync(server, sql.Replace("{u}", $"user_id = {Literal(userId)}", StringComparison.Ordinal)
            .Replace("{e2}", Literal(seals[1].EntryId), StringComparison.Ordinal).Replace("{e3}", Literal(seals[2].EntryId), StringComparison.Ordinal)
            .Replace("{end}", Literal(seals[^1].EntryId), StringComparison.Ordinal).Replace("{new}", Literal(Guid.CreateVersion7()), StringComparison.Ordinal));
    }

    private static string Literal(Guid id) => TestDatabase.IsPostgres ? $"'{id}'::uuid" : $"'{id.ToString().ToUpperInvariant()}'";

    private static async Task RunAsync(TestServer server, string sql)
    {
        await using DbConnection connection = TestDatabase.IsPostgres ? server.Database.ConnectAsOwner() : new SqliteConnection($"Data Source={server.Database.SqlitePath}");
        if (connection is SqliteConnection)
        {
            await connection.OpenAsync();
        }
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
