using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using MimeKit;

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

    /// <summary>Multiplies every rate limit of the server; zero turns them off.</summary>
    public double RateLimitFactor { get; init; } = 1;

    /// <summary><c>smtp://[user:password@]host[:port]</c> or <c>smtps://…</c>; without it mails are files in the data folder.</summary>
    public string? SmtpUrl { get; init; }

    /// <summary>The sender of mails, as <c>Name &lt;address&gt;</c>; <c>no-reply</c> at the public address when absent.</summary>
    public string? MailFrom { get; init; }

    /// <summary>The address that people reach the installation at, which links in mails begin with.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Proxies that are believed when they say whom they speak for (<c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c>).</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Other sites whose pages may call the API from a browser, such as <c>https://app.example</c>.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Where requests without TLS are sent to; <c>null</c> when they are answered like others.</summary>
    public Uri? HttpsOnly { get; init; }

    /// <summary>At least 32 bytes; the same on every node.</summary>
    public string? SecretKey { get; init; }

    /// <summary>Secrets of before: what they have signed and sealed is still read.</summary>
    public IReadOnlyList<string> OldSecretKeys { get; init; } = [];

    /// <summary>Where the SQLite database and, in development, the secret are kept.</summary>
    public string DataFolder { get; init; } = "data";

    /// <summary>In development a missing secret is made once and kept.</summary>
    public bool IsDevelopment { get; init; }

    /// <summary>Bring the database up to date at start, also when it is not SQLite.</summary>
    public bool MigrateAtStart { get; init; }

    /// <summary>How many days entries of the audit log are kept; at least 30.</summary>
    public int AuditDays { get; init; } = 400;

    /// <summary>Reads the environment variables that the README lists.</summary>
    public static CallAgentSettings FromEnvironment(bool isDevelopment) => new()
    {
        DatabaseUrl = Variable("DATABASE_URL"),
        DatabaseAdminUrl = Variable("DATABASE_ADMIN_URL"),
        RedisUrl = Variable("REDIS_URL"),
        RateLimitFactor = Number("CALLAGENT_RATE_LIMIT_FACTOR", 1, most: 1_000_000),
        SmtpUrl = Variable("SMTP_URL"),
        MailFrom = Variable("MAIL_FROM"),
        PublicUrl = Variable("PUBLIC_URL") ?? OwnAddress(Variable("ASPNETCORE_URLS")),
        TrustedProxies = [.. Variables("TRUSTED_PROXIES", v => Networks.Parse(v) is not null, "an address such as 192.0.2.7 or a network such as 192.0.2.0/24")
            .Select(v => Networks.Parse(v)!.Value)],
        CorsOrigins = Variables("CORS_ORIGINS", IsOrigin, "an origin such as https://app.example"),
        HttpsOnly = Flag("HTTPS_ONLY") ? HttpsAddress(Variable("PUBLIC_URL")) : null,
        SecretKey = Variable("SECRET_KEY"),
        OldSecretKeys = Variables("SECRET_KEY_FALLBACKS"),
        DataFolder = Variable("CALLAGENT_DATA") ?? "data",
        MigrateAtStart = Flag("CALLAGENT_MIGRATE"),
        AuditDays = WholeNumber("CALLAGENT_AUDIT_DAYS") ?? 400,
        IsDevelopment = isDevelopment,
    };

    internal Secrets LoadSecrets()
    {
        var key = SecretKey ?? (IsDevelopment
            ? KeptSecret()
            : throw new SettingsException($"SECRET_KEY is not set. Give at least {ShortestSecret} random bytes, for example: openssl rand -base64 48"));
        // Never with the value: this is printed.
        return !IsLongEnough(key) ? throw new SettingsException($"SECRET_KEY is too short: it needs at least {ShortestSecret} bytes.")
            : !OldSecretKeys.All(IsLongEnough) ? throw new SettingsException($"SECRET_KEY_FALLBACKS: every one needs at least {ShortestSecret} bytes, with commas between.")
            : new Secrets(key, OldSecretKeys);
    }

    private static bool IsLongEnough(string secret) => System.Text.Encoding.UTF8.GetByteCount(secret) >= ShortestSecret;

    /// <summary>Refuses what this start would not use, or not as it is meant.</summary>
    /// <exception cref="SettingsException">One of the settings cannot be used; the message says which and why.</exception>
    public void Check()
    {
        if (DatabaseAdminUrl is { } admin)
        {
            _ = CallAgent.DatabaseUrl.Parse("DATABASE_ADMIN_URL", admin);
            if (DatabaseUrl is null)
            {
                throw new SettingsException("DATABASE_ADMIN_URL is set, but DATABASE_URL is not. Set both, or neither for SQLite.");
            }
        }
        if (RedisUrl is { } url && !(Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "redis" or "rediss" && uri.Host.Length > 0))
        {
            throw new SettingsException("REDIS_URL is not of the form redis://[:password@]host:port.");
        }
        CheckAuditDays("CALLAGENT_AUDIT_DAYS", AuditDays);
    }

    /// <exception cref="SettingsException">What <paramref name="name"/> says cannot be how long the audit log is kept.</exception>
    public static void CheckAuditDays(string name, int days)
    {
        if (days is < AuditRetention.ShortestDays or > 36_500)
        {
            throw new SettingsException($"{name} must be a number of days from {AuditRetention.ShortestDays} to 36500.");
        }
    }

    /// <summary>The public address with a path that ends in a slash, so that pages can be named relative to it.</summary>
    internal Uri PublicAddress()
    {
        var text = PublicUrl ?? "http://localhost:5000";
        return Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url)
            && url is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" }
            ? url
            : throw new SettingsException("PUBLIC_URL is not of the form https://host[:port][/path].");
    }

    internal MailboxAddress Sender() => MailFrom is not { } from
        ? new MailboxAddress("CallAgent", $"no-reply@{PublicAddress().IdnHost}")
        : MailboxAddress.TryParse(from, out var address) && Emails.Normalise(address.Address) is not null
            ? address
            : throw new SettingsException("MAIL_FROM is not of the form Name <address>.");

    internal IMailDelivery Delivery(ILogger log) =>
        SmtpUrl is { } url ? SmtpDelivery.Parse(url) : new FileDelivery(Path.Combine(DataFolder, "mail"), log);

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

    // What is listened on at all addresses is reached at none of that name.
    private static string? OwnAddress(string? urls) => urls?.Split(';', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault()?
        .Replace("://*", "://localhost", StringComparison.Ordinal)
        .Replace("://+", "://localhost", StringComparison.Ordinal)
        .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal)
        .Replace("://[::]", "://localhost", StringComparison.Ordinal);

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static string[] Variables(string name) => Variable(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static string[] Variables(string name, Func<string, bool> isRight, string form)
    {
        var values = Variables(name);
        return values.FirstOrDefault(v => !isRight(v)) is { } wrong ? throw new SettingsException($"{name}: \"{wrong}\" is not {form}.") : values;
    }

    // As browsers write it: lower case, without a path or a port that goes without saying.
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == text;

    private static Uri HttpsAddress(string? publicUrl) =>
        Uri.TryCreate(publicUrl, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps
            ? url
            : throw new SettingsException("HTTPS_ONLY needs a PUBLIC_URL that begins with https://, to send people to.");

    private static double Number(string name, double byDefault, double most) => Variable(name) is not { } text
        ? byDefault
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : throw new SettingsException(string.Create(CultureInfo.InvariantCulture, $"{name} must be a number from 0 to {most}."));

    private static int? WholeNumber(string name) => Variable(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new SettingsException($"{name} must be a whole number.");

    private static bool Flag(string name) => Variable(name)?.ToLowerInvariant() switch
    {
        null or "false" or "0" => false,
        "true" or "1" => true,
        _ => throw new SettingsException($"{name} must be true or false."),
    };
}
