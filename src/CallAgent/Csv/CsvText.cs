using System.Buffers;
using System.Text;

namespace CallAgent;

/// <summary>Values as delimited text, and back.</summary>
internal static class CsvText
{
    public const string LineEnd = "\r\n";

    // What a spreadsheet takes for the beginning of a formula, in the forms of the East too.
    private static readonly SearchValues<char> FormulaStarts = SearchValues.Create("=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20");
    private static readonly SearchValues<char> NumberParts = SearchValues.Create("0123456789.");

    /// <summary>Appends a row; values that need quotes get them.</summary>
    public static void AppendRow(StringBuilder text, IEnumerable<string> cells, char delimiter = ',')
    {
        var first = true;
        foreach (var cell in cells)
        {
            if (!first)
            {
                text.Append(delimiter);
            }
            first = false;
            AppendCell(text, Harmless(cell), delimiter);
        }
        text.Append(LineEnd);
    }

    /// <summary>
    /// A value that no spreadsheet takes for a formula: marked by an apostrophe when it could be one. Plain numbers, such
    /// as <c>+14155550132</c> and <c>-5</c>, are left as they are.
    /// </summary>
    public static string Harmless(string cell) => IsMarkable(cell) && (cell[0] == '\'' || !IsNumber(cell)) ? "'" + cell : cell;

    /// <summary>Takes the mark of <see cref="Harmless"/> away.</summary>
    public static string Restore(string cell) => cell.Length > 1 && cell[0] == '\'' && IsMarkable(cell[1..]) ? cell[1..] : cell;

    // Apostrophes before a formula count too, so that a value that looks marked comes back as it was.
    private static bool IsMarkable(string cell) => cell.AsSpan().TrimStart('\'') is { Length: > 0 } rest && FormulaStarts.Contains(rest[0]);

    private static bool IsNumber(string cell) =>
        cell.Length > 1 && cell[0] is '+' or '-' && !cell.AsSpan(1).ContainsAnyExcept(NumberParts) && char.IsAsciiDigit(cell[1]);

    private static void AppendCell(StringBuilder text, string cell, char delimiter)
    {
        if (cell.Length == 0 || !(cell.AsSpan().ContainsAny('"', '\r', '\n') || cell.Contains(delimiter) || cell[0] == ' ' || cell[^1] == ' '))
        {
            text.Append(cell);
            return;
        }
        text.Append('"').Append(cell.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }
}
