using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;

namespace CallAgent;

/// <summary>
/// What in a live PostgreSQL database breaks the rules of isolation, whatever the migrations say: read from the
/// catalogue, so that a table or index added by hand is found too.
/// </summary>
internal static class CatalogueLint
{
    private const string Tables = """
        select relname::text, relrowsecurity and relforcerowsecurity,
            exists (select from pg_attribute where attrelid = c.oid and attname = 'user_id' and not attisdropped)
        from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> '__EFMigrationsHistory'
        """;

    // The first column of every unique index and the first pair of every foreign key.
    private const string Keys = """
        select i.relname::text, t.relname::text, a.attname::text
        from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid
            join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]
        where t.relnamespace = 'public'::regnamespace and x.indisunique and t.relname <> '__EFMigrationsHistory'
        union all
        select k.conname::text, t.relname::text, a.attname::text
        from pg_constraint k join pg_class t on t.oid = k.conrelid join pg_attribute a on a.attrelid = t.oid and a.attnum = k.conkey[1]
        where t.relnamespace = 'public'::regnamespace and k.contype = 'f'
        """;

    private const string Policies = """
        select tablename::text, policyname::text, cmd::text, array_to_string(roles, ','), coalesce(qual, ''), coalesce(with_check, '')
        from pg_policies where schemaname = 'public'
        """;

    private const string Loose = """
        select 'View ' || relname || ' is not security_invoker.' from pg_class
            where relnamespace = 'public'::regnamespace and relkind in ('v', 'm')
                and not coalesce(reloptions @> array['security_invoker=true'] or reloptions @> array['security_invoker=on'], false)
        union all select 'Function ' || proname || ' is security definer.' from pg_proc where pronamespace = 'public'::regnamespace and prosecdef
            and not (proname = $1 and prosrc = $2 and pronargs = 0 and proconfig = array['search_path=pg_catalog, public, pg_temp']
                and proacl is not null and not exists (select from aclexplode(proacl) where grantee = 0))
        union all select 'Deleted ' || relname || ' leave tokens behind: trigger ' || name || ' is missing.' from unnest($3, $4) t (name, "on")
            join pg_class c on relname = "on" and relnamespace = 'public'::regnamespace
            where not exists (select from pg_trigger where tgrelid = c.oid and tgname = name and tgenabled = 'O')
        union all select 'Everybody may use table ' || table_name || '.' from information_schema.role_table_grants
            where table_schema = 'public' and grantee = 'PUBLIC'
        """;

    // Truncating, and being referred to, look past every policy.
    private const string Rights = """
        select relname::text from pg_class, pg_roles r where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm') and r.rolname = $1
            and (has_table_privilege(r.oid, pg_class.oid, 'truncate') or has_table_privilege(r.oid, pg_class.oid, 'references')
                or has_table_privilege(r.oid, pg_class.oid, 'trigger'))
        """;

    private const string Role = """
        select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication,
            exists (select from pg_class where relnamespace = 'public'::regnamespace and pg_has_role(r.oid, relowner, 'member')),
            pg_has_role(r.oid, $2, 'member')
        from pg_roles r where rolname = $1
        """;

    private const string Held = """
        select relname::text, concat_ws(', ', case when has_table_privilege(r.oid, c.oid, 'select') then 'select' end,
            case when has_table_privilege(r.oid, c.oid, 'insert') then 'insert' end,
            case when has_table_privilege(r.oid, c.oid, 'update') then 'update' end,
            case when has_table_privilege(r.oid, c.oid, 'delete') then 'delete' end)
        from pg_class c, pg_roles r where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and r.rolname = $1
        """;

