namespace CallAgent;

/// <summary>The names of what is done. Each begins with the resource that it is about.</summary>
internal static class AuditActions
{
    public const string ContactList = "contact.list";
    public const string ContactRead = "contact.read";
    public const string ContactExport = "contact.export";
    public const string CallList = "call.list";
    public const string CallRead = "call.read";
    public const string CallExport = "call.export";
    public const string ConversationList = "conversation.list";
    public const string ConversationRead = "conversation.read";
    public const string ConversationExport = "conversation.export";
    public const string ImportRead = "import.read";
    public const string ImportExport = "import.export";
    public const string MemberList = "member.list";
    public const string MemberRead = "member.read";
    public const string InvitationList = "invitation.list";
    public const string AuditList = "audit.list";
    public const string AuditExport = "audit.export";

    public const string SignInFail = "sign_in.fail";
    public const string SignInThrottle = "sign_in.throttle";
    public const string RecoveryCodeUse = "recovery_code.use";
    public const string RecoveryCodeRenew = "recovery_code.renew";
    public const string SessionDelete = "session.delete";

    public const string ImpersonationBegin = "impersonation.begin";
    public const string ImpersonationEnd = "impersonation.end";

    public const string AccessDeny = "access.deny";
    public const string RecordMiss = "record.miss";
    public const string CredentialRefuse = "credential.refuse";
    public const string TokenReuse = "token.reuse";

    public const string AuditDrop = "audit.drop";
    public const string AuditPrune = "audit.prune";

    // Beside what is created, updated and deleted, which follows from the entities.
    private static readonly (Client.AuditKind Kind, string[] Actions)[] Named =
    [
        (Client.AuditKind.Write, [RecoveryCodeRenew]),
        (Client.AuditKind.Read,
        [
            ContactList, ContactRead, ContactExport, CallList, CallRead, CallExport, ConversationList, ConversationRead, ConversationExport,
            ImportRead, ImportExport, MemberList, MemberRead, InvitationList, AuditList, AuditExport,
        ]),
        (Client.AuditKind.SignIn, [SignInFail, SignInThrottle, RecoveryCodeUse, ImpersonationBegin, ImpersonationEnd]),
        (Client.AuditKind.Denied, [AccessDeny, RecordMiss, CredentialRefuse, TokenReuse]),
        (Client.AuditKind.System, [AuditDrop, AuditPrune]),
    ];

    private static readonly Dictionary<string, Client.AuditKind> Kinds = Named
        .SelectMany(n => n.Actions, (n, action) => (Action: action, n.Kind))
        .Concat(AuditedType.All.SelectMany(t => t.Actions, (t, action) => (Action: action, t.Kind)))
        .ToDictionary(a => a.Action, a => a.Kind);

    /// <summary>Every action with its kind.</summary>
    public static IReadOnlyDictionary<string, Client.AuditKind> All => Kinds;

    /// <summary>Every resource that actions are about.</summary>
    public static IReadOnlyList<string> Resources { get; } = [.. Kinds.Keys.Select(ResourceOf).Distinct().Order(StringComparer.Ordinal)];

    public static string ResourceOf(string action) => action.IndexOf('.', StringComparison.Ordinal) is >= 0 and var end ? action[..end] : action;

    public static string[] Of(Client.AuditKind kind) => [.. Kinds.Where(k => k.Value == kind).Select(k => k.Key)];

    public static string[] About(string resource) => [.. Kinds.Keys.Where(a => ResourceOf(a) == resource)];
}
