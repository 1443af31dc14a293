using Npgsql;

namespace CallAgent.Tests;

/// <summary>The database holds when the application fails (T-03): the runtime role, raw SQL, every table. PostgreSQL only.</summary>
[Trait("database", "postgres")]
public sealed class RuntimeRoleTests(TestServer server)
{
    /// <summary>How an application might have got the setting wrong.</summary>
    private static readonly string?[] WrongSettings = [null, "", "00000000-0000-0000-0000-000000000000"];

    [Fact]
    public async Task No_statement_reaches_another_users_rows_in_any_table()
    {
        var (victim, other) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        var before = await Snapshot.OfAsync(server.Database, victim.User.Id);
        var findings = new List<string>();
        foreach (var setting in WrongSettings.Append(other.User.Id.ToString()))
        {
            foreach (var table in (await Snapshot.CountAsync(server.Database, victim.User.Id)).Keys)
            {
                findings.AddRange(await AttackAsync(table, setting, victim.User.Id));
            }
        }

        Assert.Empty(findings);
        Assert.Equal(before, await Snapshot.OfAsync(server.Database, victim.User.Id));
    }

    [Fact]
    public async Task The_attack_notices_a_database_that_does_not_hold()
    {
        var victim = await Estate.CreateAsync(server);
        await using var owner = server.Database.ConnectAsOwner();

        Assert.NotEmpty(await AttackAsync("contacts", null, victim.User.Id, owner));
    }

    [Theory]
    [InlineData("truncate contacts")]
    [InlineData("alter table contacts disable row level security")]
    [InlineData("alter table contacts no force row level security")]
    [InlineData("drop policy tenant on contacts")]
    [InlineData("create policy open on contacts using (true)")]
    [InlineData("create table mine (id int)")]
    [InlineData("drop table contacts")]
    [InlineData("set role callagent_operator")]
    [InlineData("set session authorization postgres")]
    [InlineData("select * from pg_authid")]
    [InlineData("create role evil superuser")]
    [InlineData("delete from \"__EFMigrationsHistory\"")]
    public async Task The_runtime_role_cannot_widen_its_rights(string statement)
    {
        _ = server.Host;
        await using var connection = server.Database.ConnectAsRuntime();
        await using var command = new NpgsqlCommand(statement, connection);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    [Fact]
    public async Task A_lookup_shows_only_the_row_it_names_and_only_for_reading()
    {
        var (victim, _) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        await using var connection = server.Database.ConnectAsRuntime();
        await using var transaction = await connection.BeginTransactionAsync();
        await ScalarAsync(connection, $"select set_config('app.lookup', '{victim.User.Registration.Email}', true)");

        Assert.Equal(1L, await ScalarAsync(connection, "select count(*) from members"));
        Assert.Equal(0L, await ScalarAsync(connection, "select count(*) from contacts"));
        Assert.Equal(0L, await ScalarAsync(connection, "select count(*) from sessions"));
        Assert.Equal(0L, await ScalarAsync(connection, "with changed as (update members set first_name = 'x' returning 1) select count(*) from changed"));
    }

    private async Task<List<string>> AttackAsync(string table, string? setting, Guid victim, NpgsqlConnection? control = null)
    {
        var findings = new List<string>();
        var own = control is null ? server.Database.ConnectAsRuntime() : null;
        await using var _ = own;
        var statements = new (string Sql, bool ReturnsRows)[]
        {
            ($"select count(*) from {table} where user_id = '{victim}'", true),
            ($"select count(*) from (select 1 from {table} where user_id = '{victim}' for update) x", true),
            ($"with d as (delete from {table} where user_id = '{victim}' returning 1) select count(*) from d", true),
            ($"with u as (update {table} set user_id = user_id where user_id = '{victim}' returning 1) select count(*) from u", true),
            ($"with u as (update {table} set user_id = '{victim}' returning 1) select count(*) from u", true),
            ($"insert into {table} (user_id) values ('{victim}')", false),
            ($"insert into {table} select * from {table} where user_id = '{victim}' returning 1", false),
        };
        foreach (var (sql, returnsRows) in statements)
        {
            var connection = control ?? own!;
            await using var transaction = await connection.BeginTransactionAsync();
            if (setting is not null)
            {
                await ScalarAsync(connection, $"select set_config('app.user_id', '{setting}', true)");
            }
            try
            {
                if (await ScalarAsync(connection, sql) is long and > 0 && returnsRows)
                {
                    findings.Add($"{table} with setting '{setting}': {sql}");
                }
            }
            catch (PostgresException e) when (e.SqlState[..2] is "42" or "23" or "22")
            {
                // Refused, which is as good as nothing found.
            }
            await transaction.RollbackAsync();
        }
        return findings;
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
