using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace CallAgent;

/// <summary>Redis and the mail server, greeted in their own protocols.</summary>
internal static class ServiceChecks
{
    private const int RedisPort = 6379;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Task<Finding> RedisAsync(string url, CancellationToken cancellation) =>
        GreetAsync("redis", "REDIS_URL", url, ["redis", "rediss"], _ => RedisPort, RedisPingAsync, cancellation);

    public static Task<Finding> SmtpAsync(string url, CancellationToken cancellation) =>
        GreetAsync("mail", "SMTP_URL", url, ["smtp", "smtps"], SmtpDelivery.UsualPort, SmtpHelloAsync, cancellation);

    private static async Task<Finding> GreetAsync(string check, string setting, string url, string[] schemes, Func<Uri, int> usualPort,
        Func<Uri, Stream, CancellationToken, Task<string?>> greet, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || !schemes.Contains(uri.Scheme) || uri.Host.Length == 0)
        {
            return new(check, Verdict.Wrong, $"{setting} is not of the form {schemes[0]}://user:password@host:port.", "Mend the variable.");
        }
        var port = uri.Port > 0 ? uri.Port : usualPort(uri);
        var place = $"{uri.Host}:{port}";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(uri.DnsSafeHost, port, limit.Token);
            await using var stream = await SecureAsync(client.GetStream(), uri, limit.Token);
            return await greet(uri, stream, limit.Token) is { } refusal
                ? new(check, Verdict.Wrong, $"{place} answers: {refusal}", $"Check user and password of {setting}, and that it is the right server.")
                : new(check, Verdict.Ok, $"{place} answers.");
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            var reason = e is OperationCanceledException ? $"nothing in {Patience.TotalSeconds} s" : e.Message;
            return new(check, Verdict.Wrong, $"{place} does not answer: {reason}", $"Is it running and reachable from here, and is {setting} right?");
        }
    }

    private static async Task<Stream> SecureAsync(Stream stream, Uri uri, CancellationToken cancellation)
    {
        if (uri.Scheme is not ("rediss" or "smtps"))
        {
            return stream;
        }
        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = uri.DnsSafeHost }, cancellation);
        return secure;
    }

    private static async Task<string?> RedisPingAsync(Uri uri, Stream stream, CancellationToken cancellation)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        if (uri.UserInfo.Length > 0)
        {
            var parts = uri.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).Where(p => p.Length > 0);
            if (await AskAsync(stream, reader, Command(["AUTH", .. parts]), cancellation) is not ['+', ..] and var refusal)
            {
                return refusal;
            }
        }
        return await AskAsync(stream, reader, Command(["PING"]), cancellation) is "+PONG" ? null : "not PONG; it may want a password";
    }

    private static async Task<string?> SmtpHelloAsync(Uri uri, Stream stream, CancellationToken cancellation)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        if (await reader.ReadLineAsync(cancellation) is not ['2', '2', '0', ..] and var greeting)
        {
            return greeting ?? "nothing";
        }
        var answer = await AskAsync(stream, reader, "EHLO callagent.invalid\r\n", cancellation);
        await stream.WriteAsync("QUIT\r\n"u8.ToArray(), cancellation);
        return answer is ['2', '5', '0', ..] ? null : answer;
    }

    private static async Task<string> AskAsync(Stream stream, StreamReader reader, string text, CancellationToken cancellation)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
        return await reader.ReadLineAsync(cancellation) ?? "nothing";
    }

    private static string Command(string[] words) => $"*{words.Length}\r\n{string.Concat(words.Select(w => $"${Encoding.UTF8.GetByteCount(w)}\r\n{w}\r\n"))}";
}
