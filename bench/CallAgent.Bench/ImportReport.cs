using System.Text;

namespace CallAgent.Bench;

/// <summary>The figures of imports as a page of the documents.</summary>
internal static class ImportReport
{
    public static string Write(IReadOnlyList<ImportTimes> measured)
    {
        var text = new StringBuilder($"""
            # Performance: contacts in and out

            Measured {TimeProvider.System.GetUtcNow():yyyy-MM-dd} by `./dev bench --imports` on {Report.Machine()}. Product and database share the machine.

            A file of {ImportComparison.Rows:N0} contacts with seven columns, imported in process into an empty account: each row becomes a contact, about twelve
            search tokens and its part of the counters, 500 rows a transaction. PostgreSQL has `fsync` on.

            | | upload | run | **upload and run** | rows/s | export | undo |
            |---|--:|--:|--:|--:|--:|--:|

            """);
        foreach (var t in measured)
        {
            text.AppendLine($"| {t.Database} | {t.Upload:0.0} s | {t.Run:0.0} s | **{t.Import:0.0} s** | {ImportComparison.Rows / t.Import:N0} | {t.Export:0.0} s | {t.Undo:0.0} s |");
        }
        foreach (var (t, copy) in measured.Where(t => t.Copy is not null).Select(t => (t, t.Copy!)))
        {
            text.AppendLine($"""

                Against plain `\copy` on PostgreSQL, by the owner of the tables, of the very rows that the import made, without row-level security:

                | `\copy` of | seconds | import takes |
                |---|--:|--:|
                | the contacts alone | {copy.Contacts:0.0} s | {t.Import / copy.Contacts:0.0} times as long |
                | contacts and search tokens | {copy.Everything:0.0} s | {t.Import / copy.Everything:0.00} times as long |
                """);
        }
        return text.ToString();
    }
}
