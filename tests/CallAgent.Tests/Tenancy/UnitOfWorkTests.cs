using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CallAgent.Tests;

/// <summary>The stamp, the guard, the filter and the composite keys, against code that gets it wrong.</summary>
public sealed class UnitOfWorkTests(TestServer server)
{
    [Fact]
    public void Every_entity_belongs_to_a_user()
    {
        using var db = new SqliteDesignTime().CreateDbContext([]);

        Assert.NotEmpty(db.Model.GetEntityTypes());
        Assert.All(db.Model.GetEntityTypes(), e => Assert.True(e.ClrType.IsAssignableTo(typeof(ITenantOwned)), e.ClrType.Name));
    }

    [Fact]
    public async Task Without_a_user_nothing_can_be_read_or_written()
    {
        await using var db = server.Host.Database.Open(TenantScope.None);

        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => db.Contacts.ToListAsync());
        Assert.ThrowsAny<InvalidOperationException>(() => db.Add(NewContact(Guid.NewGuid())));
        Assert.Throws<TenancyException>(() => TenantScope.Of(Guid.Empty));
    }

    [Fact]
    public async Task An_attached_stub_of_another_users_row_is_refused()
    {
        var (victim, attacker) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        await using var db = server.Host.Database.Open(TenantScope.Of(attacker.User.Id));
        var stub = NewContact(victim.User.Id, victim.Ids["contacts"]);
        db.Attach(stub);
        stub.FirstName = "Stolen";

        await Assert.ThrowsAsync<TenancyException>(() => db.SaveChangesAsync());
        db.Entry(stub).State = EntityState.Deleted;
        await Assert.ThrowsAsync<TenancyException>(() => db.SaveChangesAsync());
        Assert.Equal(victim.Canary, (await victim.User.Api.Contacts.GetAsync(victim.Ids["contacts"])).FirstName);
    }

    [Fact]
    public async Task Without_the_guard_an_attached_stub_would_reach_the_others_row()
    {
        var (victim, attacker) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        await using var db = server.Host.Database.Open(TenantScope.Of(attacker.User.Id));
        var stub = NewContact(victim.User.Id, victim.Ids["contacts"]);
        db.Attach(stub);
        stub.FirstName = "Stolen";

        if (TestDatabase.IsPostgres)
        {
            // Row-level security alone holds: there is no such row.
            await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => SaveUnguardedAsync(db));
        }
        else
        {
            await SaveUnguardedAsync(db);
            Assert.Equal("Stolen", (await victim.User.Api.Contacts.GetAsync(victim.Ids["contacts"])).FirstName);
        }
    }

    [Fact]
    public async Task A_row_with_a_forged_user_is_refused_and_one_without_is_stamped()
    {
        var (victim, attacker) = (await server.NewUserAsync(), await server.NewUserAsync());
        await using var db = server.Host.Database.Open(TenantScope.Of(attacker.Id));
        db.Add(NewContact(victim.Id));
        await Assert.ThrowsAsync<TenancyException>(() => db.SaveChangesAsync());

        db.ChangeTracker.Clear();
        var stamped = NewContact(Guid.Empty);
        db.Add(stamped);
        await db.SaveChangesAsync();
        Assert.Equal(attacker.Id, stamped.UserId);
    }

    [Fact]
    public async Task Saving_without_waiting_is_refused_because_the_nets_are_in_the_other_path()
    {
        var user = await server.NewUserAsync();
        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));

        Assert.Throws<NotSupportedException>(() => db.SaveChanges());
    }

    [Fact]
    public async Task Bulk_statements_and_finds_stay_within_the_user()
    {
        var (victim, attacker) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        var before = await Snapshot.OfAsync(server.Database, victim.User.Id);
        await using var db = server.Host.Database.Open(TenantScope.Of(attacker.User.Id));

        Assert.Null(await db.Contacts.FirstOrDefaultAsync(c => c.Id == victim.Ids["contacts"]));
        Assert.Null(await db.FindAsync<Contact>(victim.User.Id, victim.Ids["contacts"]));
        Assert.Null(await db.FindAsync<Contact>(attacker.User.Id, victim.Ids["contacts"]));
        await db.Contacts.ExecuteUpdateAsync(s => s.SetProperty(c => c.Company, "Stolen"));
        await db.Conversations.ExecuteDeleteAsync();
        await db.Calls.ExecuteDeleteAsync();
        await db.Contacts.ExecuteDeleteAsync();

        Assert.Equal(before, await Snapshot.OfAsync(server.Database, victim.User.Id));
    }

    [Fact]
    public async Task Every_link_to_another_users_row_is_refused_by_its_key_even_in_raw_sql()
    {
        var (victim, attacker) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        using var model = new SqliteDesignTime().CreateDbContext([]);
        foreach (var key in model.Model.GetEntityTypes().SelectMany(e => e.GetForeignKeys()).Where(k => k.Properties.Count > 1))
        {
            var (table, column, target) = (key.DeclaringEntityType.GetTableName(), key.Properties[1].GetColumnName(), key.PrincipalEntityType.GetTableName());
            var foreign = $"(select id from {target} where user_id = {Literal(victim.User.Id)} limit 1)";
            // The rows of one parent: those of two could not share one of the victim's for another reason.
            var own = $"(select {column} from {table} where user_id = {Literal(attacker.User.Id)} and {column} is not null limit 1)";

            var refused = await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(
                () => RawAsync($"update {table} set {column} = {foreign} where user_id = {Literal(attacker.User.Id)} and {column} = {own}"));

            Assert.Contains("foreign key", refused.Message, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_key_of_the_id_alone_would_let_a_link_through()
    {
        var (a, b, table) = (Literal(Guid.NewGuid()), Literal(Guid.NewGuid()), $"scratch_{Guid.NewGuid():N}");
        await RawAsync($"create table {table} (user_id text not null, id text primary key, parent_id text references {table} (id) on delete cascade)");

        await RawAsync($"insert into {table} values ({a}, 'parent', null), ({b}, 'child', 'parent')");
        await RawAsync($"delete from {table} where user_id = {a}");

        // The cascade crossed from one user to the other: what the composite keys are for.
        Assert.Equal(0, await CountAsync(table));
        await RawAsync($"drop table {table}");
    }

    [Fact]
    public async Task A_cascade_ends_where_the_user_ends()
    {
        var (victim, attacker) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        var before = await Snapshot.OfAsync(server.Database, victim.User.Id);

        await RawAsync($"delete from conversations where user_id = {Literal(attacker.User.Id)}");
        await RawAsync($"delete from calls where user_id = {Literal(attacker.User.Id)}");
        await RawAsync($"delete from api_keys where user_id = {Literal(attacker.User.Id)}");
        await RawAsync($"delete from users where user_id = {Literal(attacker.User.Id)}");

        Assert.All(await Snapshot.CountAsync(server.Database, attacker.User.Id), table => Assert.Equal(0, table.Value));
        Assert.Equal(before, await Snapshot.OfAsync(server.Database, victim.User.Id));
    }

    [Fact]
    public async Task Erasing_an_account_leaves_nothing_of_it_and_everything_of_others()
    {
        var (leaving, staying) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        var before = await Snapshot.OfAsync(server.Database, staying.User.Id);

        Assert.All(await Snapshot.CountAsync(server.Database, leaving.User.Id), table => Assert.NotEqual(0, table.Value));
        await leaving.User.Api.Auth.DeleteAccountAsync(new() { Password = leaving.User.Registration.Password });

        Assert.All(await Snapshot.CountAsync(server.Database, leaving.User.Id), table => Assert.Equal(0, table.Value));
        Assert.Equal(before, await Snapshot.OfAsync(server.Database, staying.User.Id));
    }

    private static Contact NewContact(Guid userId, Guid? id = null) => new()
    {
        UserId = userId,
        Id = id ?? Guid.CreateVersion7(),
        PhoneNumber = TestUser.NewPhone(),
        PhoneValid = true,
        CustomFields = Json.Empty,
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    // DbContext's own, past the override that guards.
    private static Task<int> SaveUnguardedAsync(CrmDb db)
    {
        var save = typeof(DbContext).GetMethod(nameof(DbContext.SaveChangesAsync), [typeof(bool), typeof(CancellationToken)])!;
        var unguarded = (Func<bool, CancellationToken, Task<int>>)Activator.CreateInstance(
            typeof(Func<bool, CancellationToken, Task<int>>), db, save.MethodHandle.GetFunctionPointer())!;
        return unguarded(true, CancellationToken.None);
    }

    private Task RawAsync(string sql) => RawAsync(sql, command => command.ExecuteNonQueryAsync());

    private async Task<long> CountAsync(string table)
    {
        object? count = null;
        await RawAsync($"select count(*) from {table}", async command => count = await command.ExecuteScalarAsync());
        return (long)count!;
    }

    // As somebody whom no policy and no filter binds.
    private async Task RawAsync(string sql, Func<System.Data.Common.DbCommand, Task> execute)
    {
        await using System.Data.Common.DbConnection connection = TestDatabase.IsPostgres
            ? server.Database.ConnectAsOwner()
            : new SqliteConnection($"Data Source={server.Database.SqlitePath};Foreign Keys=True");
        if (connection is SqliteConnection)
        {
            await connection.OpenAsync();
        }
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await execute(command);
    }

    private static string Literal(Guid id) => TestDatabase.IsPostgres ? $"'{id}'" : $"'{id.ToString().ToUpperInvariant()}'";
}
