using System.Globalization;

namespace CallAgent;

/// <summary>The secret, the data folder, and who may read what is in it.</summary>
internal static class FileChecks
{
    private const long FewBytes = 1L << 30;
    private const long TooFewBytes = 100L << 20;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private static readonly string[] PrivateFiles = ["secret.key", "callagent.db", "callagent.db-wal"];

    public static IEnumerable<Finding> Examine(CallAgentSettings settings) =>
        [Secret(settings), Folder(settings), Space(settings), .. PrivateFiles.Select(name => Private(Path.Combine(settings.DataFolder, name))).OfType<Finding>()];

    private static Finding Secret(CallAgentSettings settings)
    {
        const string Mend = "Set SECRET_KEY to at least 32 random bytes, the same on every node: openssl rand -base64 48";
        if (settings.SecretKey is not { } key)
        {
            return settings.IsDevelopment
                ? new("secret key", Verdict.Ok, $"SECRET_KEY is not set; in Development {Path.Combine(settings.DataFolder, "secret.key")} serves.")
                : new("secret key", Verdict.Wrong, "SECRET_KEY is not set.", Mend);
        }
        if (System.Text.Encoding.UTF8.GetByteCount(key) is var length && length < CallAgentSettings.ShortestSecret)
        {
            return new("secret key", Verdict.Wrong, $"SECRET_KEY has {length} bytes.", Mend);
        }
        if (settings.OldSecretKeys.Contains(key))
        {
            return new("secret key", Verdict.Warning, "SECRET_KEY is also one of SECRET_KEY_FALLBACKS.", "Take a new SECRET_KEY, or the same secret out of SECRET_KEY_FALLBACKS.");
        }
        return key.Distinct().Count() < 10
            ? new("secret key", Verdict.Warning, "SECRET_KEY repeats a few characters and can be guessed.", Mend)
            : new("secret key", Verdict.Ok, $"SECRET_KEY is long enough{(settings.OldSecretKeys.Count is > 0 and var old ? $"; {old} of before still read" : "")}.");
    }

    private static Finding Folder(CallAgentSettings settings)
    {
        try
        {
            settings.RequireFolder();
            return new("data folder", Verdict.Ok, $"{Path.GetFullPath(settings.DataFolder)} can be written.");
        }
        catch (SettingsException e)
        {
            return new("data folder", Verdict.Wrong, e.Message, "Let the account that runs the server own the folder, or point CALLAGENT_DATA elsewhere.");
        }
    }

    private static Finding Space(CallAgentSettings settings)
    {
        try
        {
            var free = new DriveInfo(Path.GetFullPath(settings.DataFolder)).AvailableFreeSpace;
            var says = string.Create(CultureInfo.InvariantCulture, $"{free / (1024.0 * 1024 * 1024):0.0} GiB are free where {settings.DataFolder} is.");
            return free switch
            {
                < TooFewBytes => new("disk space", Verdict.Wrong, says, "Free some space, or give the data a larger disk: writes fail when it is full."),
                < FewBytes => new("disk space", Verdict.Warning, says, "Free some space before it runs out."),
                _ => new("disk space", Verdict.Ok, says),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new("disk space", Verdict.Warning, $"It could not be read: {e.Message}", "Look by hand: df -h");
        }
    }

    // A private file in a folder that nobody else may enter is private whatever its own mode.
    private static Finding? Private(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
        {
            return null;
        }
        var (file, folder) = (File.GetUnixFileMode(path) & Others, File.GetUnixFileMode(Path.GetDirectoryName(Path.GetFullPath(path))!));
        var name = $"file {Path.GetFileName(path)}";
        if (file == 0 || (folder & (UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) == 0)
        {
            return new(name, Verdict.Ok, "Only its owner can read it.");
        }
        // The key alone lets anybody sign tokens of any user.
        return new(name, path.EndsWith(".key", StringComparison.Ordinal) ? Verdict.Wrong : Verdict.Warning,
            "Other accounts of this machine can read it.", $"chmod 600 {path}, or chmod 700 {Path.GetDirectoryName(path)}");
    }
}
