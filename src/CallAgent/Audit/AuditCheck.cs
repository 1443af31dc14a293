using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>What a check of a user's audit log found.</summary>
public sealed record AuditReport
{
    /// <summary>Seals that were checked.</summary>
    public long Checked { get; internal set; }

    /// <summary>Entries of the last moments, which have no seal yet.</summary>
    public long Waiting { get; internal set; }

    /// <summary>The number of the newest seal.</summary>
    public long Sequence { get; internal set; }

    /// <summary>The newest seal in hexadecimal digits.</summary>
    public string? Hash { get; internal set; }

    /// <summary>When the newest sealed entry happened.</summary>
    public DateTimeOffset? SealedThrough { get; internal set; }

    /// <summary>The seal up to which entries were removed after their time.</summary>
    public long PrunedThrough { get; internal set; }

    /// <summary>Everything that is wrong, up to a bound; empty when the log is whole.</summary>
    public IReadOnlyList<string> Faults => faults;

    public bool IsIntact => faults.Count == 0;

    private readonly List<string> faults = [];

    internal bool IsFull => faults.Count >= 100;

    internal void Fault(string what)
    {
        if (!IsFull)
        {
            faults.Add(what);
        }
    }
}

/// <summary>Walks a user's chain from its anchor to its end and compares every seal, every entry and both ends.</summary>
internal sealed class AuditCheck(CrmDb db)
{
    private const int PageSeals = 1_000;

    /// <summary>No entry waits that long for its seal while a server runs.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private readonly AuditKey key = db.Book.Key;
    private readonly AuditReport report = new();
    private byte[] previous = [];
    private long sequence;

    /// <param name="newest">Check no more than the newest so many seals.</param>
    /// <param name="cancellation">Stops the queries.</param>
    public async Task<AuditReport> RunAsync(int? newest, CancellationToken cancellation)
    {
        if (await db.AuditChains.AsNoTracking().FirstOrDefaultAsync(cancellation) is not { } chain)
        {
            if (await db.AuditSeals.AnyAsync(cancellation))
            {
                report.Fault("The end of the chain is gone.");
            }
            await CheckUnsealedAsync(null, cancellation);
            return report;
        }
        (report.Sequence, report.PrunedThrough) = (chain.Sequence, chain.AnchorSequence);
        report.Hash = chain.Hash.Length == 0 ? null : Convert.ToHexStringLower(chain.Hash);
        if (!key.IsSigned(chain))
        {
            report.Fault("The ends of the chain were changed, or sealed under another SECRET_KEY.");
        }
        await BeginAsync(chain, newest, cancellation);
        var first = await CheckSealsAsync(chain, cancellation);
        if (sequence < chain.Sequence)
        {
            report.Fault(Text($"The chain ends at seal {sequence}; it had {chain.Sequence}."));
        }
        else if (!report.IsFull && !CryptographicOperations.FixedTimeEquals(previous, chain.Hash))
        {
            report.Fault(Text($"The last seal, {sequence}, is not the one at which the chain ended."));
        }
        await CheckBeyondAsync(cancellation);
        await CheckUnsealedAsync(newest is null ? null : first, cancellation);
        return report;
    }

    private async Task BeginAsync(AuditChain chain, int? newest, CancellationToken cancellation)
    {
        (sequence, previous) = (chain.AnchorSequence, chain.AnchorHash);
        if (chain.Sequence - newest > chain.AnchorSequence)
        {
            var start = chain.Sequence - newest!.Value;
            if (await db.AuditSeals.AsNoTracking().FirstOrDefaultAsync(s => s.Sequence == start, cancellation) is { } seal)
            {
                (sequence, previous) = (start, seal.Hash);
            }
        }
    }

    private async Task<Guid?> CheckSealsAsync(AuditChain chain, CancellationToken cancellation)
    {
        Guid? first = null;
        while (!report.IsFull)
        {
            var after = sequence;
            var page = await db.AuditSeals.AsNoTracking().Where(s => s.Sequence > after && s.Sequence <= chain.Sequence).OrderBy(s => s.Sequence).Take(PageSeals)
                .GroupJoin(db.AuditEntries.AsNoTracking(), s => s.EntryId, e => e.Id, (s, e) => new { Seal = s, Entries = e })
                .SelectMany(x => x.Entries.DefaultIfEmpty(), (x, e) => new { x.Seal, Entry = e })
                .OrderBy(x => x.Seal.Sequence).ToListAsync(cancellation);
            foreach (var row in page)
            {
                first ??= row.Seal.EntryId;
                Check(row.Seal, row.Entry);
            }
            if (page.Count < PageSeals)
            {
                break;
            }
        }
        return first;
    }

    private void Check(AuditSeal seal, AuditEntry? entry)
    {
        report.Checked++;
        if (seal.Sequence != sequence + 1)
        {
            report.Fault(seal.Sequence == sequence + 2 ? Text($"Seal {sequence + 1} is gone.") : Text($"Seals {sequence + 1} to {seal.Sequence - 1} are gone."));
        }
        else if (entry is null)
        {
            report.Fault(Text($"Entry {seal.EntryId} of seal {seal.Sequence} is gone."));
        }
        else if (!key.IsSigned(entry))
        {
            report.Fault(Text($"Entry {entry.Id} of {entry.OccurredAt:yyyy-MM-dd HH:mm:ss} UTC was changed."));
        }
        else if (!key.IsSealed(seal, previous, entry.Mac))
        {
            report.Fault(Text($"Seal {seal.Sequence} does not follow from the one before: it was changed or put in another place."));
        }
        (sequence, previous, report.SealedThrough) = (seal.Sequence, seal.Hash, entry?.OccurredAt ?? report.SealedThrough);
    }

    // What was added while this was read is part of the chain by now.
    private async Task CheckBeyondAsync(CancellationToken cancellation)
    {
        var end = await db.AuditSeals.MaxAsync(s => (long?)s.Sequence, cancellation) ?? 0;
        var chain = await db.AuditChains.AsNoTracking().FirstOrDefaultAsync(cancellation);
        if (end > chain?.Sequence)
        {
            report.Fault(Text($"There are seals up to {end} beyond the end of the chain at {chain.Sequence}."));
        }
    }

    private async Task CheckUnsealedAsync(Guid? from, CancellationToken cancellation)
    {
        var late = db.Clock.GetUtcNow() - LongestWait;
        var rows = db.AuditEntries.AsNoTracking().Where(e => !db.AuditSeals.Any(s => s.EntryId == e.Id));
        await foreach (var entry in (from is { } id ? rows.Where(e => e.Id >= id) : rows).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            report.Waiting++;
            if (!key.IsSigned(entry))
            {
                report.Fault(Text($"Entry {entry.Id} of {entry.OccurredAt:yyyy-MM-dd HH:mm:ss} UTC was not written by CallAgent."));
            }
            else if (entry.OccurredAt < late)
            {
                report.Fault(Text($"Entry {entry.Id} of {entry.OccurredAt:yyyy-MM-dd HH:mm:ss} UTC has no seal."));
            }
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
