using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace CallAgent;

internal sealed class Call : IVersioned, ICounted
{
    public Guid UserId { get; set; }
    public required Guid Id { get; init; }
    public required Guid ContactId { get; init; }
    public Guid? CampaignId { get; set; }
    public required string PhoneNumber { get; set; }
    public Client.CallStatus Status { get; set; }
    public required DateTimeOffset ScheduledTime { get; set; }
    public DateTimeOffset? StartTime { get; set; }
    public DateTimeOffset? EndTime { get; set; }
    public int? DurationSeconds { get; set; }
    public string? RecordingUrl { get; set; }
    public string? Notes { get; set; }
    public string? EndedReason { get; set; }

    // Who scheduled it and who placed it; no foreign keys, because a call outlives members and keys.
    public string? CreatedBy { get; init; }
    public Guid? CreatedById { get; init; }
    public string? StartedBy { get; set; }
    public Guid? StartedById { get; set; }

    /// <summary>The time zone that its days and month are counted in for ever: the account's when it was made, which may have another one by now.</summary>
    public required string CountedIn { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset UpdatedAt { get; set; }
    public int Version { get; set; } = 1;

    public IEnumerable<string> Totals() => CampaignId is { } campaignId
        ? [CounterNames.Calls, CounterNames.CallsIn(Status), CounterNames.CallsIn(campaignId, Status)]
        : [CounterNames.Calls, CounterNames.CallsIn(Status)];

    public IEnumerable<Happening> Happenings(ICounted? before)
    {
        var month = before is null ? [new Happening(CounterNames.Calls, CounterSpan.Month, CreatedAt, CountedIn)] : Array.Empty<Happening>();
        // What was corrected later, such as a duration or the campaign, moves within the days that it happened on.
        return [.. month, .. OfDays(), .. before is Call earlier ? earlier.OfDays().Select(h => h with { Amount = -h.Amount }) : []];
    }

    /// <summary>A call that was never placed gives its place in the month back.</summary>
    public IEnumerable<Happening> GivenBack() =>
        Status == Client.CallStatus.Scheduled ? [new(CounterNames.Calls, CounterSpan.Month, CreatedAt, CountedIn)] : [];

    // The account's days and the campaign's.
    private IEnumerable<Happening> OfDays()
    {
        foreach (var whose in CampaignId is { } campaignId ? ["", CounterNames.OfCampaign(campaignId)] : new[] { "" })
        {
            yield return new(whose + CounterNames.Calls, CounterSpan.Day, CreatedAt, CountedIn);
            if (CallStates.IsOver(Status))
            {
                yield return new(whose + CounterNames.CallsIn(Status), CounterSpan.Day, EndTime!.Value, CountedIn);
            }
            if (Status == Client.CallStatus.Completed)
            {
                yield return new(whose + CounterNames.TalkSeconds, CounterSpan.Day, EndTime!.Value, CountedIn, DurationSeconds ?? 0);
            }
        }
    }

    public Client.Call ToRecord() => new()
    {
        Id = Id,
        UserId = UserId,
        ContactId = ContactId,
        CampaignId = CampaignId,
        PhoneNumber = PhoneNumber,
        Status = Status,
        ScheduledTime = ScheduledTime,
        StartTime = StartTime,
        EndTime = EndTime,
        DurationSeconds = DurationSeconds,
        RecordingUrl = RecordingUrl,
        Notes = Notes,
        EndedReason = EndedReason,
        CreatedBy = CreatedBy,
        CreatedById = CreatedById,
        StartedBy = StartedBy,
        StartedById = StartedById,
        Version = Version,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<Call>
    {
        public void Configure(EntityTypeBuilder<Call> builder)
        {
            builder.HasKey(c => new { c.UserId, c.Id });
            // The service deletes a contact's calls itself, and counts them: one that came just now must stop it and not go along.
            builder.HasOne<Contact>().WithMany().HasForeignKey(c => new { c.UserId, c.ContactId }).OnDelete(DeleteBehavior.NoAction);
            // EF cannot null half of a composite key: the service unlinks calls before it deletes a campaign.
            builder.HasOne<Campaign>().WithMany().HasForeignKey(c => new { c.UserId, c.CampaignId }).OnDelete(DeleteBehavior.NoAction);
            builder.HasIndex(c => new { c.UserId, c.ContactId, c.Id });
            builder.HasIndex(c => new { c.UserId, c.CampaignId, c.Id });
            builder.HasIndex(c => new { c.UserId, c.Status, c.Id });
            // What is due, of all and of one campaign, however many calls are over.
            builder.HasIndex(c => new { c.UserId, c.Status, c.ScheduledTime, c.Id });
            builder.HasIndex(c => new { c.UserId, c.CampaignId, c.Status, c.ScheduledTime, c.Id });
            builder.HasIndex(c => new { c.UserId, c.PhoneNumber, c.Id });
            builder.HasIndex(c => new { c.UserId, c.ScheduledTime, c.Id });
            builder.HasIndex(c => new { c.UserId, c.UpdatedAt, c.Id });
        }
    }
}
