using System.Reflection;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>Ends a user: its rows, what is left of them in the database's file, and the mails that were written to it.</summary>
internal sealed class Erasure(CallAgentHost host)
{
    private const int Attempts = 40;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly MethodInfo CountRows = typeof(Erasure).GetMethod(nameof(CountAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    public async Task<Client.ErasureCertificate> OfAsync(CrmDb db, CancellationToken cancellation)
    {
        var members = await db.Members.Select(m => m.Id).ToListAsync(cancellation);
        var (rows, now) = (new SortedDictionary<string, long>(StringComparer.Ordinal), db.Clock.Now());
        if (host.Operators is { } operators)
        {
            // Before anything has happened: what cannot be taken back must not fail half way.
            await operators.Impersonations.ForgetAsync(db.UserId, cancellation);
        }
        await DeleteAsync(db, members, rows, cancellation);
        // From here on it has happened, and whoever asked may have gone: what is left is cleared away all the same.
        host.Mailer.Forget(db.UserId);
        await db.WipeAsync(CancellationToken.None);
        return host.ErasureSeal.Sign(db.UserId, now, rows);
    }

    // An account may be at work, on this node and on others: first nobody is let in any more. A process that dies meanwhile leaves it
    // closed, as its owner wanted it to be.
    private async Task DeleteAsync(CrmDb db, List<Guid> members, SortedDictionary<string, long> rows, CancellationToken cancellation)
    {
        var status = await db.Users.Select(u => u.Status).FirstOrDefaultAsync(cancellation);
        await SetStatusAsync(db, members, Client.UserStatus.Inactive, cancellation);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await DeleteRowsAsync(db, rows, cancellation);
                members.ForEach(id => host.Principals.ForgetMember(db.UserId, id));
                return;
            }
            catch (Exception e) when (Saving.IsInTheWay(e) && attempt < Attempts)
            {
                // Another node hears of it within seconds. Who gives up meanwhile is heard by the next attempt, which opens the account again.
                await Task.Delay(Pause, CancellationToken.None);
            }
            catch
            {
                await SetStatusAsync(db, members, status, CancellationToken.None);
                throw;
            }
        }
    }

    private async Task SetStatusAsync(CrmDb db, List<Guid> members, Client.UserStatus status, CancellationToken cancellation)
    {
        await db.Users.ExecuteUpdateAsync(s => s.SetProperty(u => u.Status, status), cancellation);
        members.ForEach(id => host.Principals.ForgetMember(db.UserId, id));
    }

    private static async Task DeleteRowsAsync(CrmDb db, SortedDictionary<string, long> rows, CancellationToken cancellation)
    {
        await using var transaction = await db.BeginWriteAsync(cancellation);
        // A million contacts take half a minute, which is more than a statement has otherwise.
        db.Database.SetCommandTimeout(Patience);
        foreach (var entity in db.Model.GetEntityTypes())
        {
            rows[entity.GetTableName()!] = await (Task<long>)CountRows.MakeGenericMethod(entity.ClrType).Invoke(null, [db, cancellation])!;
        }
        // Every other row goes with it by cascade; first those that hold what they point at.
        await db.Conversations.ExecuteDeleteAsync(cancellation);
        await db.Calls.ExecuteDeleteAsync(cancellation);
        await db.ApiKeys.ExecuteDeleteAsync(cancellation);
        await db.Users.ExecuteDeleteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static Task<long> CountAsync<T>(CrmDb db, CancellationToken cancellation) where T : class => db.Set<T>().LongCountAsync(cancellation);
}