    /// <param name="source">A connection that may read the catalogue; any role may.</param>
    /// <param name="model">The product's model, which says which sign-in columns are unique over all users.</param>
    /// <param name="runtimeRole">The role that the server signs in as.</param>
    /// <param name="cancellation">Stops the queries.</param>
    /// <returns>A sentence for each finding; empty when all is well.</returns>
    public static async Task<IReadOnlyList<string>> FindAsync(
        NpgsqlDataSource source, IModel model, string runtimeRole, CancellationToken cancellation = default)
    {
        var findings = new List<string>();
        foreach (var row in await ReadAsync(source, Tables, [], cancellation))
        {
            AddIf(!(bool)row[1], $"Table {row[0]} has no forced row-level security.");
            AddIf(!(bool)row[2], $"Table {row[0]} has no user_id.");
        }
        var lookups = Lookups(model);
        foreach (var row in await ReadAsync(source, Keys, [], cancellation))
        {
            var (key, table, column) = ((string)row[0], (string)row[1], (string)row[2]);
            AddIf(column != "user_id" && lookups.GetValueOrDefault(table) != column, $"Key {key} of {table} begins with {column}, not with user_id.");
        }
        findings.AddRange(PolicyFindings(await ReadAsync(source, Policies, [], cancellation), model, lookups));
        findings.AddRange((await ReadAsync(source, Loose,
            [AuditProtection.PruneFunction, AuditProtection.PruneBody, ContactTokenCleanup.Triggers.Keys.ToArray(), ContactTokenCleanup.Triggers.Values.ToArray()], cancellation)).Select(row => (string)row[0]));
        findings.AddRange((await ReadAsync(source, Rights, [runtimeRole], cancellation))
            .Select(row => $"Role {runtimeRole} may do more with {row[0]} than read and write rows."));
        var roles = await ReadAsync(source, Role, [runtimeRole, RowLevelSecurity.OperatorRole], cancellation);
        AddIf(roles.Count == 0, $"Role {runtimeRole} does not exist.");
        foreach (var row in roles)
        {
            AddIf((bool)row[0], $"Role {runtimeRole} has attributes of an administrator.");
            AddIf((bool)row[1], $"Role {runtimeRole} owns tables.");
            AddIf((bool)row[2], $"Role {runtimeRole} is the operator.");
        }
        var held = (await ReadAsync(source, Held, [runtimeRole], cancellation)).ToDictionary(row => (string)row[0], row => ((string)row[1]).Split(", "));
        foreach (var entity in model.GetEntityTypes())
        {
            var (table, rights) = (entity.GetTableName()!, TenancyModel.RightsOn(entity).Split(", "));
            var has = held.GetValueOrDefault(table, []);
            AddIf(held.Count > 0 && rights.Except(has).Any(), $"Role {runtimeRole} lacks rights on {table}: {string.Join(", ", rights.Except(has))}.");
            AddIf(has.Except(rights).Any(r => r.Length > 0), $"Role {runtimeRole} may {string.Join(", ", has.Except(rights))} rows of {table}, which only grows.");
        }
        return findings;

        void AddIf(bool found, string finding)
        {
            if (found)
            {
                findings.Add(finding);
            }
        }
    }

    private static IEnumerable<string> PolicyFindings(List<object[]> policies, IModel model, Dictionary<string, string> lookups)
    {
        var found = policies.ToLookup(p => (string)p[0], p => (Name: (string)p[1], Command: (string)p[2], Roles: (string)p[3], Using: (string)p[4], Check: (string)p[5]));
        foreach (var table in model.GetEntityTypes().Select(e => e.GetTableName()!))
        {
            if (!found[table].Any(p => p.Name == "tenant"))
            {
                yield return $"Table {table} has no policy \"tenant\".";
            }
            foreach (var policy in found[table])
            {
                var known = policy.Name switch
                {
                    "tenant" => policy is { Command: "ALL", Roles: "public" } && IsTenant(policy.Using) && IsTenant(policy.Check),
                    "lookup" => policy is { Command: "SELECT", Check: "" } && lookups.TryGetValue(table, out var column) && IsLookup(policy.Using, column),
                    "operator" => policy.Roles == RowLevelSecurity.OperatorRole && RowLevelSecurity.OperatorTables.Contains(table),
                    _ => false,
                };
                if (!known)
                {
                    yield return $"Policy {policy.Name} of {table} is not one of ours: {policy.Using}";
                }
            }
        }
    }

    // As PostgreSQL prints the expressions of RowLevelSecurity back.
    private static bool IsTenant(string expression) => Squeeze(expression) ==
        "(user_id=(SELECT(NULLIF(current_setting('app.user_id'::text,true),''::text))::uuidAS\"nullif\"))";

    private static bool IsLookup(string expression, string column) => Squeeze(expression) is var text &&
        text.Contains($"({column}", StringComparison.Ordinal) && text.Contains("=(SELECTNULLIF(current_setting('app.lookup'::text,true),''::text)AS\"nullif\")", StringComparison.Ordinal)
        && !text.Contains("OR", StringComparison.Ordinal);

    private static string Squeeze(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    private static Dictionary<string, string> Lookups(IModel model) => model.GetEntityTypes()
        .Where(e => e.FindAnnotation(TenancyModel.LookupAnnotation) is not null)
        .ToDictionary(e => e.GetTableName()!, e => (string)e.FindAnnotation(TenancyModel.LookupAnnotation)!.Value!);

    private static async Task<List<object[]>> ReadAsync(NpgsqlDataSource source, string sql, object[] values, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
        var rows = new List<object[]>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }
        return rows;
    }
}
