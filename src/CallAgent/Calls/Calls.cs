using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace CallAgent;

/// <summary>A user's calls.</summary>
public sealed partial class Calls
{
    internal static readonly Listing<Call> Listing = new Listing<Call>("calls")
        .SortByCreation(c => c.Id)
        .SortBy("updated_at", c => c.UpdatedAt, ListingParts.WriteTime, ListingParts.ReadTime)
        .FilterInOrder("updated_after", sort: "updated_at", value => ListingParts.IsTime<Call>(value, t => c => c.UpdatedAt >= t))
        .SortBy("scheduled_time", c => c.ScheduledTime, ListingParts.WriteTime, ListingParts.ReadTime)
        .FilterByEnum<Client.CallStatus>("status", s => c => c.Status == s)
        .FilterBy("contact_id", (_, value) => ListingParts.IsGuid<Call>(value, id => c => c.ContactId == id))
        .FilterBy("campaign_id", (_, value) => ListingParts.IsGuid<Call>(value, id => c => c.CampaignId == id))
        .FilterBy("phone_number", (_, value) => NumberSearch.Whole(value) is { } number ? c => c.PhoneNumber == number : null)
        .FilterBy("scheduled_after", (_, value) => ListingParts.IsTime<Call>(value, t => c => c.ScheduledTime >= t))
        .FilterBy("scheduled_before", (_, value) => ListingParts.IsTime<Call>(value, t => c => c.ScheduledTime < t))
        .FilterBy("due", ["overdue", "upcoming"], (db, value) => CallQueue.Due(value, db.Clock.Now()))
        .SearchBy((db, rows, sought, cancellation) => ContactSearch.InAsync(db, rows, sought, c => c.ContactId, cancellation));

    /// <summary>What the list takes.</summary>
    public static ListParameters Parameters { get; } = Listing.Describe();

    private const int MostRunning = 20;

    private readonly Workspace workspace;

