using System.Net;
using System.Net.Sockets;

namespace CallAgent.Tests;

/// <summary>A wrong setting stops the server with one line that names it.</summary>
public sealed class StartTests
{
    [Theory]
    [InlineData("SECRET_KEY", "short")]
    [InlineData("SECRET_KEY_FALLBACKS", "0123456789abcdefghijklmnopqrstuvwxyz,short")]
    [InlineData("DATABASE_URL", "mysql://user:secret@localhost/db")]
    [InlineData("DATABASE_URL", "postgresql://user:secret@127.0.0.1:1/db")]
    [InlineData("DATABASE_URL", "postgresql://user:secret@localhost/db?nonsense=1")]
    [InlineData("DATABASE_ADMIN_URL", "nonsense")]
    [InlineData("REDIS_URL", "localhost")]
    [InlineData("CALLAGENT_MIGRATE", "perhaps")]
    [InlineData("CALLAGENT_DATA", "/dev/null/data")]
    [InlineData("ASPNETCORE_URLS", "nonsense")]
    [InlineData("ASPNETCORE_URLS", "http://localhost:99999")]
    [InlineData("ASPNETCORE_URLS", "http://localhost:0")]
    [InlineData("ASPNETCORE_URLS", "https://127.0.0.1:0")]
    [InlineData("ASPNETCORE_URLS", "http://192.0.2.1:5000")]
    public async Task A_wrong_value_stops_the_start_with_one_line(string setting, string value)
    {
        using var database = TestDatabase.Create();
        // Without the certificate that a developer's home may hold, and on SQLite where a folder is asked for.
        (string, string)[] others = setting == "CALLAGENT_DATA" ? [("DATABASE_URL", ""), ("DATABASE_ADMIN_URL", "")] : [];

        await RefusedAsync(database, setting, [("HOME", database.Folder), .. others, (setting, value)]);
    }

    [Fact]
    public async Task An_address_that_is_taken_stops_the_start_with_one_line()
    {
        using var database = TestDatabase.Create();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        await RefusedAsync(database, "ASPNETCORE_URLS", [("ASPNETCORE_URLS", $"http://{other.LocalEndpoint}")]);
    }

    [Fact]
    public async Task An_owner_without_a_database_is_not_taken_for_SQLite()
    {
        using var database = TestDatabase.Create();

        await RefusedAsync(database, "DATABASE_ADMIN_URL", [("DATABASE_URL", ""), ("DATABASE_ADMIN_URL", "postgresql://owner:secret@localhost/db")]);
    }

    private static async Task RefusedAsync(TestDatabase database, string setting, (string, string)[] environment)
    {
        await using var server = ServerProcess.Launch(database, environment);

        Assert.Equal(1, await server.ExitAsync(TimeSpan.FromSeconds(60)));
        var line = Assert.Single(server.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("CallAgent cannot start. ", line);
        Assert.Contains(setting, line);
        Assert.DoesNotContain("secret", line);
    }
}
