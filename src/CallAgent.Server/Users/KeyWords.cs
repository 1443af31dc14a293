using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>API keys as people read them.</summary>
internal static class KeyWords
{
    /// <summary>What a key may, in a few words.</summary>
    public static string May(ApiKey key) => key.Scopes switch
    {
        _ when key.Scopes.Contains(ApiScopes.Everything) => "Everything",
        [var only] => Of(only),
        [var first, var second] => $"{Of(first)}, {Of(second)}",
        _ => $"{key.Scopes.Count} scopes",
    };

    /// <summary>The resource of a scope.</summary>
    public static string Resource(string name) => name == "api-keys" ? "API keys" : Words.Of(name);

    private static string Of(string scope)
    {
        var parts = scope.Split(':');
        return $"{Words.Of(parts[1])} {(parts[0] == "api-keys" ? "API keys" : parts[0])}";
    }
}
