namespace CallAgent;

/// <summary>
/// Backups of a whole installation: every user's rows as of one moment, taken while the server runs.
/// <c>SECRET_KEY</c> is not inside: keep it as safely, in another place. Without it second factors, recovery codes and seals are lost.
/// </summary>
public static class Backups
{
    internal const string Sqlite = "sqlite";
    internal const string Postgres = "postgres";

    /// <summary>Writes a backup to a file, which appears under its name when it is complete.</summary>
    /// <exception cref="BackupException">It cannot be made; the message says what is missing.</exception>
    public static Task<BackupManifest> CreateAsync(CallAgentSettings settings, string path, CancellationToken cancellation = default) =>
        InScratchAsync(Path.GetDirectoryName(Path.GetFullPath(path))!, async scratch =>
        {
            var data = Path.Combine(scratch, "data");
            var draft = settings.DatabaseUrl is null
                ? await SqliteBackup.DumpAsync(DatabaseStart.SqlitePath(settings), data, cancellation)
                : await PostgresBackup.DumpAsync(settings, data, cancellation);
            return await BackupFile.WriteAsync(path, data, draft, cancellation);
        });

    /// <summary>Reads a whole backup and checks that it is what was written and that a database can be made of it.</summary>
    /// <exception cref="BackupException">It cannot be trusted.</exception>
    public static Task<BackupManifest> VerifyAsync(string path, CancellationToken cancellation = default) =>
        InScratchAsync(Path.GetTempPath(), async scratch =>
        {
            var data = Path.Combine(scratch, "data");
            var manifest = await BackupFile.ReadAsync(path, data, cancellation);
            if (manifest.Database == Sqlite)
            {
                await SqliteBackup.CheckAsync(data, manifest, cancellation);
            }
            else
            {
                await PostgresPrograms.RunAsync(PostgresPrograms.Find("pg_restore"), ["--list", data], null, cancellation);
            }
            return manifest;
        });

    /// <summary>
    /// Puts a backup in the place of the installation's database, with roles, policies and rights, and counts its rows.
    /// A backup of an older version is brought up to date. What was there stays as it was when anything goes wrong.
    /// </summary>
    /// <param name="settings">Where to; stop the server first.</param>
    /// <param name="path">The backup.</param>
    /// <param name="replace">Whether a database that is there may be replaced.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="BackupException">It cannot be restored there.</exception>
    public static Task<BackupManifest> RestoreAsync(
        CallAgentSettings settings, string path, bool replace = false, CancellationToken cancellation = default) =>
        InScratchAsync(settings.DatabaseUrl is null ? Made(settings.DataFolder) : Path.GetTempPath(), async scratch =>
        {
            var data = Path.Combine(scratch, "data");
            var manifest = await BackupFile.ReadAsync(path, data, cancellation);
            RequireFits(manifest, settings, path);
            if (manifest.Database == Sqlite)
            {
                await SqliteBackup.CheckAsync(data, manifest, cancellation);
                await SqliteBackup.RestoreAsync(data, DatabaseStart.SqlitePath(settings), replace, cancellation);
            }
            else
            {
                await PostgresRestore.RunAsync(settings, data, manifest, replace, cancellation);
            }
            return manifest;
        });

    private static void RequireFits(BackupManifest manifest, CallAgentSettings settings, string path)
    {
        var target = settings.DatabaseUrl is null ? Sqlite : Postgres;
        if (manifest.Database != target)
        {
            throw new BackupException($"{path} is of a {manifest.Database} database, and this installation's is {target}. Set or unset DATABASE_URL.");
        }
        if (!Schema.Knows(manifest.Migration))
        {
            throw new BackupException($"{path} was made by version {manifest.ProductVersion}, which is newer than this one ({BackupManifest.Product}).");
        }
    }

    private static string Made(string folder) => Directory.CreateDirectory(folder).FullName;

    // Beside where the result goes, so that it fits and can be moved there.
    private static async Task<BackupManifest> InScratchAsync(string folder, Func<string, Task<BackupManifest>> work)
    {
        var scratch = Path.Combine(folder, $".callagent-backup-{Guid.NewGuid():N}");
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(scratch);
            }
            else
            {
                Directory.CreateDirectory(scratch, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
            return await work(scratch);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BackupException($"A file cannot be written or read: {e.Message}");
        }
        finally
        {
            if (Directory.Exists(scratch))
            {
                Directory.Delete(scratch, recursive: true);
            }
        }
    }
}
