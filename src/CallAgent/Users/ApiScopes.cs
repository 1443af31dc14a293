namespace CallAgent;

/// <summary>What an API key may be limited to: reading or writing a resource, by the name that its routes begin with.</summary>
public static class ApiScopes
{
    /// <summary>Everything that the key's member may, except to manage keys and its own sign-in.</summary>
    public const string Everything = "*";

    // Keys never make or change keys: one that leaked could outlive its revocation.
    private static readonly (string Resource, bool Writes)[] Resources =
    [
        ("campaigns", true), ("contacts", true), ("calls", true), ("conversations", true), ("dashboard", false), ("usage", false),
        ("imports", true),
        ("profile", true), ("members", true), ("invitations", true), ("api-keys", false), ("audit", false),
    ];

    /// <summary>All scopes there are.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Everything, .. Resources.SelectMany(r => r.Writes ? new[] { $"{r.Resource}:read", $"{r.Resource}:write" } : [$"{r.Resource}:read"])];

    /// <summary>Whether a key with these scopes may do what needs the one.</summary>
    public static bool Allow(IReadOnlyList<string> scopes, string needed) =>
        All.Contains(needed) && (scopes.Contains(needed) || scopes.Contains(Everything));
}
