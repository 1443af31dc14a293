using Microsoft.EntityFrameworkCore.Storage;

namespace CallAgent;

/// <summary>
/// A transaction inside another: a savepoint. What it wrote is kept with the outer one, or undone alone, so that a refused
/// step does not spoil what goes around it.
/// </summary>
internal sealed class EnclosedTransaction(IDbContextTransaction outer, Action over) : IDbContextTransaction
{
    private const string Name = "enclosed";

    private bool isOpen = true;

    public Guid TransactionId => outer.TransactionId;

    public static async Task<EnclosedTransaction> BeginAsync(IDbContextTransaction outer, Action over, CancellationToken cancellation)
    {
        await outer.CreateSavepointAsync(Name, cancellation);
        return new(outer, over);
    }

    public async Task CommitAsync(CancellationToken cancellationToken = default)
    {
        await outer.ReleaseSavepointAsync(Name, cancellationToken);
        End();
    }

    public async Task RollbackAsync(CancellationToken cancellationToken = default)
    {
        await outer.RollbackToSavepointAsync(Name, cancellationToken);
        End();
    }

    public async ValueTask DisposeAsync()
    {
        if (isOpen)
        {
            await RollbackAsync();
        }
    }

    public void Commit() => throw new NotSupportedException("Transactions are asynchronous here.");

    public void Rollback() => throw new NotSupportedException("Transactions are asynchronous here.");

    public void Dispose() => throw new NotSupportedException("Transactions are asynchronous here.");

    private void End()
    {
        isOpen = false;
        over();
    }
}
