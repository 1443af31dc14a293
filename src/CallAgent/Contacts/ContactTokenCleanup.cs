namespace CallAgent;

/// <summary>
/// Tokens go with their contact by a trigger, and have no foreign key to it: for one, every token would be looked up when it
/// is written, and would need a second index, which together were a quarter of what a new contact costs PostgreSQL.
/// </summary>
internal static class ContactTokenCleanup
{
    public const string Trigger = "contacts_forget_tokens";

    private const string Function = "forget_contact_tokens";

    // As whoever deletes, so that policies hold: with no rights of its own. One token at a time, by the whole key, because the plan is
    // kept: what is best while the table is small would read all tokens of the user for each contact later on.
    private const string Body = """

        declare
            word text;
        begin
            for word in select json_array_elements_text(old.words::json) loop
                delete from contact_tokens where user_id = old.user_id and token = word and contact_id = old.id;
            end loop;
            return null;
        end

        """;

    /// <summary>Idempotent; run after every migration.</summary>
    public static IEnumerable<string> Sqlite() =>
    [
        $"""
        create trigger if not exists {Trigger} after delete on contacts begin delete from contact_tokens where user_id = old.user_id
            and contact_id = old.id and token in (select value from json_each(old.words)); end
        """,
    ];

    /// <summary>Idempotent; run as the owner after every migration.</summary>
    public static IEnumerable<string> Postgres() =>
    [
        $"create or replace function {Function}() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp set enable_seqscan = off as $${Body}$$",
        $"create or replace trigger {Trigger} after delete on contacts for each row execute function {Function}()",
    ];
}