    internal Calls(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    public Task<Result<Client.Page<Client.Call>>> ListAsync(Client.ListQuery? query = null, CancellationToken cancellation = default) =>
        workspace.ListedAsync(AuditActions.CallList, query, Listing.ReadAsync(Db, workspace.Host.Cursors, query ?? new(), c => c.ToRecord(), cancellation));

    public async Task<Client.Call?> FindAsync(Guid id, CancellationToken cancellation = default)
    {
        var found = await Db.Calls.AsNoTracking().FirstOrDefaultAsync(c => c.Id == id, cancellation);
        return found is null ? null : workspace.Read(AuditActions.CallRead, id, found.ToRecord());
    }

    /// <summary>The calls that the signed-in member, or the API key, has started and that go on. Nothing of them is personal, and no read is noted.</summary>
    public async Task<Client.RunningCalls> RunningAsync(CancellationToken cancellation = default)
    {
        var (me, now) = (workspace.Principal.ActorId, workspace.Now);
        var running = await Db.Calls.AsNoTracking().Where(c => c.Status == Client.CallStatus.InProgress && c.StartedById == me)
            .OrderByDescending(c => c.Id).Take(MostRunning).Select(c => new { c.Id, c.ContactId, c.StartTime }).ToListAsync(cancellation);
        return new()
        {
            Data = [.. running.OrderByDescending(c => c.StartTime).Select(c => new Client.RunningCall
            {
                Id = c.Id,
                ContactId = c.ContactId,
                StartTime = c.StartTime!.Value,
                Seconds = Math.Max(0, (long)(now - c.StartTime.Value).TotalSeconds),
            })],
        };
    }

    /// <summary>How many scheduled calls are late, counted up to <paramref name="most"/>.</summary>
    public Task<int> OverdueAsync(Guid? campaignId, int most, CancellationToken cancellation = default)
    {
        var now = workspace.Now;
        var late = Db.Calls.Where(c => c.Status == Client.CallStatus.Scheduled && c.ScheduledTime < now);
        return (campaignId is null ? late : late.Where(c => c.CampaignId == campaignId)).Take(most).CountAsync(cancellation);
    }

    /// <summary>Schedules a call, within the plan's calls of the month.</summary>
    public async Task<Result<Client.Call>> CreateAsync(Client.CreateCall request, CancellationToken cancellation = default)
    {
        if (Validation.Of(request) is { } invalid)
        {
            return invalid;
        }
        if (await Db.Contacts.AsNoTracking().FirstOrDefaultAsync(c => c.Id == request.ContactId, cancellation) is not { } contact)
        {
            return Problem.Invalid("contact_id", "You have no such contact.");
        }
        if (await CheckCampaignAsync(request.CampaignId, cancellation) is { } noCampaign)
        {
            return noCampaign;
        }
        var phone = contact.PhoneNumber;
        if (request.PhoneNumber is { } given)
        {
            if (Phone.Parse(given, workspace.Principal.DefaultRegion) is not { } parsed)
            {
                return NotANumber;
            }
            phone = parsed.E164;
        }
        var now = workspace.Now;
        var call = new Call
        {
            Id = Guid.CreateVersion7(now),
            ContactId = contact.Id,
            CampaignId = request.CampaignId,
            PhoneNumber = phone,
            ScheduledTime = request.ScheduledTime ?? now,
            Notes = Text.Blank(request.Notes),
            CreatedBy = workspace.Principal.ActorName,
            CreatedById = workspace.Principal.ActorId,
            CountedIn = workspace.Principal.TimeZone,
            CreatedAt = now,
            UpdatedAt = now,
        };
        Db.Add(call);
        workspace.AddToTimeline(contact.Id, Client.TimelineKind.CallScheduled, new { scheduled_time = call.ScheduledTime, campaign_id = call.CampaignId }, call.Id);
        return await Db.TrySaveAsync(cancellation) is { } problem ? problem : call.ToRecord();
    }

    /// <summary>Changes the given fields; a status must be a legal next one.</summary>
    public Task<Result<Client.Call>> UpdateAsync(Guid id, Client.UpdateCall request, CancellationToken cancellation = default) =>
        ChangeAsync(id, async call =>
        {
            if ((Validation.Of(request) ?? CheckUrl(request.RecordingUrl.Or(null))) is { } invalid)
            {
                return invalid;
            }
            if (request.CampaignId.IsSet && await CheckCampaignAsync(call, request.CampaignId.Value, cancellation) is { } noCampaign)
            {
                return noCampaign;
            }
            if (call.Status != Client.CallStatus.Scheduled && (request.PhoneNumber.IsSet || request.ScheduledTime.IsSet))
            {
                return Problem.Conflict("call-not-scheduled", "The call is not scheduled any more", $"The call is {call.Status.ToText()}; its number and time stay.");
            }
            if (request.PhoneNumber.IsSet)
            {
                if (Phone.Parse(request.PhoneNumber.Value, workspace.Principal.DefaultRegion) is not { } phone)
                {
                    return NotANumber;
                }
                call.PhoneNumber = phone.E164;
            }
            call.CampaignId = request.CampaignId.Or(call.CampaignId);
            call.ScheduledTime = request.ScheduledTime.Or(call.ScheduledTime);
            call.RecordingUrl = Text.Blank(request.RecordingUrl.Or(call.RecordingUrl));
            call.Notes = Text.Blank(request.Notes.Or(call.Notes));
            if (request.DurationSeconds.IsSet)
            {
                call.DurationSeconds = request.DurationSeconds.Value;
            }
            return request.Status.IsSet && request.Status.Value != call.Status
                ? await MoveAsync(call, request.Status.Value, null, cancellation)
                : null;
        }, cancellation, holds: request.CampaignId.IsSet);

    /// <summary>Adds a line to the notes.</summary>
    public Task<Result<Client.Call>> AppendNoteAsync(Guid id, Client.AppendNote request, CancellationToken cancellation = default) =>
        ChangeAsync(id, call =>
        {
            if (Validation.Of(request) is { } invalid)
            {
                return Task.FromResult<Problem?>(invalid);
            }
            var notes = call.Notes is null ? request.Text.Trim() : $"{call.Notes}\n{request.Text.Trim()}";
            call.Notes = notes;
            return Task.FromResult(notes.Length > 20_000 ? Problem.Invalid("text", "The call's notes would pass 20000 characters.") : null);
        }, cancellation);

    /// <summary>Deletes a call with its conversations; one that was still scheduled gives its place in the month back.</summary>
    public Task<Problem?> DeleteAsync(Guid id, CancellationToken cancellation = default) => DeleteAsync(id, _ => null, cancellation);

    /// <summary>Deletes a call that is still scheduled, and no other: somebody may start it at this moment.</summary>
    public Task<Problem?> CancelAsync(Guid id, CancellationToken cancellation = default) => DeleteAsync(id, call => call.Status == Client.CallStatus.Scheduled
        ? null
        : Problem.Conflict("call-not-scheduled", "The call is not scheduled any more", $"The call is {call.Status.ToText()}; what has happened stays."), cancellation);

    private Task<Problem?> DeleteAsync(Guid id, Func<Call, Problem?> check, CancellationToken cancellation) => workspace.RepeatAsync(async () =>
    {
        if (await Db.Calls.FirstOrDefaultAsync(c => c.Id == id, cancellation) is not { } call)
        {
            return Problem.NotFound;
        }
        if ((workspace.Check(call.Version) ?? check(call)) is { } refused)
        {
            return refused;
        }
        Db.RemoveRange(await Db.Conversations.Where(c => c.CallId == id).ToListAsync(cancellation));
        Db.Remove(call);
        return await Db.TrySaveAsync(cancellation);
    });

    private static Problem NotANumber => Problem.Invalid("phone_number", "Is not a phone number.");

    /// <summary>
    /// Begins a transaction in which nobody else changes the call: its campaign stays what was read, and no conversation is opened in another.
    /// </summary>
    internal async Task<IDbContextTransaction> HoldAsync(Guid id, CancellationToken cancellation)
    {
        var transaction = await Db.BeginWriteAsync(cancellation);
        await Db.Calls.Where(c => c.Id == id).ExecuteUpdateAsync(s => s.SetProperty(c => c.Version, c => c.Version), cancellation);
        return transaction;
    }

    private Task<Result<Client.Call>> ChangeAsync(Guid id, Func<Call, Task<Problem?>> change, CancellationToken cancellation, bool holds = false) =>
        workspace.RepeatAsync<Client.Call>(async () =>
        {
            await using var transaction = holds ? await HoldAsync(id, cancellation) : null;
            if (await Db.Calls.FirstOrDefaultAsync(c => c.Id == id, cancellation) is not { } call)
            {
                return Problem.NotFound;
            }
            if ((workspace.Check(call.Version) ?? await change(call) ?? await Db.TrySaveAsync(cancellation)) is { } problem)
            {
                return problem;
            }
            if (transaction is not null)
            {
                await transaction.CommitAsync(cancellation);
            }
            return call.ToRecord();
        });

    private async Task<Problem?> CheckCampaignAsync(Guid? id, CancellationToken cancellation) =>
        id is null || await Db.Campaigns.AnyAsync(c => c.Id == id, cancellation) ? null : Problem.Invalid("campaign_id", "You have no such campaign.");

    // A conversation follows its campaign's script and counts among its figures.
    private async Task<Problem?> CheckCampaignAsync(Call call, Guid? id, CancellationToken cancellation)
    {
        if (id == call.CampaignId)
        {
            return null;
        }
        return await CheckCampaignAsync(id, cancellation) ?? (await Db.Conversations.AnyAsync(c => c.CallId == call.Id && c.CampaignId != id, cancellation)
            ? Problem.Conflict("call-has-conversation", "The call has a conversation", "Its conversation follows another campaign's script, and the call belongs to the same campaign.")
            : null);
    }

    private static Problem? CheckUrl(string? url) =>
        Text.Blank(url) is null || Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? null
            : Problem.Invalid("recording_url", "Must be an http or https address.");
}
