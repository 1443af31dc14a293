namespace CallAgent;

/// <summary>The state machine of calls.</summary>
internal static class CallStates
{
    private static readonly Dictionary<Client.CallStatus, Client.CallStatus[]> Next = new()
    {
        [Client.CallStatus.Scheduled] = [Client.CallStatus.InProgress, Client.CallStatus.Failed, Client.CallStatus.NoAnswer, Client.CallStatus.Busy],
        [Client.CallStatus.InProgress] = [Client.CallStatus.Completed, Client.CallStatus.Failed, Client.CallStatus.NoAnswer, Client.CallStatus.Busy],
        [Client.CallStatus.Completed] = [],
        [Client.CallStatus.Failed] = [],
        [Client.CallStatus.NoAnswer] = [],
        [Client.CallStatus.Busy] = [],
    };

    public static bool IsLegal(Client.CallStatus from, Client.CallStatus to) => Next[from].Contains(to);

    public static bool IsOver(Client.CallStatus status) => Next[status].Length == 0;

    /// <summary>How a call ended that did not take place, by a dialler's word for it: <c>no_answer</c>, <c>no-answer</c> and <c>No answer</c> are one.</summary>
    public static Client.CallStatus OfReason(string? reason) => reason?.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_') switch
    {
        "no_answer" => Client.CallStatus.NoAnswer,
        "busy" => Client.CallStatus.Busy,
        _ => Client.CallStatus.Failed,
    };

    /// <summary>Whether a call may be said to have ended so: it is over, and was started if people talked.</summary>
    public static Problem? CheckCorrection(Call call, Client.CallStatus to) =>
        !IsOver(to) ? Problem.Invalid("status", "Must be completed, failed, no_answer or busy.")
        : !IsOver(call.Status) ? Problem.Conflict("illegal-call-state", "The call is not over", $"The call is {call.Status.ToText()}; how it ended can be corrected when it has.")
        : to == Client.CallStatus.Completed && call.StartTime is null
            ? Problem.Conflict("illegal-call-state", "The call was never started", "Nobody can have talked in it. Schedule another, and start that one.")
            : null;

    public static Problem Illegal(Client.CallStatus from, Client.CallStatus to) => Problem.Conflict(
        "illegal-call-state", "The call cannot do that now", $"The call is {from.ToText()}; it cannot become {to.ToText()}.");
}
