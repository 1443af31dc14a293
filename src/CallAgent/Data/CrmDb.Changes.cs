using Microsoft.EntityFrameworkCore;

namespace CallAgent;

// Who hears of what was written, when its transaction has committed and not before.
internal abstract partial class CrmDb
{
    private readonly List<Action> afterCommit = [];
    private LiveTopics changed;

    /// <summary>Whom to tell of changes once they are committed.</summary>
    public Action<Guid, LiveTopics>? Changed { get; set; }

    /// <summary>
    /// Notes what a statement that goes past the change tracker has changed. Those who follow are told when the
    /// transaction commits; without one, at once.
    /// </summary>
    public void MarkChanged(LiveTopics topics)
    {
        changed |= topics;
        if (Database.CurrentTransaction is null)
        {
            TellChanges();
        }
    }

    /// <summary>Does something that cannot be taken back, such as sending a mail, when the current transaction has committed; without one, at once.</summary>
    internal void AfterCommit(Action action)
    {
        if (Database.CurrentTransaction is null)
        {
            action();
        }
        else
        {
            afterCommit.Add(action);
        }
    }

    internal void ForgetChanges()
    {
        (changed, firstEntry) = (LiveTopics.None, null);
        afterCommit.Clear();
    }

    internal void TellChanges()
    {
        TellEntries();
        if (changed != LiveTopics.None)
        {
            Changed?.Invoke(UserId, changed);
        }
        afterCommit.ForEach(action => action());
        ForgetChanges();
    }

    private LiveTopics TopicsOf(IReadOnlyList<CounterChange> counters) => ChangeTracker.Entries()
        .Where(e => e.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
        .Aggregate(counters.Any(c => c.Limit is not null) ? LiveTopics.Usage : LiveTopics.None, (topics, e) => topics | LiveTopicNames.Of(e.Metadata.ClrType));
}
