using Npgsql;

namespace CallAgent.Tests;

/// <summary>The live catalogue keeps the rules of isolation (T-04), and the lint notices when it does not. PostgreSQL only.</summary>
[Trait("database", "postgres")]
public sealed class CatalogueTests(TestServer server)
{
    public static TheoryData<string, string> Faults => new()
    {
        { "alter table contacts no force row level security", "no forced row-level security" },
        { "alter table calls disable row level security", "no forced row-level security" },
        { "create table notes (id int primary key)", "has no user_id" },
        { "create table notes (user_id uuid, id int unique)", "begins with id" },
        { "drop policy tenant on turns", "no policy \"tenant\"" },
        { "create policy open on contacts using (true)", "Policy open of contacts" },
        { "drop policy tenant on calls; create policy tenant on calls using (true)", "Policy tenant of calls" },
        { "create unique index ix_phone on contacts (phone_number)", "begins with phone_number" },
        { "create view all_contacts as select * from contacts", "not security_invoker" },
        { "create function peek() returns bigint language sql security definer as 'select count(*) from contacts'", "security definer" },
        { "grant select on contacts to public", "Everybody may use table contacts" },
        { "revoke update on contacts from {runtime}", "lacks rights" },
        { "alter role {runtime} bypassrls", "attributes of an administrator" },
        { "grant callagent_operator to {runtime}", "is the operator" },
        { "alter table calls owner to {runtime}", "owns tables" },
    };

    [Fact]
    public async Task The_shipped_migrations_leave_no_finding()
    {
        _ = server.Host;

        Assert.Empty(await FindAsync(server.Database));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task The_lint_finds_what_would_break_isolation(string fault, string finding)
    {
        using var scratch = TestDatabase.Create();
        await using (await CallAgentHost.StartAsync(scratch.Settings))
        {
            scratch.Run(fault.Replace("{runtime}", new Uri(scratch.RuntimeUrl).UserInfo.Split(':')[0], StringComparison.Ordinal));
            Assert.Contains(await FindAsync(scratch), f => f.Contains(finding, StringComparison.Ordinal));
        }
    }

    private static async Task<IReadOnlyList<string>> FindAsync(TestDatabase database)
    {
        await using var source = NpgsqlDataSource.Create(DatabaseUrl.Parse("url", database.OwnerUrl));
        using var db = new PostgresDesignTime().CreateDbContext([]);
        return await CatalogueLint.FindAsync(source, db.Model, new Uri(database.RuntimeUrl).UserInfo.Split(':')[0]);
    }
}
