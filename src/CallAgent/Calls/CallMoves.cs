using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>How a call goes from one state to the next.</summary>
public sealed partial class Calls
{
    /// <summary>Starts a scheduled call; a new contact becomes contacted.</summary>
    public Task<Result<Client.Call>> StartAsync(Guid id, CancellationToken cancellation = default) =>
        ChangeAsync(id, call => MoveAsync(call, Client.CallStatus.InProgress, null, cancellation), cancellation);

    /// <summary>Ends a call that took place; without a duration, the time since its start is taken.</summary>
    public Task<Result<Client.Call>> EndAsync(Guid id, Client.EndCall request, CancellationToken cancellation = default) =>
        ChangeAsync(id, async call =>
        {
            if ((Validation.Of(request) ?? CheckUrl(request.RecordingUrl)) is { } invalid)
            {
                return invalid;
            }
            call.DurationSeconds = request.DurationSeconds ?? call.DurationSeconds;
            call.RecordingUrl = Text.Blank(request.RecordingUrl) ?? call.RecordingUrl;
            return await MoveAsync(call, Client.CallStatus.Completed, null, cancellation);
        }, cancellation);

    /// <summary>Ends a call that did not take place.</summary>
    public Task<Result<Client.Call>> FailAsync(Guid id, Client.FailCall request, CancellationToken cancellation = default) =>
        ChangeAsync(id, async call =>
        {
            if (Validation.Of(request) is { } invalid)
            {
                return invalid;
            }
            return await MoveAsync(call, CallStates.OfReason(request.Reason), Text.Blank(request.Reason), cancellation);
        }, cancellation);

    /// <summary>Says how a call that is over did end, when that was noted wrongly; its times stay, and the timeline says what it was before.</summary>
    public Task<Result<Client.Call>> CorrectAsync(Guid id, Client.CorrectCall request, CancellationToken cancellation = default) =>
        ChangeAsync(id, call =>
        {
            if ((Validation.Of(request) ?? CallStates.CheckCorrection(call, request.Status)) is { } problem)
            {
                return Task.FromResult<Problem?>(problem);
            }
            var before = (call.Status, call.EndedReason, call.DurationSeconds);
            var isSame = call.Status == request.Status;
            call.Status = request.Status;
            call.EndedReason = request.Status switch
            {
                Client.CallStatus.Failed => Text.Blank(request.Reason) ?? (isSame ? call.EndedReason : null),
                _ when isSame => call.EndedReason,
                Client.CallStatus.Completed => null,
                _ => request.Status.ToText(),
            };
            call.DurationSeconds = request.DurationSeconds ?? call.DurationSeconds;
            if (before != (call.Status, call.EndedReason, call.DurationSeconds))
            {
                workspace.AddToTimeline(call.ContactId, Client.TimelineKind.CallCorrected,
                    new { from = before.Status, to = call.Status, reason = call.EndedReason, duration_before = before.DurationSeconds, duration_seconds = call.DurationSeconds }, call.Id);
            }
            return Task.FromResult<Problem?>(null);
        }, cancellation);

    private async Task<Problem?> MoveAsync(Call call, Client.CallStatus to, string? reason, CancellationToken cancellation)
    {
        if (!CallStates.IsLegal(call.Status, to))
        {
            return CallStates.Illegal(call.Status, to);
        }
        call.Status = to;
        return to == Client.CallStatus.InProgress ? await BeginAsync(call, cancellation) : Finish(call, reason);
    }

    private async Task<Problem?> BeginAsync(Call call, CancellationToken cancellation)
    {
        if (Phone.Parse(call.PhoneNumber, workspace.Principal.DefaultRegion) is not { IsValid: true })
        {
            return Problem.Conflict("number-not-dialable", "This number cannot be dialled",
                $"{call.PhoneNumber} is in no country's numbering plan. Correct the contact's number, or that of the call.");
        }
        call.StartTime = workspace.Now;
        (call.StartedBy, call.StartedById) = (workspace.Principal.ActorName, workspace.Principal.ActorId);
        var contact = await Db.Contacts.FirstOrDefaultAsync(c => c.Id == call.ContactId, cancellation);
        if (contact is null)
        {
            return Problem.NotFound;
        }
        if (contact.Status == Client.ContactStatus.New)
        {
            contact.Status = Client.ContactStatus.Contacted;
        }
        workspace.AddToTimeline(call.ContactId, Client.TimelineKind.CallStarted, callId: call.Id);
        return null;
    }

    private Problem? Finish(Call call, string? reason)
    {
        call.EndTime = workspace.Now;
        if (call.StartTime is { } start)
        {
            call.DurationSeconds ??= (int)Math.Min((call.EndTime.Value - start).TotalSeconds, 86_400);
        }
        call.EndedReason = reason ?? call.EndedReason;
        workspace.AddToTimeline(call.ContactId, Client.TimelineKind.CallEnded,
            new { status = call.Status, duration_seconds = call.DurationSeconds, reason = call.EndedReason }, call.Id);
        return null;
    }
}
