using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace CallAgent;

/// <summary>How a finished message leaves the installation.</summary>
internal interface IMailDelivery
{
    /// <param name="message">A finished one.</param>
    /// <param name="userId">The user that it is about.</param>
    /// <param name="cancellation">Gives up.</param>
    Task DeliverAsync(MimeMessage message, Guid userId, CancellationToken cancellation);

    /// <summary>Erases the messages about a user, where they are kept.</summary>
    void Forget(Guid userId);
}

/// <summary>Hands messages to a mail server.</summary>
internal sealed class SmtpDelivery : IMailDelivery
{
    private const int TimeoutMilliseconds = 15_000;

    private readonly string host;
    private readonly int port;
    private readonly SecureSocketOptions security;
    private readonly (string User, string Password)? credentials;

    private SmtpDelivery(Uri url)
    {
        var isTls = url.Scheme == "smtps";
        var parts = url.UserInfo.Split(':', 2);
        credentials = parts is [{ Length: > 0 } user, var password] ? (Uri.UnescapeDataString(user), Uri.UnescapeDataString(password)) : null;
        (host, port) = (url.IdnHost.Trim('[', ']'), url.Port > 0 ? url.Port : UsualPort(url));
        // A password is sent in the clear to this machine only.
        security = isTls ? SecureSocketOptions.SslOnConnect
            : credentials is null || url.IsLoopback ? SecureSocketOptions.StartTlsWhenAvailable
            : SecureSocketOptions.StartTls;
    }

    /// <exception cref="SettingsException">The setting is not of that form.</exception>
    public static SmtpDelivery Parse(string setting) =>
        Uri.TryCreate(setting, UriKind.Absolute, out var url) && url is { Scheme: "smtp" or "smtps", Host.Length: > 0, AbsolutePath: "" or "/", Query: "" }
            && (url.UserInfo.Length == 0 || url.UserInfo.Contains(':'))
            ? new(url)
            : throw new SettingsException("SMTP_URL is not of the form smtp://[user:password@]host[:port] or smtps://[user:password@]host[:port].");

    /// <summary>Where programs hand in mails when the setting names no port (RFC 8314).</summary>
    internal static int UsualPort(Uri url) => url.Scheme == "smtps" ? 465 : 587;

    public async Task DeliverAsync(MimeMessage message, Guid userId, CancellationToken cancellation)
    {
        using var client = new SmtpClient { Timeout = TimeoutMilliseconds };
        await client.ConnectAsync(host, port, security, cancellation);
        if (credentials is var (user, password))
        {
            await client.AuthenticateAsync(user, password, cancellation);
        }
        await client.SendAsync(message, cancellation);
        await client.DisconnectAsync(quit: true, cancellation);
    }

    /// <summary>What was sent is with those who got it.</summary>
    public void Forget(Guid userId)
    {
    }
}

/// <summary>Writes messages as files that any mail program opens, for a laptop without a mail server.</summary>
internal sealed partial class FileDelivery(string folder, ILogger log) : IMailDelivery
{
    public async Task DeliverAsync(MimeMessage message, Guid userId, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{message.Date.UtcDateTime:yyyyMMdd'T'HHmmss}-{userId:N}-{message.MessageId!.Split('@')[0]}.eml");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows())
        {
            // Its link signs somebody in.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }
        await using (var file = new FileStream(path, options))
        {
            await message.WriteToAsync(file, cancellation);
        }
        LogWritten(path);
    }

    public void Forget(Guid userId)
    {
        foreach (var path in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, $"*-{userId:N}-*.eml") : [])
        {
            try
            {
                File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The account is gone all the same, and its owner is told so.
                LogLeft(path, e.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Error, "A mail of an erased user could not be removed, please do it: {Path}: {Reason}")]
    private partial void LogLeft(string path, string reason);

    [LoggerMessage(LogLevel.Information, "A mail was written to {Path}; set SMTP_URL to have mails sent")]
    private partial void LogWritten(string path);
}
