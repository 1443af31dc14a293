using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>The schema as text, and whether the migrations make it. Needs no database.</summary>
public static class Schema
{
    /// <summary>What a SQLite database looks like.</summary>
    public static string Sqlite()
    {
        using var db = new SqliteDesignTime().CreateDbContext([]);
        return Tidy(db.Database.GenerateCreateScript() + Lines(AuditProtection.Sqlite()) + Lines(ContactTokenCleanup.Sqlite()) + Lines(OperatorTables.Statements(isPostgres: false)));
    }

    /// <summary>What a PostgreSQL database looks like, with its policies and rights.</summary>
    public static string Postgres()
    {
        using var db = new PostgresDesignTime().CreateDbContext([]);
        var statements = RowLevelSecurity.Policies(db.Model).Concat(RowLevelSecurity.Grants(db.Model, Migrator.RuntimeRole))
            .Concat(AuditProtection.Postgres(Migrator.RuntimeRole)).Concat(ContactTokenCleanup.Postgres()).Concat(OperatorTables.Statements(isPostgres: true));
        return Tidy(db.Database.GenerateCreateScript() + Lines(statements));
    }

    /// <summary>The databases whose migrations do not make the model; empty when all is well.</summary>
    public static IReadOnlyList<string> OutOfDate()
    {
        using var sqlite = new SqliteDesignTime().CreateDbContext([]);
        using var postgres = new PostgresDesignTime().CreateDbContext([]);
        return [.. new (string Name, DbContext Db)[] { ("SQLite", sqlite), ("PostgreSQL", postgres) }
            .Where(d => d.Db.Database.HasPendingModelChanges()).Select(d => d.Name)];
    }

    /// <summary>Whether a migration is one of this version's.</summary>
    internal static bool Knows(string migration)
    {
        using var db = new SqliteDesignTime().CreateDbContext([]);
        return db.Database.GetMigrations().Contains(migration);
    }

    private static string Lines(IEnumerable<string> statements) => string.Concat(statements.Select(s => $"{s};\n"));

    private static string Tidy(string script) => script.ReplaceLineEndings("\n").TrimEnd() + "\n";
}
