using System.Data.Common;
using System.Text.Json;
using CallAgent.Client;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace CallAgent.Tests;

/// <summary>The log only grows, holds no secret, and loses nothing in silence.</summary>
public sealed class AuditGuardTests(TestServer server)
{
    [Theory]
    [InlineData("update audit_entries set actor_name = 'x'")]
    [InlineData("delete from audit_entries")]
    [InlineData("update audit_seals set sequence = sequence + 1000000")]
    [InlineData("delete from audit_seals")]
    [InlineData("delete from audit_chains")]
    public async Task The_server_can_neither_change_nor_remove_what_is_written(string statement)
    {
        var user = await server.NewUserAsync();
        await user.NewContactAsync();
        await server.SettleAsync();

        await using var connection = Connect(asOwner: false);
        var refused = await Assert.ThrowsAnyAsync<DbException>(() => RunAsync(connection, user.Id, statement));

        Assert.Contains(TestDatabase.IsPostgres ? "permission denied" : "only grows", refused.Message, StringComparison.Ordinal);
        if (TestDatabase.IsPostgres)
        {
            // The same by the owner goes through: it is the right that is missing.
            await using var owner = Connect(asOwner: true);
            Assert.True(await RunAsync(owner, user.Id, statement) > 0);
        }
    }

    [Fact]
    public async Task No_secret_ever_stands_in_the_log()
    {
        var estate = await Estate.CreateAsync(server);
        var api = estate.User.Api;
        const string Password = "correct horse battery";
        var key = await api.ApiKeys.CreateAsync(new() { Name = "k" });
        var rotated = await api.ApiKeys.RotateAsync(key.Id, new());
        var browser = server.CreateClient();
        await new CallAgentClient(browser).Auth.LoginAsync(new() { Email = estate.User.Registration.Email, Password = estate.User.Registration.Password });
        await Refusals.RefusedAsync(401, () => new CallAgentClient(server.Anonymous()).Auth.LoginAsync(new() { Email = estate.User.Registration.Email, Password = "a guess of mine" }));
        await api.Auth.ForgotPasswordAsync(new() { Email = estate.User.Registration.Email });
        await api.Auth.ResetPasswordAsync(new() { Token = await server.Mailbox.TokenAsync(estate.User.Registration.Email, "new password"), NewPassword = Password });
        await server.SettleAsync();

        await using var db = server.Host.Database.Open(TenantScope.Of(estate.User.Id));
        var log = JsonSerializer.Serialize((await db.AuditEntries.ToListAsync()).ConvertAll(e => e.ToRecord()), CallAgentJson.Lenient);
        string[] kept =
        [
            .. await db.Members.Select(m => m.PasswordHash).ToListAsync(), .. await db.ApiKeys.Select(k => k.Hash).ToListAsync(),
            .. await db.Sessions.Select(s => s.Hash).ToListAsync(), .. await db.Members.Where(m => m.TotpSecret != null).Select(m => m.TotpSecret!).ToListAsync(),
        ];
        string[] given = [Password, "a guess of mine", estate.User.Registration.Password, key.Key, rotated.Key, estate.TotpSecret, estate.User.Token.AccessToken, estate.User.Token.RefreshToken, .. estate.RecoveryCodes];
        Assert.All([.. kept, .. given], secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
        Assert.Contains("\"password_hash\":{\"from\":null,\"to\":null,\"hidden\":true}", log, StringComparison.Ordinal);
        Assert.Contains(estate.Canary, log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_fit_is_counted_and_the_count_is_an_entry()
    {
        var user = await server.NewUserAsync();
        await using var sealer = new AuditSealer(server.Host.Database, NullLogger.Instance);
        await using var inbox = new AuditInbox(server.Host.Database, sealer, NullLogger.Instance, mostWaiting: 5);
        for (var i = 0; i < 2_000; i++)
        {
            inbox.Post(user.Id, AuditActor.Product, AuditKind.Read, AuditActions.ContactRead, Guid.CreateVersion7());
        }
        await inbox.FlushAsync();
        // The count comes with the next that is written.
        inbox.Post(user.Id, AuditActor.Product, AuditKind.Read, AuditActions.ContactList);
        await inbox.FlushAsync();

        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        var dropped = (await db.AuditEntries.Where(e => e.Action == AuditActions.AuditDrop).ToListAsync()).Sum(e => e.ToRecord().Details["entries"].GetInt32());
        Assert.True(dropped > 0);
        Assert.Equal(2_000, dropped + await db.AuditEntries.CountAsync(e => e.Action == AuditActions.ContactRead));
    }

    [Fact]
    public async Task What_was_read_before_a_shutdown_is_written_and_sealed_by_it()
    {
        using var database = TestDatabase.Create();
        Guid id;
        await using (var host = await CallAgentHost.StartAsync(database.Settings))
        {
            id = (await host.RegisterAsync(TestServer.NewRegistration())).Value.UserId;
            await using var workspace = (await host.AsAsync(id))!;
            await workspace.Contacts.ListAsync();
        }
        await using var next = await CallAgentHost.StartAsync(database.Settings);
        await using var again = (await next.AsAsync(id))!;

        var report = await again.Audit.VerifyAsync();
        Assert.True(report is { IsIntact: true, Waiting: 0, Checked: >= 3 }, $"{report.Checked} and {report.Waiting}: {string.Join(' ', report.Faults)}");
        Assert.Contains((await again.Audit.ListAsync()).Value.Data, e => e.Action == "contact.list");
    }

    [Fact]
    public async Task An_import_is_one_entry_a_batch_for_what_it_creates_and_one_for_each_contact_that_it_changes()
    {
        var user = await server.NewUserAsync(Plan.Professional);
        var known = await user.NewContactAsync();
        var rows = Enumerable.Range(0, 20).Select(_ => $"{TestUser.NewPhone()},New\n");
        var import = await user.UploadAsync($"phone,first_name\n{known.PhoneNumber},Changed\n{string.Concat(rows)}", "fair.csv");
        await user.Api.Imports.UpdateAsync(import.Id, new() { OnDuplicate = OnDuplicate.Update });
        await user.RunAsync(import.Id);

        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        Assert.Equal(1, await db.AuditEntries.CountAsync(e => e.Action == "contact.create"));
        var changed = (await db.AuditEntries.SingleAsync(e => e.Action == "contact.update")).ToRecord();
        Assert.Equal((known.Id, "Grace", "Changed"), (changed.ResourceId, changed.Changes["first_name"].From?.GetString(), changed.Changes["first_name"].To?.GetString()));
        var counts = (await db.AuditEntries.Where(e => e.Action == "import.update" && e.ResourceId == import.Id).ToListAsync()).ConvertAll(e => e.ToRecord());
        Assert.Equal(20, counts.Sum(c => c.Changes.TryGetValue("created", out var created) ? created.To!.Value.GetInt32() - created.From!.Value.GetInt32() : 0));
    }

    private DbConnection Connect(bool asOwner)
    {
        if (TestDatabase.IsPostgres)
        {
            return asOwner ? server.Database.ConnectAsOwner() : server.Database.ConnectAsRuntime();
        }
        var connection = new SqliteConnection($"Data Source={server.Database.SqlitePath}");
        connection.Open();
        return connection;
    }

    // Within a transaction that is dropped.
    private static async Task<int> RunAsync(DbConnection connection, Guid userId, string statement)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = TestDatabase.IsPostgres
            ? $"select set_config('app.user_id', '{userId}', true); {statement} where user_id = '{userId}'"
            : $"{statement} where user_id = '{userId.ToString().ToUpperInvariant()}'";
        return await command.ExecuteNonQueryAsync();
    }
}
