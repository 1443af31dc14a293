using System.Text;

namespace CallAgent.Bench;

/// <summary>The figures of pages as a page of the documents.</summary>
internal static class PageReport
{
    private const double Target = 50;

    public static string Write((IReadOnlyList<PageTimes> Pages, IReadOnlyDictionary<string, long> WholeReads) found)
    {
        var (measured, read) = (found.Pages, found.WholeReads.Where(t => t.Value > 0).Select(t => $"{t.Key} {t.Value} times").ToList());
        var text = new StringBuilder($"""
            # Performance: pages

            Measured {TimeProvider.System.GetUtcNow():yyyy-MM-dd} by `./dev bench --pages` on {Report.Machine()}. Client, server and database share the machine.

            One user with {PageTimes.Contacts:N0} contacts, {PageTimes.Contacts / 5:N0} calls over 90 days and their conversations, beside {LargeAccount.Neighbours:N0} users
            as they are after a sign-up, on PostgreSQL with row-level security. {PageTimes.Times} requests for each page, one at a time and in turns,
            from the request to the last byte of the page, each for another row where a page has an id. Every answer was the page. The target is a p95 of {Target} ms. Round trips are to the database, of a caller who is remembered.

            | | p50 | p95 | round trips | kB, not compressed |
            |---|--:|--:|--:|--:|

            """);
        foreach (var t in measured)
        {
            text.AppendLine($"| {t.Page.Name} | {t.P50:0.0} ms | {(t.P95 <= Target ? $"{t.P95:0.0} ms" : $"**{t.P95:0.0} ms**")} | {t.RoundTrips:0.#} | {t.KiloBytes:0} |");
        }
        var slow = measured.Count(t => t.P95 > Target);
        return text.Append($"""

            {(slow == 0 ? "Every page is" : $"{measured.Count - slow} of {measured.Count} pages are")} within the target; the slowest is {measured.MaxBy(t => t.P95)!.Page.Name}. What a browser makes of them is in [lighthouse.md](lighthouse.md).

            Meanwhile PostgreSQL read {(read.Count == 0 ? "none" : $"**some** ({string.Join(", ", read)})")} of the {found.WholeReads.Count} tables of the users that have ten thousand rows or more as a whole (`seq_scan`).

            """).ToString();
    }
}
