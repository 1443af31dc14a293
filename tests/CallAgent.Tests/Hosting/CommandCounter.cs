using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CallAgent.Tests;

/// <summary>Counts the commands of each user's units of work.</summary>
internal sealed class CommandCounter(ConcurrentDictionary<Guid, int> counts) : DbCommandInterceptor
{
    /// <summary>Counts the statements that go past EF Core too, by the traces that they leave.</summary>
    public static ActivityListener Listen(ConcurrentDictionary<Guid, int> counts)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "CallAgent",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => counts.AddOrUpdate((Guid)activity.GetTagItem("user_id")!, 1, (_, n) => n + 1),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

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
        // What is written behind the answers is nobody's wait.
        if (eventData.Context is CrmDb { Scope.User: { } user, IsBehind: false })
        {
            counts.AddOrUpdate(user, 1, (_, n) => n + 1);
        }
    }
}
