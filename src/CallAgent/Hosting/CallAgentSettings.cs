using System.Security.Cryptography;

namespace CallAgent;

/// <summary>A setting that cannot be used; its message is one line that says which and why.</summary>
public sealed class SettingsException(string message) : Exception(message);

/// <summary>What an installation is told from outside.</summary>
public sealed record CallAgentSettings
{
    /// <summary>Shortest secret in bytes.</summary>
    public const int ShortestSecret = 32;

    /// <summary><c>postgresql://user:password@host:port/database</c>; SQLite in <see cref="DataFolder"/> when absent.</summary>
    public string? DatabaseUrl { get; init; }

    /// <summary>The owner's connection, for migrations and the operator's tool (PostgreSQL).</summary>
    public string? DatabaseAdminUrl { get; init; }

    /// <summary><c>redis://[:password@]host:port</c>; not needed on one node.</summary>
    public string? RedisUrl { get; init; }

    /// <summary>At least 32 bytes; the same on every node.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Where the SQLite database and, in development, the secret are kept.</summary>
    public string DataFolder { get; init; } = "data";

    /// <summary>In development a missing secret is made once and kept.</summary>
    public bool IsDevelopment { get; init; }

    /// <summary>Bring the database up to date at start, also when it is not SQLite.</summary>
    public bool MigrateAtStart { get; init; }

    /// <summary>Reads the environment variables that the README lists.</summary>
    public static CallAgentSettings FromEnvironment(bool isDevelopment) => new()
    {
        DatabaseUrl = Variable("DATABASE_URL"),
        DatabaseAdminUrl = Variable("DATABASE_ADMIN_URL"),
        RedisUrl = Variable("REDIS_URL"),
        SecretKey = Variable("SECRET_KEY"),
        DataFolder = Variable("CALLAGENT_DATA") ?? "data",
        MigrateAtStart = Flag("CALLAGENT_MIGRATE"),
        IsDevelopment = isDevelopment,
    };

    internal Secrets LoadSecrets()
    {
        var key = SecretKey ?? (IsDevelopment
            ? KeptSecret()
            : throw new SettingsException($"SECRET_KEY is not set. Give at least {ShortestSecret} random bytes, for example: openssl rand -base64 48"));
        return System.Text.Encoding.UTF8.GetByteCount(key) >= ShortestSecret
            ? new Secrets(key)
            : throw new SettingsException($"SECRET_KEY is too short: it needs at least {ShortestSecret} bytes.");
    }

    internal void CheckRedis()
    {
        if (RedisUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "redis" or "rediss" && uri.Host.Length > 0))
        {
            throw new SettingsException("REDIS_URL is not of the form redis://[:password@]host:port.");
        }
    }

    /// <summary>Makes the data folder and proves that files can be made in it.</summary>
    internal void RequireFolder()
    {
        try
        {
            MakeFolder(DataFolder);
            using var probe = new FileStream(
                Path.Combine(DataFolder, $".{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"CALLAGENT_DATA: the folder {Path.GetFullPath(DataFolder)} cannot be written. {e.Message}");
        }
    }

    // What is in it is everybody's data: a new one is the server's alone.
    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows() || Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private string KeptSecret()
    {
        var path = Path.Combine(DataFolder, "secret.key");
        RequireFolder();
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }
            using var file = new FileStream(path, options);
            using var writer = new StreamWriter(file);
            writer.Write(Convert.ToBase64String(RandomNumberGenerator.GetBytes(48)));
        }
        catch (IOException) when (File.Exists(path))
        {
            // Made by an earlier start.
        }
        return File.ReadAllText(path).Trim();
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static bool Flag(string name) => Variable(name)?.ToLowerInvariant() switch
    {
        null or "false" or "0" => false,
        "true" or "1" => true,
        _ => throw new SettingsException($"{name} must be true or false."),
    };
}
