using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>Roles as people read them.</summary>
internal static class RoleWords
{
    /// <summary>Those that are given; the ownership is passed on.</summary>
    public static readonly (string Value, string Text)[] Given =
        [.. new[] { MemberRole.Admin, MemberRole.Agent, MemberRole.Viewer }.Select(r => (r.ToText(), Words.Of(r)))];

    public static string Name(MemberRole role) => role.ToText();

    public static string Of(MemberRole role) => role switch
    {
        MemberRole.Owner => "everything, and alone may pass the account on or erase it.",
        MemberRole.Admin => "campaigns, members and API keys, and all that agents do.",
        MemberRole.Agent => "contacts, calls and conversations.",
        _ => "sees everything and changes nothing.",
    };
}
