namespace CallAgent;

/// <summary>
/// Lets what is written synchronously wait for the next asynchronous write. A <c>ZipArchive</c> of .NET 10 ends its entries
/// synchronously even when it is disposed of asynchronously, and a server's answer takes no synchronous writes. What waits is
/// the end of one entry: a few KB.
/// </summary>
internal sealed class DeferredStream(Stream target) : Stream
{
    private readonly MemoryStream waiting = new();
    private bool isGivenUp;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Writes nothing more: what follows a failure would make the file look whole.</summary>
    public void GiveUp() => isGivenUp = true;

    public override void Write(byte[] buffer, int offset, int count) => waiting.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => waiting.Write(buffer);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await PassOnAsync(cancellationToken);
        if (!isGivenUp)
        {
            await target.WriteAsync(buffer, cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await PassOnAsync(cancellationToken);
        if (!isGivenUp)
        {
            await target.FlushAsync(cancellationToken);
        }
    }

    // The next flush is asynchronous.
    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async Task PassOnAsync(CancellationToken cancellation)
    {
        if (waiting.Length > 0 && !isGivenUp)
        {
            await target.WriteAsync(waiting.GetBuffer().AsMemory(0, (int)waiting.Length), cancellation);
        }
        waiting.SetLength(0);
    }
}
