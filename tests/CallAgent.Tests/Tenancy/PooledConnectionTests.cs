using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CallAgent.Tests;

/// <summary>A pooled connection carries nothing over (T-05). PostgreSQL only: SQLite has no session to speak of.</summary>
[Trait("database", "postgres")]
public sealed class PooledConnectionTests(TestServer server)
{
    private const int Operations = 2_000;

    [Fact]
    public Task One_connection_shared_by_two_users_never_shows_the_others_rows() => AlternateAsync(Operations);

    [Fact]
    [Trait("kind", "long")]
    public Task One_connection_shared_by_two_users_for_long() => AlternateAsync(10_000);

    [Fact]
    public async Task The_check_notices_a_setting_that_outlives_its_transaction()
    {
        var user = await server.NewUserAsync();
        await using var database = PoolOfOne();
        await using (var command = database.Postgres.CreateCommand($"select set_config('app.user_id', '{user.Id}', false)"))
        {
            await command.ExecuteNonQueryAsync();
        }

        Assert.NotEqual("", await SettingAsync(database));
    }

    private async Task AlternateAsync(int operations)
    {
        var users = new[] { await Estate.CreateAsync(server), await Estate.CreateAsync(server) };
        await using var database = PoolOfOne();
        for (var i = 0; i < operations; i++)
        {
            await OperateAsync(database, users[i % 2].User.Id, i);
            if (i % 50 == 0)
            {
                Assert.Equal("", await SettingAsync(database));
            }
        }
        Assert.Equal("", await SettingAsync(database));
    }

    private static async Task OperateAsync(Database database, Guid user, int number)
    {
        await using var db = database.Open(number % 7 == 6 ? TenantScope.Naming("nobody@example.com") : TenantScope.Of(user));
        try
        {
            switch (number % 7)
            {
                case 0:
                    Assert.All(await db.Contacts.AsNoTracking().ToListAsync(), c => Assert.Equal(user, c.UserId));
                    break;
                case 1:
                    await using (await db.BeginWriteAsync(CancellationToken.None))
                    {
                        await db.Contacts.ExecuteUpdateAsync(s => s.SetProperty(c => c.Company, "rolled back"));
                    }
                    break;
                case 2:
                    await db.Database.ExecuteSqlAsync($"select 1 / 0");
                    break;
                case 3:
                    using (var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(1)))
                    {
                        await db.Database.ExecuteSqlAsync($"select pg_sleep(0.01)", cancelled.Token);
                    }
                    break;
                case 4:
                    (await db.Contacts.FirstAsync()).Company = $"company {number}";
                    await db.SaveChangesAsync();
                    break;
                case 5:
                    Assert.Equal(1, await db.Users.CountAsync());
                    break;
                default:
                    Assert.Empty(await db.Members.OfAnyUser().ToListAsync());
                    break;
            }
        }
        catch (Exception e) when (e is PostgresException { SqlState: "22012" or "57014" } or OperationCanceledException)
        {
            // What was asked for.
        }
    }

    private Database PoolOfOne()
    {
        _ = server.Host;
        var connection = DatabaseUrl.Parse("url", server.Database.RuntimeUrl);
        connection.MaxPoolSize = 1;
        connection.ApplicationName = Guid.NewGuid().ToString();
        return Database.Postgresql(connection, TimeProvider.System);
    }

    private static async Task<string> SettingAsync(Database database)
    {
        await using var command = database.Postgres.CreateCommand("select coalesce(current_setting('app.user_id', true), '') || coalesce(current_setting('app.lookup', true), '')");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
