using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using NpgsqlTypes;

namespace CallAgent;

/// <summary>
/// Tells PostgreSQL whose rows a command may touch. The setting is local to the transaction, so that neither the pool
/// nor a transaction pooler in between can carry it over, and travels in the message of the command itself: no extra
/// round trip. Only the commands of SaveChanges cannot bear a prefix (npgsql/efcore.pg#2412): for those the setting is
/// sent first, unless an earlier command of the same transaction brought it.
/// </summary>
internal sealed class PostgresTenantInterceptor : DbCommandInterceptor
{
    private const string SetUser = "select set_config('app.user_id', @tenancy_value, true)";
    private const string SetLookup = "select set_config('app.lookup', @tenancy_value, true)";

    public override InterceptionResult<DbDataReader> ReaderExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result)
    {
        if (IsSave(eventData))
        {
            Announcement(command, eventData)?.ExecuteNonQuery();
        }
        else
        {
            Prefix(command, eventData);
        }
        return result;
    }

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (!IsSave(eventData))
        {
            Prefix(command, eventData);
        }
        else if (Announcement(command, eventData) is { } announcement)
        {
            await using (announcement)
            {
                await announcement.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        return result;
    }

    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result)
    {
        if (IsPrefixed(command))
        {
            result.NextResult();
        }
        return result;
    }

    public override async ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
    {
        if (IsPrefixed(command))
        {
            await result.NextResultAsync(cancellationToken);
        }
        return result;
    }

    public override InterceptionResult<int> NonQueryExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result)
    {
        Prefix(command, eventData);
        return result;
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Prefix(command, eventData);
        return new(result);
    }

    /// <summary>A scalar is the first value of the first result, which a prefix would take; nothing here needs one.</summary>
    public override InterceptionResult<object> ScalarExecuting(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result) =>
        SettingOf(eventData) is null ? result : throw new TenancyException("Scalar commands are not used under a tenant.");

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default) =>
        new(ScalarExecuting(command, eventData, result));

    private static void Prefix(DbCommand command, CommandEventData eventData)
    {
        if (SettingOf(eventData) is not var (sql, value))
        {
            return;
        }
        command.CommandText = $"{sql};\n{command.CommandText}";
        command.Parameters.Add(Parameter(value));
        Remember(eventData);
    }

    private static NpgsqlCommand? Announcement(DbCommand command, CommandEventData eventData)
    {
        var db = (CrmDb)eventData.Context!;
        if (SettingOf(eventData) is not var (sql, value) || db.AnnouncedIn == db.Database.CurrentTransaction?.TransactionId)
        {
            return null;
        }
        var announcement = new NpgsqlCommand(sql, (NpgsqlConnection)command.Connection!, (NpgsqlTransaction?)command.Transaction);
        announcement.Parameters.Add(Parameter(value));
        Remember(eventData);
        return announcement;
    }

    private static void Remember(CommandEventData eventData)
    {
        var db = (CrmDb)eventData.Context!;
        db.AnnouncedIn = db.Database.CurrentTransaction?.TransactionId ?? db.AnnouncedIn;
    }

    private static (string Sql, string Value)? SettingOf(CommandEventData eventData) => eventData.Context switch
    {
        CrmDb { Scope.User: { } user } => (SetUser, user.ToString()),
        CrmDb { Scope.Lookup: { } lookup } => (SetLookup, lookup),
        _ => null,
    };

    private static bool IsSave(CommandEventData eventData) => eventData.CommandSource == CommandSource.SaveChanges;

    private static bool IsPrefixed(DbCommand command) => command.CommandText.StartsWith("select set_config('app.", StringComparison.Ordinal);

    private static NpgsqlParameter Parameter(string value) => new("tenancy_value", NpgsqlDbType.Text) { Value = value };
}
