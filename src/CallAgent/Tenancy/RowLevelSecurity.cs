using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace CallAgent;

/// <summary>The PostgreSQL net: policies and rights, all generated from the model.</summary>
internal static class RowLevelSecurity
{
    /// <summary>The role of the operator's tool; may see the tables in <see cref="OperatorRights"/> across users.</summary>
    public const string OperatorRole = "callagent_operator";

    // Wrapped in a select it is evaluated once a statement and not once a row; without nullif it fails on a connection
    // whose setting has gone back to the empty text.
    private const string CurrentUser = "(select nullif(current_setting('app.user_id', true), '')::uuid)";
    private const string CurrentLookup = "(select nullif(current_setting('app.lookup', true), ''))";

    private static readonly (string Table, string Rights)[] OperatorRights =
        [("users", "select, update"), ("members", "select"), ("counters", "select")];

    // Under the policy that everybody is under: what the operator does to a user stands in that user's own log.
    private static readonly (string Table, string Rights)[] OperatorRightsOfOne =
        [("audit_entries", "select, insert"), ("audit_seals", "select, insert"), ("audit_chains", "select, insert, update")];

    /// <summary>The tables that the operator may look into.</summary>
    public static IEnumerable<string> OperatorTables => OperatorRights.Select(r => r.Table);

    /// <summary>Idempotent; run as the owner after every migration.</summary>
    public static IEnumerable<string> Policies(IModel model)
    {
        foreach (var entity in model.GetEntityTypes().OrderBy(e => e.GetTableName(), StringComparer.Ordinal))
        {
            var table = entity.GetTableName();
            yield return $"alter table {table} enable row level security";
            yield return $"alter table {table} force row level security";
            yield return $"drop policy if exists tenant on {table}";
            yield return $"create policy tenant on {table} using (user_id = {CurrentUser}) with check (user_id = {CurrentUser})";
            if (entity.FindAnnotation(TenancyModel.LookupAnnotation)?.Value is string column)
            {
                yield return $"drop policy if exists lookup on {table}";
                yield return $"create policy lookup on {table} for select using ({column} = {CurrentLookup})";
            }
        }
        foreach (var (table, _) in OperatorRights)
        {
            yield return $"drop policy if exists operator on {table}";
            yield return $"create policy operator on {table} to {OperatorRole} using (true) with check (true)";
        }
    }

    /// <summary>The rights of the runtime role and of the operator.</summary>
    public static IEnumerable<string> Grants(IModel model, string runtimeRole)
    {
        var role = Quote(runtimeRole);
        yield return $"grant usage on schema public to {role}, {OperatorRole}";
        foreach (var entity in model.GetEntityTypes().OrderBy(e => e.GetTableName(), StringComparer.Ordinal))
        {
            var rights = TenancyModel.RightsOn(entity);
            if (rights != TenancyModel.AllRights)
            {
                // Of a database whose server had them once.
                yield return $"revoke update, delete on {entity.GetTableName()} from {role}";
            }
            yield return $"grant {rights} on {entity.GetTableName()} to {role}";
        }
        yield return $"grant select on \"__EFMigrationsHistory\" to {role}";
        foreach (var (table, rights) in OperatorRights.Concat(OperatorRightsOfOne))
        {
            yield return $"grant {rights} on {table} to {OperatorRole}";
        }
    }

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
