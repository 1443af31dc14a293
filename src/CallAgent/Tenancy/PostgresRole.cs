using Npgsql;

namespace CallAgent;

/// <summary>What the role of a connection may do, as far as isolation depends on it.</summary>
internal sealed record PostgresRole(
    string Name, bool IsSuperuser, bool BypassesPolicies, bool OwnsTables, bool MakesRoles, bool IsOperator, bool MayCreateTables)
{
    private const string Query = $"""
        select current_user::text, rolsuper, rolbypassrls,
            exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
                and pg_has_role(current_user, relowner, 'member')),
            rolcreaterole,
            exists (select from pg_roles where rolname = '{RowLevelSecurity.OperatorRole}' and pg_has_role(current_user, oid, 'member')),
            has_schema_privilege(current_user, 'public', 'create')
        from pg_roles where rolname = current_user
        """;

    private const string Unprotected = """
        select relname::text from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
            and relname <> '__EFMigrationsHistory' and not (relrowsecurity and relforcerowsecurity)
        """;

    /// <summary>What makes row-level security no protection against this role; <c>null</c> when it holds.</summary>
    public string? Danger => this switch
    {
        { IsSuperuser: true } => "is a superuser",
        { BypassesPolicies: true } => "has BYPASSRLS",
        { OwnsTables: true } => "owns the tables",
        // Before PostgreSQL 16 it makes itself a member of any other role.
        { MakesRoles: true } => "has CREATEROLE",
        { IsOperator: true } => $"is a member of {RowLevelSecurity.OperatorRole}",
        _ => null,
    };

    public static async Task<PostgresRole> ReadAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand(Query);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new(reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2), reader.GetBoolean(3),
            reader.GetBoolean(4), reader.GetBoolean(5), reader.GetBoolean(6));
    }

    /// <summary>Refuses a connection under which one user could reach another's rows.</summary>
    /// <exception cref="SettingsException">Says which rule is broken and how to mend it.</exception>
    public static async Task RequireSafeAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        var role = await ReadAsync(source, cancellation);
        if (role.Danger is { } danger)
        {
            throw new SettingsException(
                $"DATABASE_URL signs in as \"{role.Name}\", which {danger}: row-level security would not hold. Give DATABASE_URL a "
                + "role of its own, whose name is new (callagent migrate creates it), and keep the owner in DATABASE_ADMIN_URL.");
        }
        await using var command = source.CreateCommand(Unprotected);
        if (await command.ExecuteScalarAsync(cancellation) is string table)
        {
            throw new SettingsException($"Table {table} is not protected by row-level security. Run: callagent migrate");
        }
    }
}
