namespace CallAgent.Server;

/// <summary>A page of the settings; a new one is a line here.</summary>
internal sealed record SettingsSection(string Path, string Name, string Icon, Permission Needs)
{
    public static readonly SettingsSection[] All =
    [
        new("/settings", "Profile and company", "user", Permission.Read),
        new("/settings/security", "Security", "lock", Permission.Self),
        new("/settings/members", "Members", "users", Permission.Read),
        new("/settings/keys", "API keys", "key", Permission.Manage),
        new("/settings/audit", "Audit log", "history", Permission.Manage),
        new("/settings/account", "Account", "shield-check", Permission.Read),
    ];
}
