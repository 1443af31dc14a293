namespace CallAgent;

/// <summary>
/// What keeps the log append-only in the database itself. On PostgreSQL the server's role has no right to change or remove
/// entries; one function removes what lies before the anchor. On SQLite, where there are no rights, triggers refuse. Both
/// let an account's erasure through, which takes the user's own row first.
/// </summary>
internal static class AuditProtection
{
    public const string PruneFunction = "audit_prune";

    /// <summary>With its own search path and its own condition on the user: its owner may be somebody whom no policy binds.</summary>
    public const string PruneBody = """

        declare
            whose uuid := nullif(current_setting('app.user_id', true), '')::uuid;
            through bigint;
            gone bigint;
        begin
            select anchor_sequence into through from audit_chains where user_id = whose;
            delete from audit_entries e using audit_seals s
                where e.user_id = whose and s.user_id = whose and s.entry_id = e.id and s.sequence <= through
                and e.occurred_at < now() - interval '30 days';
            get diagnostics gone = row_count;
            delete from audit_seals s where s.user_id = whose and s.sequence <= through
                and not exists (select from audit_entries e where e.user_id = whose and e.id = s.entry_id);
            return gone;
        end

        """;

    private const string Refusal = "select raise(abort, 'The audit log only grows.');";

    private static readonly (string Name, string On, string When)[] Triggers =
    [
        ("audit_entries_stay_as_they_are", "update on audit_entries", ""),
        ("audit_entries_stay", "delete on audit_entries", """
            when exists (select 1 from users where user_id = old.user_id) and (old.occurred_at > (strftime('%s', 'now') - 30 * 86400) * 1000
                or not exists (select 1 from audit_seals s join audit_chains c on c.user_id = s.user_id
                    where s.user_id = old.user_id and s.entry_id = old.id and s.sequence <= c.anchor_sequence))
            """),
        ("audit_seals_stay_as_they_are", "update on audit_seals", ""),
        ("audit_seals_stay", "delete on audit_seals", """
            when exists (select 1 from users where user_id = old.user_id)
                and (exists (select 1 from audit_entries e where e.user_id = old.user_id and e.id = old.entry_id)
                or not exists (select 1 from audit_chains c where c.user_id = old.user_id and old.sequence <= c.anchor_sequence))
            """),
        ("audit_chains_stay", "delete on audit_chains", "when exists (select 1 from users where user_id = old.user_id)"),
    ];

    /// <summary>Idempotent; run after every migration.</summary>
    public static IEnumerable<string> Sqlite() =>
        Triggers.Select(t => $"create trigger if not exists {t.Name} before {t.On} {(t.When.Length == 0 ? "" : t.When + " ")}begin {Refusal} end");

    /// <summary>Idempotent; run as the owner after every migration.</summary>
    public static IEnumerable<string> Postgres(string runtimeRole)
    {
        yield return $"create or replace function {PruneFunction}() returns bigint language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $${PruneBody}$$";
        yield return $"revoke all on function {PruneFunction}() from public";
        yield return $"grant execute on function {PruneFunction}() to {RowLevelSecurity.Quote(runtimeRole)}";
    }
}
