using System.Text;
using System.Text.Json;

namespace CallAgent;

/// <summary>A list on its way out: written row by row, at constant memory.</summary>
public sealed class Export
{
    private const int BufferedChars = 32 * 1024;

    private readonly Func<Stream, CancellationToken, Task> write;

    private Export(string name, string extension, string contentType, Func<Stream, CancellationToken, Task> write) =>
        (FileName, ContentType, this.write) = ($"{name}.{extension}", contentType, write);

    public string FileName { get; }

    public string ContentType { get; }

    public Task WriteToAsync(Stream stream, CancellationToken cancellation = default) => write(stream, cancellation);

    /// <param name="name">Of the file.</param>
    /// <param name="rows">Read as they are written.</param>
    /// <param name="delimiter">Between values.</param>
    internal static Export Csv(string name, IAsyncEnumerable<IEnumerable<string>> rows, char delimiter = ',') =>
        new(name, "csv", "text/csv; charset=utf-8", async (stream, cancellation) =>
        {
            // The mark tells spreadsheets that it is UTF-8.
            await stream.WriteAsync(Encoding.UTF8.Preamble.ToArray(), cancellation);
            var text = new StringBuilder();
            await foreach (var row in rows.WithCancellation(cancellation))
            {
                CsvText.AppendRow(text, row, delimiter);
                if (text.Length > BufferedChars)
                {
                    await FlushAsync(stream, text, cancellation);
                }
            }
            await FlushAsync(stream, text, cancellation);
        });

    /// <summary>A record of the API in each line.</summary>
    internal static Export Jsonl<T>(string name, IAsyncEnumerable<T> records) =>
        new(name, "jsonl", "application/jsonl", async (stream, cancellation) =>
        {
            await foreach (var record in records.WithCancellation(cancellation))
            {
                await JsonSerializer.SerializeAsync(stream, record, Client.CallAgentJson.Lenient, cancellation);
                await stream.WriteAsync("\n"u8.ToArray(), cancellation);
            }
        });

    private static async Task FlushAsync(Stream stream, StringBuilder text, CancellationToken cancellation)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellation);
        text.Clear();
    }
}
