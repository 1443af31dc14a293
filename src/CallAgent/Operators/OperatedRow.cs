using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>A user with its owner, as the operator's connection may see them, and how much of the plan they use.</summary>
internal sealed class OperatedRow
{
    public required User User { get; init; }
    public required Member Owner { get; init; }

    public static IQueryable<OperatedRow> All(CrmDb db) => db.Users.OfAnyUser().AsNoTracking()
        .Join(db.Members.OfAnyUser(), u => u.UserId, m => m.UserId, (u, m) => new OperatedRow { User = u, Owner = m })
        .Where(r => r.Owner.Role == Client.MemberRole.Owner);

    public static async Task<IReadOnlyList<Client.OperatedUser>> DescribeAsync(CrmDb db, List<OperatedRow> rows, CancellationToken cancellation)
    {
        var (ids, now) = (rows.ConvertAll(r => r.User.UserId), db.Clock.Now());
        // Around its end, users in several time zones are in several months.
        var months = rows.ConvertAll(r => MonthOf(r.User, now));
        var periods = months.Append("").Distinct().ToList();
        string[] names = [CounterNames.Campaigns, CounterNames.Contacts, CounterNames.Calls];
        var counters = await db.Counters.OfAnyUser().AsNoTracking()
            .Where(c => ids.Contains(c.UserId) && periods.Contains(c.Period) && names.Contains(c.Name))
            .ToDictionaryAsync(c => (c.UserId, c.Name, c.Period), c => c.Value, cancellation);
        return [.. rows.Zip(months, (r, month) => new Client.OperatedUser
        {
            Id = r.User.UserId,
            Email = r.Owner.Email,
            CompanyName = r.User.CompanyName,
            Plan = r.User.Plan,
            Status = r.User.Status,
            CreatedAt = r.User.CreatedAt,
            Campaigns = counters.GetValueOrDefault((r.User.UserId, CounterNames.Campaigns, "")),
            Contacts = counters.GetValueOrDefault((r.User.UserId, CounterNames.Contacts, "")),
            Calls = counters.GetValueOrDefault((r.User.UserId, CounterNames.Calls, "")),
            CallsThisMonth = counters.GetValueOrDefault((r.User.UserId, CounterNames.Calls, month)),
        })];
    }

    private static string MonthOf(User user, DateTimeOffset now) =>
        new CounterLedger(user.Plan, LocalTime.ZoneOf(user.TimeZone)).PeriodOf(CounterSpan.Month, now);
}
