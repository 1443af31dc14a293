using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>A user's audit log, to be read and handed out; nobody writes it but the product.</summary>
public sealed class AuditLog
{
    private const int NewestChecked = 500;
    private const int Attempts = 3;

    internal static readonly Listing<AuditEntry> Listing = new Listing<AuditEntry>("audit")
        .SortByCreation(e => e.Id)
        .FilterByEnum<Client.AuditKind>("kind", OfKind)
        .FilterBy("action", AuditActions.All.Keys.Order(StringComparer.Ordinal), (_, value) => AuditActions.All.ContainsKey(value) ? e => e.Action == value : null)
        .FilterBy("resource", AuditActions.Resources, (_, value) => AuditActions.About(value) is { Length: > 0 } actions ? e => actions.Contains(e.Action) : null)
        .FilterBy("resource_id", (_, value) => ListingParts.IsGuid<AuditEntry>(value, id => e => e.ResourceId == id))
        .FilterByEnum<Client.AuditActorKind>("actor", k => e => e.ActorKind == k)
        .FilterBy("actor_id", (_, value) => ListingParts.IsGuid<AuditEntry>(value, id => e => e.ActorId == id))
        // Ids begin with the time, so that the key itself serves a range of it.
        .FilterBy("from", (_, value) => ListingParts.IsTime<AuditEntry>(value, t => ListingParts.FirstIdAt(t) is var id ? e => e.Id >= id : null!))
        .FilterBy("to", (_, value) => ListingParts.IsTime<AuditEntry>(value, t => ListingParts.FirstIdAt(t) is var id ? e => e.Id < id : null!));

    /// <summary>What the list takes.</summary>
    public static ListParameters Parameters { get; } = Listing.Describe();

    /// <summary>What entries can be about.</summary>
    public static IReadOnlyList<string> Resources => AuditActions.Resources;

    private readonly Workspace workspace;

    internal AuditLog(Workspace workspace) => this.workspace = workspace;

    /// <summary>A page of entries, newest first. That somebody looked is an entry too.</summary>
    public Task<Result<Client.Page<Client.AuditEntry>>> ListAsync(Client.ListQuery? query = null, CancellationToken cancellation = default) =>
        workspace.ListedAsync(
            AuditActions.AuditList, query, Listing.ReadAsync(workspace.Db, workspace.Host.Cursors, query ?? new(), e => e.ToRecord(), cancellation));

    /// <summary>How far the log is sealed, and whether its newest entries are whole; <c>callagent audit verify</c> checks all.</summary>
    public async Task<Client.AuditChain> ChainAsync(CancellationToken cancellation = default)
    {
        var report = await new AuditCheck(workspace.Db).RunAsync(NewestChecked, cancellation);
        return new()
        {
            Sequence = report.Sequence,
            Hash = report.Hash,
            SealedThrough = report.SealedThrough,
            PrunedThrough = report.PrunedThrough,
            Checked = (int)report.Checked,
            IsIntact = report.IsIntact,
            Faults = report.Faults,
        };
    }

    /// <summary>Seals what a server that was killed has left, so that a check does not miss its seals.</summary>
    public Task SealAsync(CancellationToken cancellation = default) =>
        AuditSealer.SealAsync(workspace.Host.Database, workspace.Principal.UserId, AuditSealer.Leftovers, cancellation);

    /// <summary>Checks all of it.</summary>
    public async Task<AuditReport> VerifyAsync(CancellationToken cancellation = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var report = await new AuditCheck(workspace.Db).RunAsync(null, cancellation);
            // Entries whose time is over go while others are being read, and then seem to be missing.
            if (report.IsIntact || attempt == Attempts
                || !await workspace.Db.AuditChains.AnyAsync(c => c.AnchorSequence != report.PrunedThrough, cancellation))
            {
                return report;
            }
        }
    }

    /// <summary>Removes entries that happened before a time, and none that are younger than 30 days.</summary>
    /// <returns>How many went.</returns>
    public Task<long> PruneAsync(DateTimeOffset before, CancellationToken cancellation = default) =>
        AuditRetention.PruneAsync(workspace.Host.Database, workspace.Principal.UserId, before, cancellation);

    // Most entries are writes and reads, which the key finds; the others are few and stand together by their actions.
    private static System.Linq.Expressions.Expression<Func<AuditEntry, bool>> OfKind(Client.AuditKind kind)
    {
        if (kind is Client.AuditKind.Write or Client.AuditKind.Read)
        {
            return e => e.Kind == kind;
        }
        var actions = AuditActions.Of(kind);
        return e => e.Kind == kind && actions.Contains(e.Action);
    }
}
