using System.Text.Json;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>Entries of the audit log, as one would tell them.</summary>
public static class AuditWords
{
    private static readonly Dictionary<string, string> Titles = new()
    {
        ["session.create"] = "Signed in",
        ["session.update"] = "Showed once more who is there",
        ["session.delete"] = "Ended a sign-in",
        ["token.create"] = "Got an access token",
        ["token.reuse"] = "A refresh token came twice",
        ["mailed_link.create"] = "A link was mailed",
        ["sign_in.fail"] = "Sign-in failed",
        ["sign_in.throttle"] = "Held off after wrong tries",
        ["recovery_code.use"] = "Used a recovery code",
        ["recovery_code.renew"] = "Renewed the recovery codes",
        ["impersonation.begin"] = "Came to work in this account",
        ["impersonation.end"] = "Left this account",
        ["access.deny"] = "Was not allowed",
        ["record.miss"] = "Asked for what is not there",
        ["credential.refuse"] = "Came with a sign-in that is over",
        ["audit.drop"] = "Some reads could not be noted",
        ["audit.prune"] = "Old entries were removed",
        ["account.create"] = "Registered",
    };

    private static readonly Dictionary<string, string> Verbs = new()
    {
        ["create"] = "Created",
        ["update"] = "Changed",
        ["delete"] = "Deleted",
        ["read"] = "Looked at",
        ["list"] = "Looked through",
        ["export"] = "Exported",
    };

    private static readonly Dictionary<string, string> Paths = new()
    {
        ["contact"] = "/contacts/",
        ["campaign"] = "/campaigns/",
        ["call"] = "/calls/",
        ["conversation"] = "/conversations/",
        ["turn"] = "/conversations/",
        ["import"] = "/contacts/imports/",
    };

    /// <summary>Kinds with their words, as one filters by them.</summary>
    public static IReadOnlyList<(string Value, string Text)> Kinds { get; } =
    [
        ("write", "Changes"), ("read", "Reads"), ("denied", "Refused"), ("sign_in", "Sign-ins"), ("system", "The log itself"),
    ];

    public static string TitleOf(AuditEntry entry)
    {
        if (Titles.TryGetValue(entry.Action, out var title))
        {
            return title;
        }
        var verb = entry.Action[(entry.Resource.Length + 1)..];
        var many = verb is "list" or "export" && entry.ResourceId is null;
        return $"{Verbs.GetValueOrDefault(verb, Words.Of(verb))} {(many ? Many(entry.Resource) : One(entry.Resource))}";
    }

    public static string IconOf(AuditEntry entry) => entry.Kind switch
    {
        AuditKind.Write => entry.Action.EndsWith(".create", StringComparison.Ordinal) ? "plus" : entry.Action.EndsWith(".delete", StringComparison.Ordinal) ? "trash" : "edit",
        AuditKind.Read => entry.Action.EndsWith(".export", StringComparison.Ordinal) ? "file-export" : "eye",
        AuditKind.Denied => "alert-triangle",
        AuditKind.SignIn => "key",
        _ => "shield-check",
    };

    public static string WhoIs(AuditEntry entry) => entry switch
    {
        { ActorKind: AuditActorKind.Stranger } => "Somebody",
        { ActorKind: AuditActorKind.Operator, ActorName: { } name } => $"Operator {name}",
        { ActorName: { } name } => name,
        _ => Words.Of(entry.ActorKind),
    };

    /// <summary>What kind of actor, where that is no person.</summary>
    public static string? NoteOf(AuditEntry entry) => entry.ActorKind switch
    {
        AuditActorKind.ApiKey => "API key",
        AuditActorKind.System => "in the background",
        AuditActorKind.Stranger => "not signed in",
        AuditActorKind.Operator => "of the installation",
        _ => null,
    };

    public static string? PathOf(AuditEntry entry) =>
        entry.ResourceId is { } id && !entry.Action.EndsWith(".delete", StringComparison.Ordinal) && Paths.TryGetValue(entry.Resource, out var path) ? path + id : null;

    /// <summary>Resources in the plural, for a choice.</summary>
    public static IEnumerable<(string Value, string Text)> Resources() => AuditLog.Resources.Select(r => (r, Words.Of(Many(r))));

    /// <summary>The changed fields before and after; empty where there was or is nothing.</summary>
    public static IEnumerable<(string Field, string Before, string After, bool Hidden)> ChangesOf(AuditEntry entry) =>
        entry.Changes.Select(c => (Words.Of(c.Key), Show(c.Value.From), Show(c.Value.To), c.Value.Hidden));

    public static IEnumerable<(string Name, string Value)> DetailsOf(AuditEntry entry) =>
        entry.Details.Where(d => d.Value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False)).Select(d => (Words.Of(d.Key), Show(d.Value)));

    private static string Show(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Null } => "",
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.True } => "yes",
        { ValueKind: JsonValueKind.False } => "no",
        { ValueKind: JsonValueKind.Array } list when list.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String) => string.Join(", ", list.EnumerateArray().Select(v => v.GetString())),
        { ValueKind: JsonValueKind.Object } fields => string.Join(", ", fields.EnumerateObject().Where(f => f.Value.ValueKind != JsonValueKind.Null).Select(f => $"{f.Name}: {Show(f.Value)}")),
        var other => other.Value.GetRawText(),
    };

    private static string One(string resource) => resource switch
    {
        "api_key" => "an API key",
        "import" or "invitation" or "account" => resource == "account" ? "the account" : $"an {resource}",
        "audit" => "the audit log",
        _ => $"a {resource.Replace('_', ' ')}",
    };

    private static string Many(string resource) => resource switch
    {
        "api_key" => "API keys",
        "audit" => "the audit log",
        "access" or "account" => resource,
        "sign_in" => "sign-ins",
        _ => $"{resource.Replace('_', ' ')}s",
    };
}
