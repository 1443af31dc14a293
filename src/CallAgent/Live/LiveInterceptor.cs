using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CallAgent;

/// <summary>Tells of changes when the outermost transaction has committed, and forgets those that were not.</summary>
internal sealed class LiveInterceptor : DbTransactionInterceptor
{
    // A transaction that was dropped without an end leaves its changes behind.
    public override ValueTask<DbTransaction> TransactionStartedAsync(
        DbConnection connection, TransactionEndEventData eventData, DbTransaction result, CancellationToken cancellationToken = default)
    {
        (eventData.Context as CrmDb)?.ForgetChanges();
        return new(result);
    }

    public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        (eventData.Context as CrmDb)?.TellChanges();
        return Task.CompletedTask;
    }
}
