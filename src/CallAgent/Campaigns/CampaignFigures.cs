using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>How far a campaign has come.</summary>
/// <param name="Calls">Its calls by status; statuses without one are left out.</param>
/// <param name="Conversations">How many conversations belong to it.</param>
/// <param name="LastActivity">When its newest call or conversation last changed; <c>null</c> without any.</param>
public sealed record CampaignFigures(IReadOnlyDictionary<Client.CallStatus, long> Calls, long Conversations, DateTimeOffset? LastActivity)
{
    public long TotalCalls => Calls.Values.Sum();

    /// <summary>Calls that were made, or tried.</summary>
    public long CallsOver => TotalCalls - CallsIn(Client.CallStatus.Scheduled) - CallsIn(Client.CallStatus.InProgress);

    /// <summary>The share of those in which somebody was reached, from 0 to 1.</summary>
    public double ReachedShare => CallsOver == 0 ? 0 : (double)CallsIn(Client.CallStatus.Completed) / CallsOver;

    public long CallsIn(Client.CallStatus status) => Calls.GetValueOrDefault(status);

    internal static async Task<IReadOnlyDictionary<Guid, CampaignFigures>> ReadAsync(CrmDb db, IReadOnlyCollection<Guid> ids, CancellationToken cancellation)
    {
        if (ids.Count == 0)
        {
            return new Dictionary<Guid, CampaignFigures>();
        }
        var names = ids.SelectMany(NamesOf).ToArray();
        var counters = await db.Counters.AsNoTracking().Where(c => c.Period == "" && names.Contains(c.Name)).ToDictionaryAsync(c => c.Name, c => c.Value, cancellation);
        var newest = await NewestAsync(db, ids, cancellation);
        return ids.ToDictionary(id => id, id => new CampaignFigures(
            Statuses.Select(s => (Status: s, Count: counters.GetValueOrDefault(CounterNames.CallsIn(id, s)))).Where(c => c.Count > 0).ToDictionary(c => c.Status, c => c.Count),
            counters.GetValueOrDefault(CounterNames.ConversationsOf(id)),
            newest.GetValueOrDefault(id)));
    }

    private static Client.CallStatus[] Statuses { get; } = Enum.GetValues<Client.CallStatus>();

    private static IEnumerable<string> NamesOf(Guid id) =>
        Statuses.Select(s => CounterNames.CallsIn(id, s)).Append(CounterNames.ConversationsOf(id));

    // The last entry of an index for each campaign, and not the greatest of all its rows.
    private static async Task<Dictionary<Guid, DateTimeOffset?>> NewestAsync(CrmDb db, IReadOnlyCollection<Guid> ids, CancellationToken cancellation)
    {
        var rows = await db.Campaigns.AsNoTracking().Where(c => ids.Contains(c.Id)).Select(campaign => new
        {
            campaign.Id,
            Call = db.Calls.Where(c => c.CampaignId == campaign.Id).OrderByDescending(c => c.Id).Select(c => (DateTimeOffset?)c.UpdatedAt).FirstOrDefault(),
            Conversation = db.Conversations.Where(c => c.CampaignId == campaign.Id).OrderByDescending(c => c.Id).Select(c => (DateTimeOffset?)c.UpdatedAt).FirstOrDefault(),
        }).ToListAsync(cancellation);
        return rows.ToDictionary(r => r.Id, r => r.Call > r.Conversation || r.Conversation is null ? r.Call : r.Conversation);
    }
}
