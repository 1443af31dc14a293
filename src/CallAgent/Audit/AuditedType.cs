using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace CallAgent;

/// <summary>An entity whose changes the audit log notes: as what, and which of its fields.</summary>
internal sealed class AuditedType
{
    private const string Create = "create";
    private const string Update = "update";
    private const string Delete = "delete";

    // Keys, what the entry says anyway, notes of use, and figures that follow from other rows.
    private static readonly HashSet<string> Unsaid =
    [
        "UserId", "Id", "Version", "CreatedAt", "UpdatedAt", "LastUsedAt", "LastSeenAt", "CredentialVersion", "TotpLastStep",
        "TurnCount", "ContactTurns", "ContactTurnsInStage", "SentimentSum", "SentimentTurns", "FirstTurnAt", "StagesVisited", "UndoDone", "Words",
        "AddedBy", "AddedById", "AddedWith", "CountedIn",
    ];

    // Secrets by their names, whatever entity they come with; and the transcript, which turns alone hold.
    private static readonly string[] SecretWords = ["Hash", "Secret", "Password", "Token"];
    private static readonly HashSet<string> Hidden = ["Turn.Text"];

    /// <summary>Entities that follow from others, or that are the log itself, so that their changes need no entry of their own.</summary>
    public static readonly IReadOnlySet<Type> Derived = new HashSet<Type>
    {
        typeof(ContactToken), typeof(TimelineEntry), typeof(Counter), typeof(ImportRow), typeof(Job), typeof(RecoveryCode), typeof(IdempotentRequest),
        typeof(AuditEntry), typeof(AuditSeal), typeof(AuditChain),
    };

    private static readonly Dictionary<Type, AuditedType> Known = new AuditedType[]
    {
        new(typeof(User), "account"), new(typeof(Member), "member"), new(typeof(ApiKey), "api_key"), new(typeof(Invitation), "invitation"),
        new(typeof(Campaign), "campaign"), new(typeof(Contact), "contact"), new(typeof(Call), "call"), new(typeof(Conversation), "conversation"),
        new(typeof(Turn), "turn"), new(typeof(Import), "import"),
        new(typeof(Session), "session", Client.AuditKind.SignIn), new(typeof(RefreshToken), "token", Client.AuditKind.SignIn),
        new(typeof(MailedToken), "mailed_link", Client.AuditKind.SignIn),
    }.ToDictionary(t => t.type);

    private readonly Type type;
    private readonly PropertyInfo id;
    private readonly AuditedField[] fields;

    private AuditedType(Type type, string resource, Client.AuditKind kind = Client.AuditKind.Write)
    {
        (this.type, Resource, Kind) = (type, resource, kind);
        id = type.GetProperty("Id") ?? type.GetProperty("ConversationId") ?? type.GetProperty("UserId")!;
        fields = [.. type.GetProperties().Where(p => p.CanWrite && !Unsaid.Contains(p.Name) && p.Name != id.Name).Select(p => new AuditedField(p, IsHidden(type, p.Name)))];
        (OnCreate, OnUpdate, OnDelete) = ($"{resource}.{Create}", $"{resource}.{Update}", $"{resource}.{Delete}");
    }

    public static IEnumerable<AuditedType> All => Known.Values;

    public string Resource { get; }

    public Client.AuditKind Kind { get; }

    public string OnCreate { get; }

    public string OnUpdate { get; }

    public string OnDelete { get; }

    public IEnumerable<string> Actions => [OnCreate, OnUpdate, OnDelete];

    public IReadOnlyList<AuditedField> Fields => fields;

    public static AuditedType? Of(Type entity) => Known.GetValueOrDefault(entity);

    /// <summary>The action and the changes of an entity that is about to be saved; <c>null</c> when nothing of it is worth an entry.</summary>
    public (string Action, Guid Id, string? Changes)? Describe(EntityEntry entry)
    {
        var row = entry.Entity;
        var changes = new AuditChanges();
        switch (entry.State)
        {
            case EntityState.Added:
                return (OnCreate, IdOf(row), OfNew(row));
            case EntityState.Deleted:
                foreach (var field in fields.Where(f => !f.IsHidden))
                {
                    changes.Add(field, entry.OriginalValues[field.Name], null);
                }
                return (OnDelete, IdOf(row), changes.ToJson());
            case EntityState.Modified:
                foreach (var field in fields.Where(f => entry.Property(f.Name).IsModified))
                {
                    changes.Add(field, entry.OriginalValues[field.Name], field.Read(row));
                }
                return changes.ToJson() is { } json ? (OnUpdate, IdOf(row), json) : null;
            default:
                return null;
        }
    }

    /// <summary>The fields of a new row that say something.</summary>
    public string? OfNew(object row)
    {
        var changes = new AuditChanges();
        foreach (var field in fields.Where(f => !f.IsHidden))
        {
            changes.Add(field, null, field.Read(row));
        }
        return changes.ToJson();
    }

    public Guid IdOf(object row) => (Guid)id.GetValue(row)!;

    private static bool IsHidden(Type type, string name) =>
        SecretWords.Any(word => name.EndsWith(word, StringComparison.Ordinal)) || Hidden.Contains($"{type.Name}.{name}");
}

/// <summary>A field of an entity as the log names it.</summary>
internal sealed class AuditedField(PropertyInfo property, bool isHidden)
{
    public string Name => property.Name;

    public System.Text.Json.JsonEncodedText JsonName { get; } = System.Text.Json.JsonEncodedText.Encode(SnakeCase.Of(property.Name));

    /// <summary>Only that it changed is noted.</summary>
    public bool IsHidden => isHidden;

    public object? Read(object row) => property.GetValue(row);
}
