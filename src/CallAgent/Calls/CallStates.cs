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

    public static Problem Illegal(Client.CallStatus from, Client.CallStatus to) => Problem.Conflict(
        "illegal-call-state", "The call cannot do that now", $"The call is {from.ToText()}; it cannot become {to.ToText()}.");
}
