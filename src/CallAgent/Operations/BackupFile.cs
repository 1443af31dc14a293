using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;

namespace CallAgent;

/// <summary>The one file that a backup is: a zip of the data, as the database's own tools made it, and the manifest.</summary>
internal static class BackupFile
{
    private const string ManifestEntry = "manifest.json";
    private const string DataEntry = "data";

    /// <summary>Writes the file under its name only when it is complete; it holds everything, so nobody else may read it.</summary>
    public static async Task<BackupManifest> WriteAsync(string path, string data, BackupManifest draft, CancellationToken cancellation)
    {
        await RequireNothingElseAsync(path, cancellation);
        var part = path + ".part";
        try
        {
            BackupManifest manifest;
            await using (var file = new FileStream(part, Private(FileMode.Create)))
            {
                await using var zip = new ZipArchive(file, ZipArchiveMode.Create);
                // pg_dump compresses by itself; a second time costs much and gains little.
                var level = draft.Database == Backups.Postgres ? CompressionLevel.NoCompression : CompressionLevel.Fastest;
                var (bytes, hash) = await CopyAsync(File.OpenRead(data), zip.CreateEntry(DataEntry, level).Open(), cancellation);
                manifest = draft with { Bytes = bytes, Sha256 = hash };
                await using var entry = zip.CreateEntry(ManifestEntry).Open();
                await JsonSerializer.SerializeAsync(entry, manifest, BackupManifest.Json, cancellation);
            }
            Flush(part);
            File.Move(part, path, overwrite: true);
            return manifest;
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Takes the data out into a new file, and refuses it when it is not what was written.</summary>
    public static async Task<BackupManifest> ReadAsync(string path, string data, CancellationToken cancellation)
    {
        try
        {
            await using var zip = await ZipFile.OpenReadAsync(path, cancellation);
            var manifest = await ManifestAsync(zip, cancellation);
            var entry = zip.GetEntry(DataEntry) ?? throw new InvalidDataException("it has no data");
            var (bytes, hash) = await CopyAsync(await entry.OpenAsync(cancellation), new FileStream(data, Private(FileMode.CreateNew)), cancellation);
            return (bytes, hash) == (manifest.Bytes, manifest.Sha256)
                ? manifest
                : throw new InvalidDataException("its data is not what the manifest says: the SHA-256 differs");
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or EndOfStreamException)
        {
            throw new BackupException($"{path} is damaged or no backup of CallAgent: {e.Message.TrimEnd('.')}.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BackupException($"There is no file {path}.");
        }
    }

    // An older backup makes way; a slip of the hand must not cost the database or the key.
    private static async Task RequireNothingElseAsync(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            return;
        }
        try
        {
            await using var zip = await ZipFile.OpenReadAsync(path, cancellation);
            await ManifestAsync(zip, cancellation);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or EndOfStreamException)
        {
            throw new BackupException($"There is a file {path} already, and it is no backup. Choose another name, or move it away.");
        }
    }

    private static async Task<BackupManifest> ManifestAsync(ZipArchive zip, CancellationToken cancellation)
    {
        var entry = zip.GetEntry(ManifestEntry) ?? throw new InvalidDataException("it has no manifest");
        await using var stream = await entry.OpenAsync(cancellation);
        var manifest = await JsonSerializer.DeserializeAsync<BackupManifest>(stream, BackupManifest.Json, cancellation);
        return manifest?.Format switch
        {
            BackupManifest.CurrentFormat => manifest,
            null => throw new InvalidDataException("its manifest is empty"),
            var format => throw new InvalidDataException($"it is of format {format}, which this version does not know"),
        };
    }

    private static async Task<(long Bytes, string Hash)> CopyAsync(Stream from, Stream to, CancellationToken cancellation)
    {
        await using var source = from;
        await using var target = to;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        long bytes = 0;
        for (int read; (read = await source.ReadAsync(buffer, cancellation)) > 0; bytes += read)
        {
            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void Flush(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.Flush(flushToDisk: true);
    }

    private static FileStreamOptions Private(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        return options;
    }
}
