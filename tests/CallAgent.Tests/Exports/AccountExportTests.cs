using System.IO.Compression;
using System.Text.Json;
using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>The whole account as one file: all of it, nothing of others, no secret, and no more memory for more rows.</summary>
public sealed class AccountExportTests(TestServer server)
{
    [Fact]
    public void Every_table_is_exported_or_left_out_for_a_reason()
    {
        using var db = new SqliteDesignTime().CreateDbContext([]);

        Assert.Empty(Undecided(db.Model.GetEntityTypes().Select(e => e.ClrType)));
        Assert.Equal(["Estate"], Undecided([typeof(Contact), typeof(Job), typeof(Estate)]));
        Assert.All(AccountExport.LeftOut.Values, reason => Assert.EndsWith(".", reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Everything_of_the_user_is_in_it_and_nothing_of_another()
    {
        var (user, other) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        await CanaryTests.WriteEverywhereAsync(server, user);
        var rows = await Snapshot.CountAsync(server.Database, user.User.Id);

        var files = await ReadAsync(user.User.Api.Account.ExportAsync());

        var manifest = JsonSerializer.Deserialize<AccountManifest>(files["manifest.json"], CallAgentJson.Lenient)!;
        Assert.Equal((user.User.Id, files.Count - 1), (manifest.UserId, manifest.Records.Count));
        Assert.Equal("manifest.json", files.Keys.Last());
        using var db = new SqliteDesignTime().CreateDbContext([]);
        foreach (var table in AccountExport.Exported.Select(type => Microsoft.EntityFrameworkCore.RelationalEntityTypeExtensions.GetTableName(db.Model.FindEntityType(type)!)!).Where(t => t is not ("users" or "audit_entries")))
        {
            // A timeline begins with its contact.
            var (name, count) = table == "timeline_entries" ? ("timeline.jsonl", rows[table] + rows["contacts"]) : ($"{table}.jsonl", rows[table]);
            Assert.Equal((name, count, count), (name, manifest.Records[name], Lines(files[name])));
        }
        // The log goes on growing meanwhile: the export itself is noted in it.
        Assert.InRange(Lines(files["audit.jsonl"]), 1, int.MaxValue);
        Assert.All(files.Where(f => f.Key is not ("usage.json" or "manifest.json")), f => Assert.True(f.Value.Contains(user.Canary, StringComparison.Ordinal), $"{f.Key} lacks the user's words."));
        Assert.All(files, f => Assert.DoesNotContain(other.Canary, f.Value, StringComparison.Ordinal));
        Assert.All(files, f => Assert.DoesNotContain(other.User.Id.ToString(), f.Value, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_lists_are_also_tables_with_as_many_rows()
    {
        var user = await server.NewUserAsync();
        await user.NewConversationAsync((await user.NewCampaignAsync()).Id);
        await user.NewContactAsync();

        var files = await ReadAsync(user.Api.Account.ExportAsync());

        var manifest = JsonSerializer.Deserialize<AccountManifest>(files["manifest.json"], CallAgentJson.Lenient)!;
        foreach (var (list, rows) in new[] { ("contacts", 2), ("campaigns", 1), ("calls", 1), ("conversations", 1) })
        {
            Assert.Equal((list, rows, rows), (list, manifest.Records[$"{list}.csv"], manifest.Records[$"{list}.jsonl"]));
            Assert.Equal(rows + 1, Lines(files[$"{list}.csv"]));
        }
    }

    [Fact]
    public async Task No_secret_and_no_hash_of_one_is_in_it()
    {
        var estate = await Estate.CreateAsync(server);
        await using var db = server.Host.Database.Open(TenantScope.Of(estate.User.Id));
        string[] secrets =
        [
            .. db.Members.Select(m => m.PasswordHash), .. db.Sessions.Select(s => s.Hash), .. db.ApiKeys.Select(k => k.Hash), .. db.RefreshTokens.Select(t => t.Hash),
            .. db.MailedTokens.Select(t => t.Hash), .. db.RecoveryCodes.Select(r => r.Hash), .. db.Invitations.Select(i => i.Hash),
            estate.TotpSecret, estate.User.Token.AccessToken, .. estate.RecoveryCodes,
        ];

        var files = await ReadAsync(estate.User.Api.Account.ExportAsync());

        Assert.True(secrets.Length > 15, $"Only {secrets.Length} secrets were looked for.");
        Assert.All(files, f => Assert.DoesNotContain(secrets, s => f.Value.Contains(s, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Only_the_owner_takes_it_and_no_key_does()
    {
        var user = await server.NewUserAsync();
        var email = await Members.AddAsync(server, user.Id, MemberRole.Admin);
        var token = await new CallAgentClient(server.Anonymous()).Auth.CreateTokenAsync(new() { Email = email, Password = Members.Password });
        var (admin, machine) = (server.Anonymous(), server.Anonymous());
        admin.DefaultRequestHeaders.Add("Authorization", $"Bearer {token.AccessToken}");
        machine.DefaultRequestHeaders.Add("X-API-Key", (await user.Api.ApiKeys.CreateAsync(new() { Name = "All" })).Key);

        await RefusedAsync(403, () => new CallAgentClient(admin).Account.ExportAsync());
        await RefusedAsync(403, () => new CallAgentClient(machine).Account.ExportAsync());
        await RefusedAsync(401, () => new CallAgentClient(server.Anonymous()).Account.ExportAsync());
    }

    private static string[] Undecided(IEnumerable<Type> entities) =>
        [.. entities.Where(e => AccountExport.Exported.Contains(e) == AccountExport.LeftOut.ContainsKey(e)).Select(e => e.Name)];

    private static async Task<Dictionary<string, string>> ReadAsync(Task<Stream> opened)
    {
        await using var stream = await opened;
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        await using var zip = new ZipArchive(copy, ZipArchiveMode.Read);
        var files = new Dictionary<string, string>();
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync());
            files.Add(entry.FullName, await reader.ReadToEndAsync());
        }
        return files;
    }

    private static int Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
}

/// <summary>A large account goes out at constant memory.</summary>
public sealed class AccountExportMemoryTests
{
    private const int Rows = 100_000;
    private const double MostMegabytes = 64;

    [Fact]
    [Trait("kind", "long")]
    public async Task A_large_account_goes_out_at_constant_memory()
    {
        using var database = TestDatabase.Create();
        await using var host = await CallAgentHost.StartAsync(database.Settings);
        var user = (await host.RegisterAsync(TestServer.NewRegistration())).OrThrow();
        await using var workspace = host.As(user with { Plan = Plan.Enterprise });
        var import = (await workspace.Imports.UploadAsync(new MadeFile(ImportFiles.Lines(Rows).Prepend("phone,first_name,email,company,Seats\n")), "large.csv")).OrThrow();
        (await workspace.Imports.RunAsync(import.Id)).OrThrow();
        var file = new Sink();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        using var gauge = new Gauge();

        await workspace.Exports.Account().WriteToAsync(file);

        // Contacts twice, the beginnings of their timelines and the import's rows.
        Assert.True(file.Bytes > 8_000_000, $"Only {file.Bytes} bytes were written.");
        var grown = (gauge.Most - before) / (1024.0 * 1024);
        Assert.True(grown < MostMegabytes, $"The heap grew by {grown:0} MB.");
        TestContext.Current.SendDiagnosticMessage($"{file.Bytes} bytes, heap grew by {grown:0.0} MB");
    }

    /// <summary>Like a server's answer: only forwards, and only asynchronously.</summary>
    private sealed class Sink : Stream
    {
        public long Bytes { get; private set; }

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Bytes += buffer.Length;
            return ValueTask.CompletedTask;
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush() => throw new InvalidOperationException("Synchronous.");
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new InvalidOperationException("Synchronous.");
    }
}
