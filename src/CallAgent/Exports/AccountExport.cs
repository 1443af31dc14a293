using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>Everything that a user has, as files in one; what is left out is named, with the reason.</summary>
internal sealed class AccountExport(Workspace workspace)
{
    private static readonly Client.ListQuery Oldest = new() { Sort = "created_at" };

    private static readonly (Type Entity, Func<AccountExport, CancellationToken, Task<Export>> Open)[] Files =
    [
        (typeof(User), (e, _) => Is(Export.Json("profile", e.Workspace.Account.ProfileAsync))),
        (typeof(Counter), (e, _) => Is(Export.Json("usage", e.Workspace.Dashboards.UsageAsync))),
        (typeof(Counter), (e, _) => Is(Export.Jsonl("counters", e.CountersAsync()))),
        (typeof(Member), (e, _) => Is(e.All("members", CallAgent.Members.Listing, m => m.ToRecord()))),
        (typeof(Invitation), (e, _) => Is(e.All("invitations", CallAgent.Invitations.Listing, i => i.ToRecord()))),
        (typeof(ApiKey), (e, _) => Is(e.All("api_keys", CallAgent.ApiKeys.Listing, k => With("member_id", k.MemberId, CallAgent.ApiKeys.ToRecord(k))))),
        (typeof(Session), (e, _) => Is(e.All("sessions", CallAgent.Sessions.Listing, s => With("member_id", s.MemberId, s.ToRecord(e.Workspace.Principal.CredentialId))))),
        (typeof(Campaign), (e, _) => Is(e.Workspace.Exports.Campaigns(Client.ExportFormat.Jsonl, Oldest).OrThrow())),
        (typeof(Campaign), (e, _) => Is(e.Workspace.Exports.Campaigns(Client.ExportFormat.Csv, Oldest).OrThrow())),
        (typeof(Contact), async (e, c) => (await e.Workspace.Exports.ContactsAsync(Client.ExportFormat.Jsonl, Oldest, c)).OrThrow()),
        (typeof(Contact), async (e, c) => (await e.Workspace.Exports.ContactsAsync(Client.ExportFormat.Csv, Oldest, c)).OrThrow()),
        (typeof(TimelineEntry), (e, _) => Is(e.All("timeline", Timeline.Whole, t => With("contact_id", t.ContactId, t.ToRecord())))),
        (typeof(Call), (e, _) => Is(e.Workspace.Exports.Calls(Client.ExportFormat.Jsonl, Oldest).OrThrow())),
        (typeof(Call), (e, _) => Is(e.Workspace.Exports.Calls(Client.ExportFormat.Csv, Oldest).OrThrow())),
        // What was said in them is a file of its own.
        (typeof(Conversation), (e, _) => Is(e.All("conversations", CallAgent.Conversations.Listing, c => c.ToRecord()))),
        (typeof(Conversation), (e, _) => Is(e.Workspace.Exports.Conversations(Client.ExportFormat.Csv, Oldest).OrThrow())),
        (typeof(Turn), (e, _) => Is(Export.Jsonl("turns", e.TurnsAsync()))),
        (typeof(Import), (e, _) => Is(e.All("imports", CallAgent.Imports.Listing, i => i.ToRecord()))),
        (typeof(ImportRow), (e, _) => Is(Export.Jsonl("import_rows", e.ImportRowsAsync()))),
        (typeof(AuditEntry), (e, _) => Is(e.Workspace.Exports.Audit(Client.ExportFormat.Jsonl, new()).OrThrow())),
    ];

    /// <summary>The entities whose rows are in a file; a test holds them and <see cref="LeftOut"/> against the model.</summary>
    public static IEnumerable<Type> Exported => Files.Select(f => f.Entity).Distinct();

    /// <summary>The entities whose rows are in no file, because …</summary>
    public static IReadOnlyDictionary<Type, string> LeftOut { get; } = new Dictionary<Type, string>
    {
        [typeof(ContactToken)] = "They are the words of the contacts once more, for the search.",
        [typeof(RefreshToken)] = "A row is a hash of a secret.",
        [typeof(MailedToken)] = "A row is a hash of a secret, for half an hour.",
        [typeof(RecoveryCode)] = "A row is a hash of a secret.",
        [typeof(IdempotentRequest)] = "They are answers that were given already, sealed, for a day.",
        [typeof(AuditSeal)] = "They are hashes over the entries of the audit log; callagent audit verify reads them.",
        [typeof(AuditChain)] = "It says how far the audit log is sealed.",
        [typeof(Job)] = "They are what the server has yet to do; what it is about is in the imports.",
    };

    private Workspace Workspace => workspace;

    private CrmDb Db => workspace.Db;

    public Export Open() => Export.Zip($"callagent-{workspace.Now:yyyy-MM-dd}", FilesAsync(), Manifest(workspace.Now));

    private async IAsyncEnumerable<Export> FilesAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var (_, open) in Files)
        {
            yield return await open(this, cancellation);
        }
    }

    private Func<IReadOnlyDictionary<string, long>, Export> Manifest(DateTimeOffset began) => records => Export.Json("manifest", _ => Task.FromResult(new Client.AccountManifest
    {
        UserId = workspace.Principal.UserId,
        ExportedAt = began,
        Records = records,
    }));

    private Export All<T>(string name, Listing<T> listing, Func<T, object> toRecord) where T : class, ITenantOwned =>
        Export.Jsonl(name, listing.Stream(Db, Oldest).OrThrow().Select(toRecord));

    // Read before it is written, as all parts are: who takes the file slowly holds no connection.
    private async IAsyncEnumerable<object> CountersAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var counter in await Db.Counters.AsNoTracking().OrderBy(c => c.Name).ThenBy(c => c.Period)
            .Select(c => new { c.Name, c.Period, c.Value }).ToListAsync(cancellation))
        {
            yield return counter;
        }
    }

    private async IAsyncEnumerable<object> TurnsAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var conversations = CallAgent.Conversations.Listing.Stream(Db, Oldest).OrThrow().Select(c => c.Id);
        await foreach (var ids in conversations.Chunk(CallAgent.Exports.ConversationsAtOnce).WithCancellation(cancellation))
        {
            var turns = Db.Turns.AsNoTracking().Where(t => ids.Contains(t.ConversationId)).OrderBy(t => t.ConversationId).ThenBy(t => t.Position);
            foreach (var turn in await turns.ToListAsync(cancellation))
            {
                yield return With("conversation_id", turn.ConversationId, turn.ToRecord());
            }
        }
    }

    private async IAsyncEnumerable<object> ImportRowsAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var import in CallAgent.Imports.Listing.Stream(Db, Oldest).OrThrow().WithCancellation(cancellation))
        {
            var rows = CallAgent.Imports.RowListing.Stream(Db, new(), within: all => all.Where(r => r.ImportId == import.Id)).OrThrow();
            await foreach (var row in rows.WithCancellation(cancellation))
            {
                yield return With("import_id", import.Id, row.ToRecord(import));
            }
        }
    }

    private static Task<Export> Is(Export export) => Task.FromResult(export);

    // Records of the API say what they belong to by their address; in a file each must say it itself.
    private static OrderedDictionary<string, JsonElement> With(string name, Guid id, object record)
    {
        var members = new OrderedDictionary<string, JsonElement> { [name] = JsonSerializer.SerializeToElement(id) };
        foreach (var (member, value) in Json.Object(record))
        {
            members[member] = value;
        }
        return members;
    }
}
