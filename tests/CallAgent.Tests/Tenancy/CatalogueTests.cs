using Npgsql;

namespace CallAgent.Tests;

/// <summary>The live catalogue keeps the rules of isolation (T-04), and the lint notices when it does not. PostgreSQL only.</summary>
[Trait("database", "postgres")]
public sealed class CatalogueTests(TestServer server)
{
    // Each in addition to those before; {0} is the runtime role.
    private static readonly (string Fault, string Finding)[] Faults =
    [
        ("alter table contacts no force row level security", "Table contacts has no forced row-level security"),
        ("alter table calls disable row level security", "Table calls has no forced row-level security"),
        ("create table notes (id int primary key)", "Table notes has no user_id"),
        ("create table more_notes (user_id uuid, id int unique)", "Key more_notes_id_key of more_notes begins with id"),
        ("create table open_notes (user_id uuid)", "Table open_notes has no forced row-level security"),
        ("drop policy tenant on turns", "Table turns has no policy \"tenant\""),
        ("create policy open on contacts using (true)", "Policy open of contacts"),
        ("create policy operator on contacts to callagent_operator using (true)", "Policy operator of contacts"),
        ("drop policy tenant on calls; create policy tenant on calls using (true)", "Policy tenant of calls"),
        ("drop policy lookup on members; create policy lookup on members using (email = email)", "Policy lookup of members"),
        ("create unique index ix_phone on contacts (phone_number)", "Key ix_phone of contacts begins with phone_number"),
        ("alter table turns add constraint fk_loose foreign key (text) references contacts (phone_number)", "Key fk_loose of turns begins with text"),
        ("create view all_contacts as select * from contacts", "View all_contacts is not security_invoker"),
        ("create materialized view kept_contacts as select * from contacts", "View kept_contacts is not security_invoker"),
        ("create function peek() returns bigint language sql security definer as 'select count(*) from contacts'", "Function peek is security definer"),
        ("create or replace function audit_prune() returns bigint language sql security definer as 'select 1::bigint'", "Function audit_prune is security definer"),
        ("alter table contacts disable trigger contacts_forget_tokens", "Deleted contacts leave tokens behind"),
        ("drop trigger users_forget_tokens on users", "Deleted users leave tokens behind"),
        ("grant update on audit_entries to {0}", "may update rows of audit_entries"),
        ("grant delete on audit_seals to {0}", "may delete rows of audit_seals"),
        ("grant select on contacts to public", "Everybody may use table contacts"),
        ("revoke update on contacts from {0}", "lacks rights"),
        ("grant truncate on contacts to {0}", "may do more with contacts"),
        ("grant callagent_operator to {0}", "is the operator"),
        ("alter table campaigns owner to {0}", "owns tables"),
        ("alter role {0} bypassrls", "attributes of an administrator"),
    ];

    [Fact]
    public async Task The_shipped_migrations_leave_no_finding()
    {
        _ = server.Host;

        Assert.Empty(await FindAsync(server.Database));
    }

    [Fact]
    public async Task The_lint_finds_what_would_break_isolation()
    {
        using var scratch = TestDatabase.Create();
        await using (await CallAgentHost.StartAsync(scratch.Settings))
        {
            foreach (var (fault, finding) in Faults)
            {
                scratch.Run(fault.Replace("{0}", RuntimeRole(scratch), StringComparison.Ordinal));
                Assert.Contains(await FindAsync(scratch), f => f.Contains(finding, StringComparison.Ordinal));
            }
            Assert.Contains("Role nobody does not exist.", await FindAsync(scratch, "nobody"));
        }
    }

    private static async Task<IReadOnlyList<string>> FindAsync(TestDatabase database, string? role = null)
    {
        await using var source = NpgsqlDataSource.Create(DatabaseUrl.Parse("url", database.OwnerUrl));
        using var db = new PostgresDesignTime().CreateDbContext([]);
        return await CatalogueLint.FindAsync(source, db.Model, role ?? RuntimeRole(database));
    }

    private static string RuntimeRole(TestDatabase database) => new Uri(database.RuntimeUrl).UserInfo.Split(':')[0];
}
