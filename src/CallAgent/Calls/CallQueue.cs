using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>What to do next: a call that is due, or somebody who was never called.</summary>
/// <param name="CallId">A scheduled call whose time has come.</param>
/// <param name="ContactId">Without one, the contact to call.</param>
public sealed record NextCall(Guid? CallId, Guid? ContactId);

/// <summary>Which calls are to be made.</summary>
internal static class CallQueue
{
    /// <summary>Scheduled calls whose time has passed, or has not come yet.</summary>
    public static Expression<Func<Call, bool>>? Due(string value, DateTimeOffset now) => value switch
    {
        "overdue" => c => c.Status == Client.CallStatus.Scheduled && c.ScheduledTime < now,
        "upcoming" => c => c.Status == Client.CallStatus.Scheduled && c.ScheduledTime >= now,
        _ => null,
    };

    /// <summary>
    /// The scheduled call that has been due for longest: a promise comes before a new contact, whatever its campaign.
    /// Otherwise the newest contact that is new, can be dialled and has no call yet; <c>null</c> when nobody is left.
    /// </summary>
    public static async Task<NextCall?> NextAsync(CrmDb db, Guid? except, CancellationToken cancellation)
    {
        var now = db.Clock.Now();
        var due = await db.Calls.Where(c => c.Status == Client.CallStatus.Scheduled && c.ScheduledTime <= now && c.Id != except)
            .OrderBy(c => c.ScheduledTime).ThenBy(c => c.Id).Select(c => (Guid?)c.Id).FirstOrDefaultAsync(cancellation);
        if (due is not null)
        {
            return new(due, null);
        }
        var contact = await db.Contacts
            .Where(c => c.Status == Client.ContactStatus.New && c.PhoneValid && !db.Calls.Any(call => call.ContactId == c.Id))
            .OrderByDescending(c => c.Id).Select(c => (Guid?)c.Id).FirstOrDefaultAsync(cancellation);
        return contact is null ? null : new(null, contact);
    }
}
