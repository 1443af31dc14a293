using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CallAgent.Tests;

/// <summary>The doctor finds what is wrong, and nothing where all is well.</summary>
public sealed class DoctorTests
{
    [Fact]
    public async Task A_sound_installation_has_no_finding()
    {
        using var database = await MadeAsync();

        var findings = await Doctor.ExamineAsync(database.Settings);

        Assert.All(findings.Where(f => f.Check is not "disk space"), f => Assert.True(f.Verdict == Verdict.Ok, f.ToString()));
        Assert.Contains(findings, f => f.Check == "migrations");
    }

    [Fact]
    public async Task Secrets_that_are_missing_short_or_open_to_others_are_wrong()
    {
        using var database = await MadeAsync();
        var production = database.Settings with { IsDevelopment = false };
        await OwnPostgres.RunAsync("chmod", "0604", Path.Combine(database.Folder, "secret.key"));
        await OwnPostgres.RunAsync("chmod", "0755", database.Folder);

        Assert.Equal(Verdict.Wrong, await VerdictAsync(production, "secret key"));
        Assert.Equal(Verdict.Wrong, await VerdictAsync(production with { SecretKey = "short" }, "secret key"));
        Assert.Equal(Verdict.Warning, await VerdictAsync(production with { SecretKey = new string('a', 40) }, "secret key"));
        Assert.Equal(Verdict.Ok, await VerdictAsync(production with { SecretKey = "0123456789abcdefghijklmnopqrstuvwxyz" }, "secret key"));
        Assert.Equal(Verdict.Wrong, await VerdictAsync(production, "file secret.key"));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_wrong()
    {
        using var database = TestDatabase.Create();
        var file = Path.Combine(database.Folder, "file");
        await File.WriteAllTextAsync(file, "");

        Assert.Equal(Verdict.Wrong, await VerdictAsync(database.Settings with { DataFolder = Path.Combine(file, "below") }, "data folder"));
    }

    [Fact]
    public async Task A_database_that_is_absent_or_damaged_is_told_apart()
    {
        using var database = TestDatabase.Create();
        if (TestDatabase.IsPostgres)
        {
            Assert.Equal(Verdict.Wrong, await VerdictAsync(database.Settings with { DatabaseUrl = $"postgresql://nobody:x@127.0.0.1:{ServerProcess.FreePort()}/none" }, "database"));
            Assert.Equal(Verdict.Wrong, await VerdictAsync(database.Settings with { DatabaseUrl = "mysql://nobody@localhost/none" }, "database"));
            return;
        }
        Assert.Equal(Verdict.Warning, await VerdictAsync(database.Settings, "database"));
        await File.WriteAllTextAsync(database.SqlitePath, new string('x', 8192));
        Assert.Equal(Verdict.Wrong, await VerdictAsync(database.Settings, "database"));
    }

    [Fact]
    [Trait("database", "postgres")]
    public async Task What_would_break_isolation_is_wrong()
    {
        using var database = await MadeAsync();

        Assert.Equal(Verdict.Wrong, await VerdictAsync(database.Settings with { DatabaseUrl = database.OwnerUrl }, "role"));
        Assert.Equal(Verdict.Warning, await VerdictAsync(database.Settings with { DatabaseUrl = database.OwnerUrl, DatabaseAdminUrl = null }, "role"));
        database.Run("alter table contacts no force row level security");
        database.Run("delete from \"__EFMigrationsHistory\"");
        Assert.Equal(Verdict.Wrong, await VerdictAsync(database.Settings, "isolation"));
        Assert.Equal(Verdict.Wrong, await VerdictAsync(database.Settings, "migrations"));
    }

    [Theory]
    [InlineData("redis", "+PONG\r\n", Verdict.Ok)]
    [InlineData("redis", "-NOAUTH Authentication required.\r\n", Verdict.Wrong)]
    [InlineData("redis", "HTTP/1.1 400 Bad Request\r\n", Verdict.Wrong)]
    [InlineData("mail", "220 mail.example ESMTP\r\n250 mail.example\r\n221 Bye\r\n", Verdict.Ok)]
    [InlineData("mail", "554 No service for you\r\n", Verdict.Wrong)]
    public async Task Services_are_greeted_in_their_own_language(string check, string answer, Verdict expected)
    {
        using var database = TestDatabase.Create();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var asked = AnswerAsync(listener, answer);

        var found = await VerdictAsync(database.Settings with { RedisUrl = check == "redis" ? $"redis://127.0.0.1:{port}" : null }, check, check == "mail" ? $"smtp://127.0.0.1:{port}" : null);

        Assert.Equal(expected, found);
        Assert.Equal(expected == Verdict.Ok && check == "mail", (await asked).StartsWith("EHLO", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Services_that_are_not_there_are_wrong()
    {
        using var database = TestDatabase.Create();
        var port = ServerProcess.FreePort();

        Assert.Equal(Verdict.Wrong, await VerdictAsync(database.Settings with { RedisUrl = $"redis://127.0.0.1:{port}" }, "redis"));
        Assert.Equal(Verdict.Wrong, await VerdictAsync(database.Settings, "mail", $"smtp://127.0.0.1:{port}"));
        Assert.Equal(Verdict.Wrong, await VerdictAsync(database.Settings, "mail", "mail.example"));
    }

    [Theory]
    [InlineData("smtp://127.0.0.1", "127.0.0.1:587 ")]
    [InlineData("smtps://127.0.0.1", "127.0.0.1:465 ")]
    [InlineData("smtp://127.0.0.1:2525", "127.0.0.1:2525 ")]
    public async Task The_mail_server_is_greeted_where_mails_are_sent(string url, string place)
    {
        using var database = TestDatabase.Create();

        var found = (await Doctor.ExamineAsync(database.Settings, url)).Single(f => f.Check == "mail");

        Assert.StartsWith(place, found.Says, StringComparison.Ordinal);
    }

    private static async Task<TestDatabase> MadeAsync()
    {
        var database = TestDatabase.Create();
        await using var host = await CallAgentHost.StartAsync(database.Settings);
        return database;
    }

    private static async Task<Verdict> VerdictAsync(CallAgentSettings settings, string check, string? smtp = null)
    {
        var found = (await Doctor.ExamineAsync(settings, smtp)).Where(f => f.Check == check).ToList();
        Assert.NotEmpty(found);
        // Who is told that something is not well is told what to do.
        Assert.All(found, f => Assert.Equal(f.Verdict != Verdict.Ok, f.Mend is not null));
        return Doctor.Worst(found);
    }

    /// <returns>What the caller said first.</returns>
    private static async Task<string> AnswerAsync(TcpListener listener, string answer)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer));
        using var reader = new StreamReader(client.GetStream());
        // To the end: closing on something unread would tear the connection.
        return await reader.ReadToEndAsync();
    }
}
