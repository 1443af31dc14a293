using System.Text;

namespace CallAgent;

/// <summary>
/// A file of delimited text as it comes in: its encoding and delimiter told from its beginning. What is no such file is
/// refused by an <see cref="InvalidDataException"/> that says what it seems to be.
/// </summary>
internal sealed class TextFile : IDisposable
{
    public static readonly string[] Encodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252"];

    private const int SampleBytes = 64 * 1024;
    private const int SampleRows = 50;

    private static readonly (byte[] Start, string What)[] Others =
    [
        ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive or an Excel workbook (.xlsx). Save it as \"CSV UTF-8\""),
        ([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook (.xls). Save it as \"CSV UTF-8\""),
        ([0x1F, 0x8B], "compressed (gzip). Send it unpacked"),
        ([0x42, 0x5A, 0x68], "compressed (bzip2). Send it unpacked"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "compressed (xz). Send it unpacked"),
        ([0x28, 0xB5, 0x2F, 0xFD], "compressed (zstd). Send it unpacked"),
        ([0x37, 0x7A, 0xBC, 0xAF], "an archive (7z). Send what is in it"),
        ([0x25, 0x50, 0x44, 0x46], "a PDF"),
        ([0x89, 0x50, 0x4E, 0x47], "a picture"),
        ([0xFF, 0xD8, 0xFF], "a picture"),
    ];

    private readonly StreamReader text;

    private TextFile(StreamReader text, string encoding, char delimiter)
    {
        (this.text, EncodingName, Delimiter) = (text, encoding, delimiter);
        Reader = new CsvReader(text, delimiter);
    }

    public string EncodingName { get; }

    public char Delimiter { get; }

    public CsvReader Reader { get; }

    /// <param name="stream">The file; it is read once, forwards.</param>
    /// <param name="encoding">One of <see cref="Encodings"/>, when the sender knows better.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static async Task<TextFile> OpenAsync(Stream stream, string? encoding, CancellationToken cancellation)
    {
        var sample = new byte[SampleBytes];
        var length = await stream.ReadAtLeastAsync(sample, SampleBytes, throwOnEndOfStream: false, cancellation);
        sample = sample[..length];
        RefuseOthers(sample);
        var (name, mark) = encoding is null ? Detect(sample) : (encoding, MarkOf(sample, encoding));
        var whole = new PrefixedStream(sample.AsMemory(mark), stream);
        var delimiter = await FindDelimiterAsync(EncodingOf(name, strict: false).GetString(sample.AsSpan(mark)), length < SampleBytes, cancellation);
        return new(new StreamReader(whole, EncodingOf(name, strict: true), detectEncodingFromByteOrderMarks: false, SampleBytes), name, delimiter);
    }

    public void Dispose() => text.Dispose();

    private static void RefuseOthers(byte[] sample)
    {
        if (sample.Length == 0)
        {
            throw new InvalidDataException("The file is empty.");
        }
        foreach (var (start, what) in Others)
        {
            if (sample.AsSpan().StartsWith(start))
            {
                throw new InvalidDataException($"The file is not delimited text but {what}.");
            }
        }
    }

    private static (string Name, int Mark) Detect(byte[] sample) => sample switch
    {
        [0xEF, 0xBB, 0xBF, ..] => ("utf-8", 3),
        [0xFF, 0xFE, 0, 0, ..] or [0, 0, 0xFE, 0xFF, ..] => throw new InvalidDataException("The file is UTF-32. Save it as UTF-8."),
        [0xFF, 0xFE, ..] => ("utf-16le", 2),
        [0xFE, 0xFF, ..] => ("utf-16be", 2),
        _ => (WithoutMark(sample), 0),
    };

    // Western text in UTF-16 has a zero in every other byte; in UTF-8 it has none.
    private static string WithoutMark(byte[] sample)
    {
        int even = 0, odd = 0;
        for (var i = 0; i < sample.Length; i++)
        {
            if (sample[i] == 0)
            {
                _ = i % 2 == 0 ? even++ : odd++;
            }
        }
        var half = sample.Length / 2;
        return (even, odd) switch
        {
            _ when odd > half * 0.4 && even < half * 0.1 => "utf-16le",
            _ when even > half * 0.4 && odd < half * 0.1 => "utf-16be",
            (0, 0) => IsWestern(sample) ? "windows-1252" : "utf-8",
            _ => throw new InvalidDataException("The file is not text: it holds zero bytes."),
        };
    }

    // Spreadsheets on Windows in the West save CSV so. Its letters with accents are no UTF-8; a file that has some of that is UTF-8 with a fault.
    private static bool IsWestern(byte[] sample)
    {
        var letters = Encoding.UTF8.GetString(sample).Where(c => !char.IsAscii(c)).ToList();
        // A letter that the end of the sample cuts in two says nothing.
        return letters.Count > (sample.Length == SampleBytes ? 1 : 0) && letters.All(c => c == '\uFFFD');
    }

    private static int MarkOf(byte[] sample, string encoding) => (encoding, sample) switch
    {
        ("utf-8", [0xEF, 0xBB, 0xBF, ..]) => 3,
        ("utf-16le", [0xFF, 0xFE, ..]) or ("utf-16be", [0xFE, 0xFF, ..]) => 2,
        _ => 0,
    };

    private static Encoding EncodingOf(string name, bool strict) => name switch
    {
        "utf-16le" => new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: strict),
        "utf-16be" => new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: strict),
        "windows-1252" => CodePagesEncodingProvider.Instance.GetEncoding(1252)!,
        _ => new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: strict),
    };

    // The delimiter under which most rows have as many values as the first one, and that is more than one.
    private static async Task<char> FindDelimiterAsync(string sample, bool isWhole, CancellationToken cancellation)
    {
        var best = (Delimiter: ',', Score: 0.0);
        foreach (var delimiter in ",;\t|")
        {
            var rows = await SampleAsync(sample, delimiter, isWhole, cancellation);
            if (rows is [{ Count: > 1 } header, ..])
            {
                // Of two that fit all rows, the one that makes more columns.
                var score = rows.Count(r => r.Count == header.Count) / (double)rows.Count + header.Count / 10_000.0;
                best = score > best.Score ? (delimiter, score) : best;
            }
        }
        return best.Delimiter;
    }

    private static async Task<List<List<string>>> SampleAsync(string sample, char delimiter, bool isWhole, CancellationToken cancellation)
    {
        var (rows, reader) = (new List<List<string>>(), new CsvReader(new StringReader(sample), delimiter));
        try
        {
            while (rows.Count < SampleRows && await reader.ReadAsync(cancellation) is { } row)
            {
                rows.Add(row);
            }
        }
        catch (InvalidDataException)
        {
            // The sample may end within a quote; what is wrong with the file itself is said when it is read.
            return rows;
        }
        if (!isWhole && rows.Count is > 1 and < SampleRows)
        {
            rows.RemoveAt(rows.Count - 1);
        }
        return rows;
    }

    /// <summary>What was read ahead of a stream, and then the stream.</summary>
    private sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> ahead = prefix;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (ahead.IsEmpty)
            {
                return rest.ReadAsync(buffer, cancellationToken);
            }
            var part = Math.Min(ahead.Length, buffer.Length);
            ahead[..part].CopyTo(buffer);
            ahead = ahead[part..];
            return ValueTask.FromResult(part);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Reading is asynchronous here.");
        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
