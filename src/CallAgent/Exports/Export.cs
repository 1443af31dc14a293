using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace CallAgent;

/// <summary>A list on its way out: written row by row, at constant memory.</summary>
public sealed class Export
{
    private const int BufferedChars = 32 * 1024;

    private static readonly byte[] LineEnd = [(byte)'\n'];

    private readonly Func<Stream, CancellationToken, Task<long>> write;

    private Export(string name, string extension, string contentType, Func<Stream, CancellationToken, Task<long>> write) =>
        (FileName, ContentType, this.write) = ($"{name}.{extension}", contentType, write);

    public string FileName { get; }

    public string ContentType { get; }

    public Task WriteToAsync(Stream stream, CancellationToken cancellation = default) => write(stream, cancellation);

    /// <summary>Writes it and answers how many records that were.</summary>
    internal Task<long> CountedWriteToAsync(Stream stream, CancellationToken cancellation) => write(stream, cancellation);

    /// <param name="name">Of the file.</param>
    /// <param name="rows">Read as they are written.</param>
    /// <param name="delimiter">Between values.</param>
    internal static Export Csv(string name, IAsyncEnumerable<IEnumerable<string>> rows, char delimiter = ',') =>
        new(name, "csv", "text/csv; charset=utf-8", async (stream, cancellation) =>
        {
            // The mark tells spreadsheets that it is UTF-8.
            await stream.WriteAsync(Encoding.UTF8.Preamble.ToArray(), cancellation);
            var (text, records) = (new StringBuilder(), -1L);
            await foreach (var row in rows.WithCancellation(cancellation))
            {
                // The first row is the header.
                records++;
                CsvText.AppendRow(text, row, delimiter);
                if (text.Length > BufferedChars)
                {
                    await FlushAsync(stream, text, cancellation);
                }
            }
            await FlushAsync(stream, text, cancellation);
            return records;
        });

    /// <summary>A record of the API in each line.</summary>
    internal static Export Jsonl<T>(string name, IAsyncEnumerable<T> records) =>
        new(name, "jsonl", "application/jsonl", async (stream, cancellation) =>
        {
            var written = 0L;
            await foreach (var record in records.WithCancellation(cancellation))
            {
                await JsonSerializer.SerializeAsync(stream, record, Client.CallAgentJson.Lenient, cancellation);
                await stream.WriteAsync(LineEnd, cancellation);
                written++;
            }
            return written;
        });

    /// <summary>One record as a file.</summary>
    internal static Export Json<T>(string name, Func<CancellationToken, Task<T>> read) =>
        new(name, "json", "application/json", async (stream, cancellation) =>
        {
            await JsonSerializer.SerializeAsync(stream, await read(cancellation), Client.CallAgentJson.Lenient, cancellation);
            return 1;
        });

    /// <summary>Several files in one, each opened when the one before it is written.</summary>
    /// <param name="name">Of the file.</param>
    /// <param name="files">What is in it.</param>
    /// <param name="manifest">Makes the last file, of how many records there are in each of the others.</param>
    internal static Export Zip(string name, IAsyncEnumerable<Export> files, Func<IReadOnlyDictionary<string, long>, Export> manifest) =>
        new(name, "zip", "application/zip", async (stream, cancellation) =>
        {
            var (records, target) = (new Dictionary<string, long>(), new DeferredStream(stream));
            await using (var zip = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellation))
            {
                try
                {
                    await foreach (var file in files.WithCancellation(cancellation))
                    {
                        records[file.FileName] = await AddAsync(zip, file, cancellation);
                        await target.FlushAsync(cancellation);
                    }
                    await AddAsync(zip, manifest(records), cancellation);
                }
                catch
                {
                    target.GiveUp();
                    throw;
                }
            }
            await target.FlushAsync(cancellation);
            return records.Count;
        });

    private static async Task<long> AddAsync(ZipArchive zip, Export file, CancellationToken cancellation)
    {
        await using var entry = await zip.CreateEntry(file.FileName, CompressionLevel.Fastest).OpenAsync(cancellation);
        return await file.write(entry, cancellation);
    }

    private static async Task FlushAsync(Stream stream, StringBuilder text, CancellationToken cancellation)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellation);
        text.Clear();
    }
}
