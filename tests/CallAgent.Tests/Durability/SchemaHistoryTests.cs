using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CallAgent.Tests;

/// <summary>What a start on a database that is up to date does without.</summary>
public sealed class SchemaHistoryTests
{
    [Fact]
    public async Task What_is_missing_is_what_EF_Core_would_say()
    {
        using var made = TestDatabase.Create();
        await using (var database = Open(made))
        await using (var db = database.Open(TenantScope.None))
        {
            Assert.NotEmpty(await SchemaHistory.MissingAsync(database, CancellationToken.None));
            Assert.Equal(await db.Database.GetPendingMigrationsAsync(), await SchemaHistory.MissingAsync(database, CancellationToken.None));
        }
        await using (await CallAgentHost.StartAsync(made.Settings))
        {
        }
        await using (var database = Open(made))
        {
            Assert.Empty(await SchemaHistory.MissingAsync(database, CancellationToken.None));
        }
        SqliteConnection.ClearAllPools();
    }

    [Fact]
    public async Task Neither_the_start_nor_its_first_sign_of_life_waits_for_EF_Core()
    {
        using var made = TestDatabase.Create();
        await using (await CallAgentHost.StartAsync(made.Settings))
        {
        }
        var isAsked = false;
        await using var host = await CallAgentHost.StartAsync(made.Settings, new HostParts { Clock = TimeProvider.System, Configure = _ => isAsked = true }, CancellationToken.None);

        Assert.True(await host.IsReadyAsync(TimeSpan.FromSeconds(10)));
        Assert.False(isAsked);

        // The same flag is raised as soon as there is a unit of work.
        Assert.Null(await host.AsAsync(Guid.CreateVersion7()));
        Assert.True(isAsked);
        SqliteConnection.ClearAllPools();
    }

    [Fact]
    public async Task A_server_whose_database_is_gone_is_not_ready()
    {
        using var made = TestDatabase.Create();
        await using var host = await CallAgentHost.StartAsync(made.Settings);
        Assert.True(await host.IsReadyAsync(TimeSpan.FromSeconds(10)));

        if (TestDatabase.IsPostgres)
        {
            made.Run($"alter role \"{new Uri(made.RuntimeUrl).UserInfo.Split(':')[0]}\" nologin");
            made.Run("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        }
        else
        {
            SqliteConnection.ClearAllPools();
            File.Delete(made.SqlitePath);
        }

        Assert.False(await host.IsReadyAsync(TimeSpan.FromSeconds(10)));
        Assert.False(await host.IsReadyAsync(TimeSpan.FromSeconds(10)));
    }

    private static Database Open(TestDatabase made) => TestDatabase.IsPostgres
        ? Database.Postgresql(DatabaseUrl.Parse("url", made.OwnerUrl), TimeProvider.System)
        : Database.Sqlite(made.SqlitePath, TimeProvider.System);
}
