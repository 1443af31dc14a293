using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace CallAgent.Tests;

/// <summary>A pooled connection carries nothing over (T-05). PostgreSQL only: SQLite has no session to speak of.</summary>
[Trait("database", "postgres")]
public sealed class PooledConnectionTests(TestServer server)
{
    private const int Operations = 2_000;

    [Fact]
    public async Task One_connection_shared_by_two_users_never_shows_the_others_rows() => Assert.Empty(await AlternateAsync(Operations));

    [Fact]
    [Trait("kind", "long")]
    public async Task One_connection_shared_by_two_users_for_long() => Assert.Empty(await AlternateAsync(10_000));

    [Fact]
    public async Task The_check_notices_a_setting_that_outlives_its_transaction() =>
        Assert.NotEmpty(await AlternateAsync(5, options => options.AddInterceptors(new SessionWide())));

    private async Task<List<string>> AlternateAsync(int operations, Action<DbContextOptionsBuilder>? configure = null)
    {
        var users = new[] { await Estate.CreateAsync(server), await Estate.CreateAsync(server) };
        await using var database = PoolOfOne(configure);
        var findings = new List<string>();
        for (var i = 0; i < operations; i++)
        {
            await OperateAsync(database, users[i % 2].User.Id, i);
            findings.AddRange((await LeftOverAsync(database)).Select(left => $"Operation {i}: {left}"));
        }
        return findings;
    }

    private static async Task OperateAsync(Database database, Guid user, int number)
    {
        await using var db = database.Open(number % 7 == 6 ? TenantScope.Naming("nobody@example.com") : TenantScope.Of(user));
        try
        {
            switch (number % 7)
            {
                case 0:
                    Assert.Equal([user], (await db.Contacts.AsNoTracking().ToListAsync()).Select(c => c.UserId).Distinct());
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

    private Database PoolOfOne(Action<DbContextOptionsBuilder>? configure)
    {
        var connection = DatabaseUrl.Parse("url", server.Database.RuntimeUrl);
        connection.MaxPoolSize = 1;
        connection.ApplicationName = Guid.NewGuid().ToString();
        var database = Database.Postgresql(connection, TimeProvider.System, configure: configure);
        database.Book = server.Host.Database.Book;
        return database;
    }

    // What the raw connection still knows and shows, asked as nobody.
    private static async Task<List<string>> LeftOverAsync(Database database)
    {
        await using var command = database.Postgres.CreateCommand("""
            select 'setting ' || s from (values (current_setting('app.user_id', true)), (current_setting('app.lookup', true))) v(s) where s <> ''
            union all select 'contact ' || id from contacts
            union all select 'member ' || id from members
            """);
        await using var reader = await command.ExecuteReaderAsync();
        var left = new List<string>();
        while (await reader.ReadAsync())
        {
            left.Add(reader.GetString(0));
        }
        return left;
    }

    /// <summary>The bug: a setting that lasts as long as the session.</summary>
    private sealed class SessionWide : DbCommandInterceptor
    {
        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            command.CommandText = command.CommandText.Replace("@tenancy_value, true)", "@tenancy_value, false)", StringComparison.Ordinal);
            return new(result);
        }
    }
}
