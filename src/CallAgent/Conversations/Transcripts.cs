using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>What was said in a conversation: whole, by pieces, and searched.</summary>
public sealed class Transcripts
{
    /// <summary>The longest piece.</summary>
    public const int LargestPage = 1_000;

    private readonly Workspace workspace;

    internal Transcripts(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    /// <summary>A piece in the order in which it was said, without the turns up to a position.</summary>
    public async Task<Result<Client.Page<Client.Turn>>> PageAsync(Guid id, int after = 0, int limit = 200, CancellationToken cancellation = default)
    {
        if (limit is < 1 or > LargestPage)
        {
            return Problem.Invalid("limit", $"Must be between 1 and {LargestPage}.");
        }
        var turns = await Of(id).Where(t => t.Position > after).OrderBy(t => t.Position).Take(limit + 1).ToListAsync(cancellation);
        if (turns.Count == 0 && !await Db.Conversations.AnyAsync(c => c.Id == id, cancellation))
        {
            return Problem.NotFound;
        }
        workspace.NoteRead(AuditActions.ConversationRead, id);
        return new Client.Page<Client.Turn> { Data = Records(turns.Take(limit)), HasMore = turns.Count > limit };
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
        workspace.NoteRead(AuditActions.ConversationRead, id);
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
