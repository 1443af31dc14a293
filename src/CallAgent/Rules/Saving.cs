using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CallAgent;

/// <summary>The one place where what a database refuses becomes an answer.</summary>
internal static class Saving
{
    /// <summary>
    /// Saves, or says why not; nothing is written in that case. Either way nothing stays tracked: in process a unit of
    /// work outlives many operations, and each must see what the database holds then.
    /// </summary>
    public static async Task<Problem?> TrySaveAsync(this CrmDb db, CancellationToken cancellation)
    {
        try
        {
            return await TryAsync(() => db.SaveChangesAsync(cancellation));
        }
        finally
        {
            db.Forget();
        }
    }

    /// <summary>Writes, or says why not.</summary>
    public static async Task<Problem?> TryAsync(Func<Task> write)
    {
        try
        {
            await write();
            return null;
        }
        catch (PlanLimitException e)
        {
            return Problem.LimitReached(e);
        }
        catch (Exception e) when (e is DbUpdateConcurrencyException || IsCollision(e) || IsStillReferred(e))
        {
            return Problem.Stale;
        }
        catch (Exception e) when (Refusal(e is DbUpdateException ? e.InnerException : e) is { } problem)
        {
            return problem;
        }
    }

    /// <summary>Whether two writers stood in each other's way, so that trying again helps.</summary>
    public static bool IsCollision(Exception e) => e is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected }
        || (e.InnerException is { } inner && IsCollision(inner));

    /// <summary>Whether somebody else wrote what this was about at the same time: a collision, or rows that refer to what was to be deleted.</summary>
    public static bool IsInTheWay(Exception e) => IsCollision(e) || e is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation }
        || (e.InnerException is { } inner && IsInTheWay(inner));

    // What was to be deleted has got something that refers to it since it was read.
    private static bool IsStillReferred(Exception e) =>
        e is DbUpdateException { Entries: [.., { State: EntityState.Deleted }] } update && Refusal(update.InnerException) == Vanished;

    private static Problem? Refusal(Exception? e) => e switch
    {
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } p => Duplicate(p.ConstraintName ?? ""),
        PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation } => Vanished,
        // SQLITE_CONSTRAINT_UNIQUE, _PRIMARYKEY and _FOREIGNKEY.
        SqliteException { SqliteExtendedErrorCode: 2067 or 1555 } s => Duplicate(s.Message),
        SqliteException { SqliteExtendedErrorCode: 787 } => Vanished,
        _ => null,
    };

    // PostgreSQL names the index, SQLite the columns; both contain the column's name.
    private static Problem Duplicate(string what) => what switch
    {
        _ when what.Contains("phone_number", StringComparison.Ordinal) =>
            Problem.Conflict(Problem.PhoneNumberTaken, "This phone number is taken", "Another of your contacts has this phone number.") with
            {
                Errors = new Dictionary<string, string[]> { ["phone_number"] = ["Another of your contacts has it."] },
            },
        _ when what.Contains("email", StringComparison.Ordinal) =>
            Problem.Conflict("email-taken", "This e-mail address is taken", "Somebody is registered or invited with it already.") with
            {
                Errors = new Dictionary<string, string[]> { ["email"] = ["Is taken."] },
            },
        _ => Problem.Conflict("conflict", "It is there already", "Something with the same key exists."),
    };

    private static Problem Vanished { get; } =
        Problem.Conflict("reference-gone", "Something it refers to is gone", "A record that this refers to was deleted meanwhile.");
}
