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
    /// The scheduled call that has been due for longest, or longest after the one that was looked at last: a promise comes before a
    /// new contact, whatever its campaign. Then the newest contact that is new, can be dialled and has no call yet; then the due calls that
    /// were passed over, once more. <c>null</c> when nobody is left.
    /// </summary>
    /// <param name="db">The unit of work.</param>
    /// <param name="after">The call that was looked at last.</param>
    /// <param name="cancellation">Stops the queries.</param>
    public static async Task<NextCall?> NextAsync(CrmDb db, Guid? after, CancellationToken cancellation)
    {
        var passed = after is null ? null : await db.Calls.Where(c => c.Id == after).Select(c => (DateTimeOffset?)c.ScheduledTime).FirstOrDefaultAsync(cancellation);
        if (await FirstDueAsync(db, passed, after, cancellation) is { } due)
        {
            return new(due, null);
        }
        var contact = await db.Contacts
            .Where(c => c.Status == Client.ContactStatus.New && c.PhoneValid && !db.Calls.Any(call => call.ContactId == c.Id))
            .OrderByDescending(c => c.Id).Select(c => (Guid?)c.Id).FirstOrDefaultAsync(cancellation);
        if (contact is not null)
        {
            return new(null, contact);
        }
        return passed is not null && await FirstDueAsync(db, null, after, cancellation) is { } again ? new(again, null) : null;
    }

    // A call to its contact's number is left out while that number cannot be dialled.
    private static Task<Guid?> FirstDueAsync(CrmDb db, DateTimeOffset? passed, Guid? after, CancellationToken cancellation)
    {
        var now = db.Clock.Now();
        return db.Calls
            .Where(c => c.Status == Client.CallStatus.Scheduled && c.ScheduledTime <= now && c.Id != after)
            .Where(c => passed == null || c.ScheduledTime > passed || (c.ScheduledTime == passed && c.Id > after!.Value))
            .Where(c => !db.Contacts.Any(contact => contact.Id == c.ContactId && contact.PhoneNumber == c.PhoneNumber && !contact.PhoneValid))
            .OrderBy(c => c.ScheduledTime).ThenBy(c => c.Id).Select(c => (Guid?)c.Id).FirstOrDefaultAsync(cancellation);
    }
}
