using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>
/// What an operator does to one user: as that user's unit of work, so that the guard holds for the operator too, and noted
/// in that user's own audit log.
/// </summary>
internal sealed class OperatorWork(Database database, CallAgentSettings settings)
{
    /// <summary>Runs the work in one transaction, saves what it has changed and noted, and seals it.</summary>
    /// <param name="userId">Whose unit of work.</param>
    /// <param name="actor">Whose doing it is, for the audit log.</param>
    /// <param name="work">What is done.</param>
    /// <param name="cancellation">Stops it before it is committed.</param>
    /// <returns>Whether there is such a user; without one, nothing was done.</returns>
    public async Task<bool> OnAsync(Guid userId, AuditActor actor, Func<CrmDb, Task> work, CancellationToken cancellation)
    {
        database.Book ??= new AuditBook(new AuditKey(settings.LoadSecrets()));
        var begun = database.Clock.Now();
        await using (var db = database.Open(TenantScope.Of(userId)))
        {
            db.Actor = actor;
            await using var transaction = await db.BeginWriteAsync(cancellation);
            if (!await db.Users.AnyAsync(cancellation))
            {
                return false;
            }
            await work(db);
            await db.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
        }
        // From here on it has happened, and whoever asked may have gone.
        await AuditSealer.SealAsync(database, userId, ListingParts.FirstIdAt(begun), CancellationToken.None);
        return true;
    }
}
