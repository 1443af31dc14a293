using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>What was said in a conversation: whole, by pieces, and searched.</summary>
public sealed class Transcripts
{
    // Whoever follows a conversation knows the last position it has, and needs no cursor to ask for what came after it.
    internal static readonly Listing<Turn> Listing = new Listing<Turn>("turns", defaultSort: "position")
        .SortByNumber("position", t => t.Position)
        .FilterBy("after", (_, value) => ListingParts.IsNumber<Turn>(value, after => t => t.Position > after));

    /// <summary>What the list takes.</summary>
    public static ListParameters Parameters { get; } = Listing.Describe();

    private readonly Workspace workspace;

    internal Transcripts(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    /// <summary>The turns in the order in which they were said, page after page.</summary>
    public async Task<Result<Client.Page<Client.Turn>>> ListAsync(Guid id, Client.ListQuery? query = null, CancellationToken cancellation = default)
    {
        var page = await Listing.ReadAsync(
            Db, workspace.Host.Cursors, query ?? new(), t => t.ToRecord(), cancellation, part: $"{id} ", within: rows => rows.Where(t => t.ConversationId == id));
        if (page is { Problem: null, Value.Data.Count: 0 } && !await Db.Conversations.AnyAsync(c => c.Id == id, cancellation))
        {
            return Problem.NotFound;
        }
        workspace.AuditRead(AuditActions.ConversationRead, id);
        return page;
    }

    /// <summary>The last turns, in the order in which they were said.</summary>
    public async Task<IReadOnlyList<Client.Turn>> LatestAsync(Guid id, int count, CancellationToken cancellation = default)
    {
        var turns = await Of(id).OrderByDescending(t => t.Position).Take(count).ToListAsync(cancellation);
        turns.Reverse();
        return Records(turns);
    }

    /// <summary>
    /// The positions of the turns that contain a text, whatever the case. They are read and compared here, because the
    /// databases differ in what a letter's other case is; the cost is that of this one conversation.
    /// </summary>
    public async Task<IReadOnlyList<int>> FindAsync(Guid id, string text, int most = 1_000, CancellationToken cancellation = default)
    {
        workspace.AuditRead(AuditActions.ConversationRead, id);
        var found = new List<int>();
        var turns = Of(id).OrderBy(t => t.Position).Select(t => new { t.Position, t.Text }).AsAsyncEnumerable();
        await foreach (var turn in turns.WithCancellation(cancellation))
        {
            if (turn.Text.Contains(text, StringComparison.OrdinalIgnoreCase))
            {
                found.Add(turn.Position);
            }
            if (found.Count == most)
            {
                break;
            }
        }
        return found;
    }

    /// <summary>The contact's turns that have a sentiment: position and score.</summary>
    public async Task<IReadOnlyList<(int Position, double Score)>> MoodAsync(Guid id, CancellationToken cancellation = default)
    {
        var points = await Of(id).Where(t => t.Speaker == Client.Speaker.Contact && t.SentimentScore != null)
            .OrderBy(t => t.Position).Select(t => new { t.Position, t.SentimentScore }).ToListAsync(cancellation);
        return [.. points.Select(p => (p.Position, p.SentimentScore!.Value))];
    }

    internal async Task<IReadOnlyList<Client.Turn>> WholeAsync(Guid id, CancellationToken cancellation) =>
        Records(await Of(id).OrderBy(t => t.Position).ToListAsync(cancellation));

    private IQueryable<Turn> Of(Guid id) => Db.Turns.AsNoTracking().Where(t => t.ConversationId == id);

    private static IReadOnlyList<Client.Turn> Records(IEnumerable<Turn> turns) => [.. turns.Select(t => t.ToRecord())];
}
