using System.Text;

namespace CallAgent;

/// <summary>
/// Reads delimited text row by row at constant memory (RFC 4180, and what spreadsheets make of it): values may be quoted
/// and then hold delimiters, line ends and doubled quotes. Empty lines are no rows. What cannot be a table is an
/// <see cref="InvalidDataException"/> whose message says where.
/// </summary>
internal sealed class CsvReader(TextReader text, char delimiter)
{
    public const int MostColumns = 500;

    // Also what a quote that is never closed may swallow.
    private const int LongestRow = 256 * 1024;

    private readonly char[] buffer = new char[16 * 1024];
    private readonly StringBuilder value = new();
    private List<string> cells = [];
    private int at;
    private int end;
    private int length;
    private int linesRead;
    private bool lastWasReturn;
    private bool wasQuoted;
    private bool needsCell;

    /// <summary>The line of the file where the last row begins.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>The next row; <c>null</c> at the end.</summary>
    public async ValueTask<List<string>?> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            (cells, length, Line) = ([], 0, linesRead + 1);
            var more = await ReadRowAsync(cancellation);
            if (cells is not [""] || wasQuoted)
            {
                return more || cells.Count > 0 ? cells : null;
            }
            if (!more)
            {
                return null;
            }
        }
    }

    /// <returns>Whether the row ended with a line end, so that another may follow.</returns>
    private async ValueTask<bool> ReadRowAsync(CancellationToken cancellation)
    {
        wasQuoted = false;
        while (true)
        {
            if (at == end && !await FillAsync(cancellation))
            {
                return EndOfText();
            }
            if (buffer[at] == '"')
            {
                at++;
                wasQuoted = true;
                await ReadQuotedAsync(cancellation);
            }
            if (await ReadPlainAsync(cancellation) is not { } ending)
            {
                return EndOfText();
            }
            EndCell();
            if (ending != delimiter)
            {
                return true;
            }
            needsCell = true;
        }
    }

    private bool EndOfText()
    {
        if (value.Length > 0 || wasQuoted || needsCell)
        {
            EndCell();
        }
        return false;
    }

    private async ValueTask ReadQuotedAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (at == end && !await FillAsync(cancellation))
            {
                throw new InvalidDataException($"The row that begins in line {Line} opens a quote that is never closed.");
            }
            var rest = buffer.AsSpan(at, end - at);
            var quote = rest.IndexOf('"');
            var part = quote < 0 ? rest : rest[..quote];
            CountLines(part);
            Append(part);
            at += part.Length;
            if (quote < 0)
            {
                continue;
            }
            at++;
            if ((at == end && !await FillAsync(cancellation)) || buffer[at] != '"')
            {
                return;
            }
            Append("\"");
            at++;
        }
    }

    /// <returns>The delimiter or line feed that ends the value; <c>null</c> at the end of the text.</returns>
    private async ValueTask<char?> ReadPlainAsync(CancellationToken cancellation)
    {
        while (at < end || await FillAsync(cancellation))
        {
            var rest = buffer.AsSpan(at, end - at);
            var stop = rest.IndexOfAny(delimiter, '\r', '\n');
            Append(stop < 0 ? rest : rest[..stop]);
            at += stop < 0 ? rest.Length : stop + 1;
            if (stop < 0)
            {
                continue;
            }
            if (rest[stop] == delimiter)
            {
                return delimiter;
            }
            linesRead++;
            if (rest[stop] == '\r' && (at < end || await FillAsync(cancellation)) && buffer[at] == '\n')
            {
                at++;
            }
            return '\n';
        }
        return null;
    }

    private void EndCell()
    {
        if (cells.Count == MostColumns)
        {
            throw new InvalidDataException($"Line {Line} has more than {MostColumns} columns.");
        }
        cells.Add(value.ToString());
        value.Clear();
        needsCell = false;
    }

    private void Append(ReadOnlySpan<char> part)
    {
        length += part.Length;
        if (length > LongestRow)
        {
            throw new InvalidDataException(
                $"The row that begins in line {Line} is longer than {LongestRow / 1024} KiB{(wasQuoted ? "; is a quote never closed?" : ".")}");
        }
        value.Append(part);
    }

    private void CountLines(ReadOnlySpan<char> part)
    {
        foreach (var c in part)
        {
            linesRead += c == '\n' && !lastWasReturn || c == '\r' ? 1 : 0;
            lastWasReturn = c == '\r';
        }
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        (at, end) = (0, await text.ReadAsync(buffer, cancellation));
        if (buffer.AsSpan(0, end).Contains('\0'))
        {
            throw new InvalidDataException("The file is not text: it holds U+0000.");
        }
        // The mark of UTF-16, read the wrong way round; no text has it, and nothing can be made of it.
        if (buffer.AsSpan(0, end).Contains('\uFFFE'))
        {
            throw new InvalidDataException("The file is not text of this encoding: it holds U+FFFE.");
        }
        return end > 0;
    }
}
