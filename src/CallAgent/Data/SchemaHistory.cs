using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace CallAgent;

/// <summary>
/// Which migrations a database has, asked without EF Core: nearly always it has them all, and a start would spend more
/// time on building EF Core's model than on everything else.
/// </summary>
internal static class SchemaHistory
{
    private const int SqliteError = 1;
    private const int SqliteCannotOpen = 14;

    /// <summary>The migrations of this version that the database lacks, in their order.</summary>
    public static async Task<IReadOnlyList<string>> MissingAsync(Database database, CancellationToken cancellation)
    {
        var known = Known(database.IsPostgres ? typeof(PostgresCrmDb) : typeof(SqliteCrmDb));
        return [.. known.Except(await AppliedAsync(database.Source, cancellation))];
    }

    private static IEnumerable<string> Known(Type context) => context.Assembly.GetExportedTypes()
        .Where(type => type.IsSubclassOf(typeof(Migration)) && type.GetCustomAttribute<DbContextAttribute>()?.ContextType == context)
        .Select(type => type.GetCustomAttribute<MigrationAttribute>()!.Id)
        .Order(StringComparer.Ordinal);

    private static async Task<HashSet<string>> AppliedAsync(DbDataSource source, CancellationToken cancellation)
    {
        var applied = new HashSet<string>();
        try
        {
            await using var command = source.CreateCommand("select \"MigrationId\" from \"__EFMigrationsHistory\"");
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                applied.Add(reader.GetString(0));
            }
        }
        catch (DbException e) when (IsUnmade(e))
        {
            // Never migrated, or not yet for this role.
        }
        return applied;
    }

    private static bool IsUnmade(DbException e) => e
        is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InsufficientPrivilege }
        or SqliteException { SqliteErrorCode: SqliteError or SqliteCannotOpen };
}
