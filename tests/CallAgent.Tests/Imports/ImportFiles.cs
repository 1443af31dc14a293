using System.Text;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>Files for the tests to import.</summary>
internal static class ImportFiles
{
    public static Task<Client.Import> UploadAsync(this TestUser user, string text, string name = "contacts.csv") => user.UploadAsync(Encoding.UTF8.GetBytes(text), name);

    public static Task<Client.Import> UploadAsync(this TestUser user, byte[] file, string name = "contacts.csv", string? encoding = null) =>
        user.Api.Imports.UploadAsync(new MemoryStream(file), name, encoding);

    /// <summary>Runs an import and waits for its end.</summary>
    public static async Task<Client.Import> RunAsync(this TestUser user, Guid id, bool dryRun = false)
    {
        await user.Api.Imports.RunAsync(id, new() { DryRun = dryRun });
        return await user.RestAsync(id);
    }

    /// <summary>Uploads and runs in one go.</summary>
    public static async Task<Client.Import> ImportAsync(this TestUser user, string text, OnDuplicate onDuplicate = OnDuplicate.Skip)
    {
        var import = await user.UploadAsync(text);
        await user.Api.Imports.UpdateAsync(import.Id, new() { OnDuplicate = onDuplicate });
        return await user.RunAsync(import.Id);
    }

    /// <summary>The import when nothing goes on with it any more; its counts must sum at every moment.</summary>
    public static async Task<Client.Import> RestAsync(this TestUser user, Guid id)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        Client.Import? last = null;
        await foreach (var import in user.Api.Imports.WatchAsync(id, patience.Token))
        {
            AssertSums(import.Counts);
            last = import;
        }
        return last!;
    }

    public static void AssertSums(ImportCounts counts)
    {
        Assert.Equal(counts.Done, counts.Created + counts.Updated + counts.Skipped + counts.Failed);
        Assert.InRange(counts.Done, 0, counts.Rows);
    }

    /// <summary>Rows of valid numbers, each its own.</summary>
    public static string Numbers(int count, string header = "phone,first_name,email,company,Seats") =>
        string.Concat(Lines(count).Prepend(header + "\n"));

    public static IEnumerable<string> Lines(int count) => Enumerable.Range(0, count).Select(Line);

    public static string Line(int i) => $"+1{212 + i / 1_000_000}{200 + i / 10_000 % 100}{i % 10_000:0000},Name{i},n{i}@example.com,Acme {i % 100},{i}\n";

    public static async Task<List<Client.Contact>> ContactsAsync(this TestUser user)
    {
        var contacts = new List<Client.Contact>();
        await foreach (var contact in user.Api.Contacts.AllAsync(new() { Sort = "created_at", Limit = 200 }))
        {
            contacts.Add(contact);
        }
        return contacts;
    }

    public static async Task<List<Client.ImportRow>> RowsAsync(this TestUser user, Guid id, string? outcome = null)
    {
        var (rows, query) = (new List<Client.ImportRow>(), new ListQuery { Filters = outcome is null ? new Dictionary<string, string>() : new() { ["outcome"] = outcome } });
        while (true)
        {
            var page = await user.Api.Imports.ListRowsAsync(id, query);
            rows.AddRange(page.Data);
            if (!page.HasMore)
            {
                return rows;
            }
            query = query with { Cursor = page.NextCursor };
        }
    }

    public static async Task<string> ReadAsync(Task<Stream> opened)
    {
        await using var stream = await opened;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}

/// <summary>A file of any size that is made while it is read, so that the test does not hold it either.</summary>
internal sealed class MadeFile(IEnumerable<string> lines) : Stream
{
    private readonly IEnumerator<string> lines = lines.GetEnumerator();
    private ReadOnlyMemory<byte> rest;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (rest.IsEmpty)
        {
            if (!lines.MoveNext())
            {
                return 0;
            }
            rest = Encoding.UTF8.GetBytes(lines.Current);
        }
        var part = Math.Min(rest.Length, buffer.Length);
        rest.Span[..part].CopyTo(buffer);
        rest = rest[part..];
        return part;
    }

    public override void Flush() => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
