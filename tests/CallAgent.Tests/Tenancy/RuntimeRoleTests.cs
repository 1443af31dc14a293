using Npgsql;

namespace CallAgent.Tests;

/// <summary>The database holds when the application fails (T-03): the runtime role, raw SQL, every table. PostgreSQL only.</summary>
[Trait("database", "postgres")]
public sealed class RuntimeRoleTests(TestServer server)
{
    /// <summary>How an application might have got the setting wrong.</summary>
    private static readonly string?[] WrongSettings = [null, "", "00000000-0000-0000-0000-000000000000", "no id at all"];

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
    [InlineData("select * from operation.operators")]
    [InlineData("insert into operation.operators values ('Eve', 'hash', 0)")]
    [InlineData("select * from operation.operator_sessions")]
    [InlineData("select * from operation.impersonations")]
    [InlineData("update operation.impersonations set expires_at = expires_at + 1")]
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

    [Fact]
    public async Task Statistics_do_not_tell_what_is_in_the_tables()
    {
        _ = await Estate.CreateAsync(server);
        await using var owner = server.Database.ConnectAsOwner();
        await using var connection = server.Database.ConnectAsRuntime();
        await ScalarAsync(owner, "analyze contacts");

        Assert.NotEqual(0L, await ScalarAsync(owner, "select count(*) from pg_stats where tablename = 'contacts'"));
        Assert.Equal(0L, await ScalarAsync(connection, "select count(*) from pg_stats where tablename = 'contacts'"));
    }

    private async Task<List<string>> AttackAsync(string table, string? setting, Guid victim, NpgsqlConnection? control = null)
    {
        var row = await RowAsync(table, victim);
        var own = control is null ? server.Database.ConnectAsRuntime() : null;
        await using var _ = own;
        // A count above zero is a find, and so is an insert or truncate that is refused for any reason but the rights.
        var statements = new (string Sql, bool MustBeRefused)[]
        {
            ($"select count(*) from {table} where user_id = '{victim}'", false),
            ($"select count(*) from (select 1 from {table} where user_id = '{victim}' for update) x", false),
            ($"with d as (delete from {table} where user_id = '{victim}' returning 1) select count(*) from d", false),
            ($"with u as (update {table} set user_id = user_id where user_id = '{victim}' returning 1) select count(*) from u", false),
            ($"with u as (update {table} set user_id = '{victim}' returning 1) select count(*) from u", false),
            ($"with i as (insert into {table} select * from {table} where user_id = '{victim}' returning 1) select count(*) from i", false),
            ($"with i as (insert into {table} select (jsonb_populate_record(null::{table}, '{row}')).* returning 1) select count(*) from i", true),
            ($"insert into {table} select (jsonb_populate_record(null::{table}, '{row}')).* on conflict do nothing", true),
            ($"truncate {table} cascade", true),
        };
        var findings = new List<string>();
        foreach (var (sql, mustBeRefused) in statements)
        {
            var (count, state) = await TryAsync(control ?? own!, setting, sql);
            if (count > 0 || (mustBeRefused && state is not ("42501" or "22P02")))
            {
                findings.Add($"{table} with setting '{setting}': {sql}: {count} {state}");
            }
        }
        if ((await CopyAsync(control ?? own!, setting, table)).Contains(victim.ToString(), StringComparison.Ordinal))
        {
            findings.Add($"{table} with setting '{setting}': copy");
        }
        return findings;
    }

    // One of the victim's rows with a new id, as JSON fit for a literal.
    private async Task<string> RowAsync(string table, Guid victim)
    {
        await using var owner = server.Database.ConnectAsOwner();
        var row = (string?)await ScalarAsync(owner, $"""
            select (to_jsonb(t) || case when to_jsonb(t) ? 'id' then jsonb_build_object('id', gen_random_uuid()) else '{"{}"}' end)::text
            from {table} t where user_id = '{victim}' limit 1
            """);
        return row?.Replace("'", "''", StringComparison.Ordinal) ?? throw new InvalidOperationException($"The victim has nothing in {table}.");
    }

    private static async Task<(long Count, string? State)> TryAsync(NpgsqlConnection connection, string? setting, string sql)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        try
        {
            await SetAsync(connection, setting);
            return (await ScalarAsync(connection, sql) is long count ? count : 0, null);
        }
        catch (PostgresException e) when (e.SqlState[..2] is "42" or "23" or "22")
        {
            return (0, e.SqlState);
        }
    }

    private static async Task<string> CopyAsync(NpgsqlConnection connection, string? setting, string table)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        await SetAsync(connection, setting);
        try
        {
            using var reader = await connection.BeginTextExportAsync($"copy {table} to stdout");
            return await reader.ReadToEndAsync();
        }
        catch (PostgresException e) when (e.SqlState == "22P02")
        {
            return ""; // The malformed setting is refused.
        }
    }

    private static Task SetAsync(NpgsqlConnection connection, string? setting) => setting is null
        ? Task.CompletedTask
        : ScalarAsync(connection, $"select set_config('app.user_id', '{setting}', true)");

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
