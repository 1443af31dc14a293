namespace CallAgent;

/// <summary>What a user's status means.</summary>
public static class UserStatuses
{
    /// <summary>Whether its people and keys are let in.</summary>
    public static bool LetsIn(this Client.UserStatus status) => status is Client.UserStatus.Active or Client.UserStatus.Trial;
}
