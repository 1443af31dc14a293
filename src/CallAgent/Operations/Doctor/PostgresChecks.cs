using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CallAgent;

/// <summary>The PostgreSQL database: there, of this version, and isolating users by itself.</summary>
internal static class PostgresChecks
{
    private const int OldestVersion = 150000;
    private const int Patience = 5;
    private static readonly TimeSpan NoticeableSkew = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan HarmfulSkew = TimeSpan.FromSeconds(30);

    public static async Task<IReadOnlyList<Finding>> ExamineAsync(CallAgentSettings settings, CancellationToken cancellation)
    {
        NpgsqlConnectionStringBuilder connection;
        try
        {
            connection = DatabaseUrl.Parse("DATABASE_URL", settings.DatabaseUrl!);
        }
        catch (SettingsException e)
        {
            return [new("database", Verdict.Wrong, e.Message, "Mend the variable.")];
        }
        connection.Timeout = Patience;
        await using var database = Database.Postgresql(connection, TimeProvider.System);
        try
        {
            return [await ReachAsync(database.Postgres, connection, cancellation), .. await InsideAsync(database, settings, cancellation)];
        }
        catch (NpgsqlException e)
        {
            return [new("database", Verdict.Wrong, $"PostgreSQL at {connection.Host}:{connection.Port} refuses or does not answer: {e.Message}",
                "Is it running, reachable from here, and are user, password and database of DATABASE_URL right?")];
        }
    }

    private static async Task<List<Finding>> InsideAsync(Database database, CallAgentSettings settings, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        var role = await PostgresRole.ReadAsync(database.Postgres, cancellation);
        // With one URL that may do everything the server works as a role without any power.
        var stepsDown = settings.DatabaseAdminUrl is null && (role.Danger is not null || role.MayCreateTables);
        findings.Add(Role(role, stepsDown));
        await using var db = database.Open(TenantScope.None);
        findings.Add(await MigrationsAsync(db, cancellation));
        findings.AddRange(await PoliciesAsync(database.Postgres, db, stepsDown ? Migrator.RuntimeRole : role.Name, cancellation));
        findings.Add(await ClockAsync(database.Postgres, cancellation));
        return findings;
    }

    private static async Task<Finding> ReachAsync(NpgsqlDataSource source, NpgsqlConnectionStringBuilder connection, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select current_setting('server_version_num')::int, current_setting('max_connections')::int");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var (version, most) = (reader.GetInt32(0), reader.GetInt32(1));
        var says = $"PostgreSQL {version / 10000}.{version % 10000} answers at {connection.Host}:{connection.Port}.";
        if (version < OldestVersion)
        {
            return new("database", Verdict.Wrong, says, "Move to PostgreSQL 15 or newer.");
        }
        return connection.MaxPoolSize >= most
            ? new("database", Verdict.Warning, $"{says} A node may open {connection.MaxPoolSize} connections, and it takes {most} in all.",
                "Lower \"Maximum Pool Size\" in DATABASE_URL so that all nodes together stay below max_connections, or raise that.")
            : new("database", Verdict.Ok, says);
    }

    private static Finding Role(PostgresRole role, bool stepsDown) => role.Danger switch
    {
        null => new("role", Verdict.Ok, $"The server signs in as \"{role.Name}\", which owns nothing and cannot pass row-level security."),
        { } danger when stepsDown => new("role", Verdict.Warning, $"DATABASE_URL signs in as \"{role.Name}\", which {danger}; the server then works as {Migrator.RuntimeRole}.",
            "Give DATABASE_URL a role of its own and keep the owner in DATABASE_ADMIN_URL; callagent migrate makes the role."),
        { } danger => new("role", Verdict.Wrong, $"DATABASE_URL signs in as \"{role.Name}\", which {danger}: row-level security does not hold, and the server will not start.",
            "Give DATABASE_URL a role of its own; callagent migrate makes it."),
    };

    private static async Task<Finding> MigrationsAsync(CrmDb db, CancellationToken cancellation)
    {
        try
        {
            return SqliteChecks.Migrations((await db.Database.GetPendingMigrationsAsync(cancellation)).Count());
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return new("migrations", Verdict.Wrong, "The role may not read the table of migrations.", "callagent migrate");
        }
    }

    private static async Task<IEnumerable<Finding>> PoliciesAsync(NpgsqlDataSource source, CrmDb db, string role, CancellationToken cancellation)
    {
        var faults = await CatalogueLint.FindAsync(source, db.Model, role, cancellation);
        return faults.Count == 0
            ? [new("isolation", Verdict.Ok, "Every table forces row-level security by the policies of this version, and every key begins with the user.")]
            : faults.Select(fault => new Finding("isolation", Verdict.Wrong, fault, "callagent migrate mends policies and rights; take away by hand what was added by hand."));
    }

    private static async Task<Finding> ClockAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select clock_timestamp()");
        var before = TimeProvider.System.GetUtcNow();
        var database = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellation))!);
        var after = TimeProvider.System.GetUtcNow();
        var skew = (database - (before + (after - before) / 2)).Duration();
        var says = string.Create(CultureInfo.InvariantCulture, $"The clocks of this machine and of the database are {skew.TotalSeconds:0.0} s apart.");
        const string Mend = "Keep both by NTP: leases, sessions and callbacks go by the clock.";
        return skew switch
        {
            _ when skew > HarmfulSkew => new("clock", Verdict.Wrong, says, Mend),
            _ when skew > NoticeableSkew => new("clock", Verdict.Warning, says, Mend),
            _ => new("clock", Verdict.Ok, says),
        };
    }
}
