using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CallAgent.Tests;

/// <summary>Counts the commands of each user's units of work.</summary>
internal sealed class CommandCounter(ConcurrentDictionary<Guid, int> counts) : DbCommandInterceptor
{
    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Count(eventData);
        return new(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Count(eventData);
        return new(result);
    }

    private void Count(CommandEventData eventData)
    {
        if (eventData.Context is CrmDb { Scope.User: { } user })
        {
            counts.AddOrUpdate(user, 1, (_, n) => n + 1);
        }
    }
}
