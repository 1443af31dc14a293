namespace CallAgent;

/// <summary>
/// Tokens go with their contact by a trigger, and have no foreign key to it: for one, every token would be looked up when it
/// is written, and would need a second index, which together were a fifth of what a new contact costs PostgreSQL. When a
/// whole user goes, another trigger takes all of its tokens at once.
/// </summary>
internal static class ContactTokenCleanup
{
    private const string OfContact = "contacts_forget_tokens";
    private const string OfUser = "users_forget_tokens";

    // One token at a time, by the whole key, because the plan is kept: what is best while the table is small would read all
    // tokens of the user for each contact later on.
    private const string OfContactBody = """

        declare
            word text;
        begin
            for word in select json_array_elements_text(old.words::json) loop
                delete from contact_tokens where user_id = old.user_id and token = word and contact_id = old.id;
            end loop;
            return null;
        end

        """;

    private const string OfUserBody = """

        begin
            delete from contact_tokens where user_id = old.user_id;
            return null;
        end

        """;

    /// <summary>The triggers and their tables.</summary>
    public static readonly IReadOnlyDictionary<string, string> Triggers = new Dictionary<string, string> { [OfContact] = "contacts", [OfUser] = "users" };

    /// <summary>Idempotent; run after every migration.</summary>
    public static IEnumerable<string> Sqlite() =>
    [
        $"""
        create trigger if not exists {OfContact} after delete on contacts when exists (select 1 from users where user_id = old.user_id)
            begin delete from contact_tokens where user_id = old.user_id
            and contact_id = old.id and token in (select value from json_each(old.words)); end
        """,
        $"create trigger if not exists {OfUser} after delete on users begin delete from contact_tokens where user_id = old.user_id; end",
    ];

    /// <summary>Idempotent; run as the owner after every migration.</summary>
    public static IEnumerable<string> Postgres() =>
    [
        Function(OfContact, OfContactBody, " set enable_seqscan = off"),
        // Not where the contact goes with its user.
        $"create or replace trigger {OfContact} after delete on contacts for each row when (pg_trigger_depth() = 0) execute function {OfContact}()",
        Function(OfUser, OfUserBody),
        $"create or replace trigger {OfUser} after delete on users for each row execute function {OfUser}()",
    ];

    // As whoever deletes, so that policies hold: with no rights of its own.
    private static string Function(string name, string body, string setting = "") =>
        $"create or replace function {name}() returns trigger language plpgsql set search_path = pg_catalog, public, pg_temp{setting} as $${body}$$";
}
