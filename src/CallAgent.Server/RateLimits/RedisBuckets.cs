using System.Globalization;
using StackExchange.Redis;

namespace CallAgent.Server;

/// <summary>
/// The counts that all nodes share, in Redis: one script a request, by Redis' clock. When it does not answer in time it is
/// left alone, and looked after in the background until it answers again.
/// </summary>
internal sealed partial class RedisBuckets : IAsyncDisposable
{
    /// <summary>How long a request waits for Redis, once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // Gcra.Take for every key, and all or nothing. Numbers are written out: Lua would round them to 14 digits.
    private const string Script = """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local answer, next, allowed = {}, {}, true
        for i, key in ipairs(KEYS) do
            local interval, tolerance = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
            local due = tonumber(redis.call('GET', key) or now)
            due = math.min(math.max(due, now), now + tolerance)
            next[i] = due + interval
            local early = next[i] - tolerance - now
            if early > 1 then
                allowed = false
                answer[2 * i - 1], answer[2 * i] = string.format('%.0f', math.ceil(early)), string.format('%.0f', due - now)
            else
                answer[2 * i - 1], answer[2 * i] = '0', string.format('%.0f', next[i] - now)
            end
        end
        if allowed then
            for i, key in ipairs(KEYS) do
                redis.call('SET', key, string.format('%.2f', next[i]), 'PX', math.ceil((next[i] - now) / 1000) + 1)
            end
        end
        return answer
        """;

    private readonly ConfigurationOptions options;
    private readonly ILogger<RedisBuckets> logger;
    private readonly TimeSpan patience;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task care;
    private ConnectionMultiplexer? connection;
    private volatile bool answers;

    public RedisBuckets(string url, TimeSpan patience, ILogger<RedisBuckets> logger)
    {
        (options, this.patience, this.logger) = (Parse(new Uri(url)), patience, logger);
        // What is waited for by nobody need not be kept for long.
        options.AsyncTimeout = Math.Max(1_000, (int)patience.TotalMilliseconds);
        care = CareAsync();
    }

    /// <summary>Whether it answered last.</summary>
    public bool Answers => answers;

    /// <summary>Takes one request from every count, or from none when one refuses; <c>null</c> when Redis does not answer.</summary>
    public async Task<Standing[]?> TakeAsync(IReadOnlyList<Bucket> buckets)
    {
        if (!answers || connection is not { } redis)
        {
            return null;
        }
        var (keys, values) = (new RedisKey[buckets.Count], new RedisValue[buckets.Count * 2]);
        for (var i = 0; i < buckets.Count; i++)
        {
            keys[i] = Name(buckets[i].Key);
            values[2 * i] = buckets[i].Quota.Interval.ToString("R", CultureInfo.InvariantCulture);
            values[2 * i + 1] = buckets[i].Quota.Tolerance.ToString("R", CultureInfo.InvariantCulture);
        }
        try
        {
            var answer = (string[])(await redis.GetDatabase().ScriptEvaluateAsync(Script, keys, values).WaitAsync(patience))!;
            return [.. buckets.Select((b, i) => new Standing(b.Quota, TimeSpan.FromMicroseconds(Number(answer[2 * i])), Number(answer[2 * i + 1])))];
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            GiveUp(e);
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await care;
        if (connection is not null)
        {
            await connection.DisposeAsync();
        }
        stopping.Dispose();
    }

    /// <summary><c>redis://[user:password@]host[:port][/database]</c>, or <c>rediss</c> for TLS.</summary>
    internal static ConfigurationOptions Parse(Uri url)
    {
        var sign = url.UserInfo.Split(':', 2);
        return new()
        {
            EndPoints = { { url.Host, url.IsDefaultPort || url.Port < 0 ? 6379 : url.Port } },
            Ssl = url.Scheme == "rediss",
            User = sign[0].Length > 0 ? Uri.UnescapeDataString(sign[0]) : null,
            Password = sign.Length > 1 ? Uri.UnescapeDataString(sign[1]) : null,
            DefaultDatabase = int.TryParse(url.AbsolutePath.Trim('/'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0,
            AbortOnConnectFail = false,
            ConnectTimeout = 1_000,
            // What is asked while nobody answers is answered locally, not kept to be asked later.
            BacklogPolicy = BacklogPolicy.FailFast,
            ClientName = "callagent",
        };
    }

    // The braces keep the counts of one owner on one node of a Redis cluster.
    private static string Name(BucketKey key) =>
        $"callagent:rate:{{{(key.IsAddress ? "address-" : "")}{key.Owner:N}}}{(key.Part == Guid.Empty ? "" : $":{key.Part:N}")}";

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private async Task CareAsync()
    {
        while (!stopping.IsCancellationRequested)
        {
            if (!answers)
            {
                await LookAsync();
            }
            await Task.Delay(Pause, stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private async Task LookAsync()
    {
        try
        {
            connection ??= await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(TimeSpan.FromSeconds(5), stopping.Token);
            await connection.GetDatabase().PingAsync().WaitAsync(patience, stopping.Token);
            answers = true;
            LogAnswers();
        }
        catch (Exception e) when (e is RedisException or TimeoutException or OperationCanceledException or ObjectDisposedException)
        {
            // Looked at again after the pause.
        }
    }

    private void GiveUp(Exception reason)
    {
        if (answers)
        {
            answers = false;
            LogSilent(reason.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Rate limits are shared through Redis")]
    private partial void LogAnswers();

    [LoggerMessage(LogLevel.Warning, "Redis does not answer; this node holds to the rate limits by itself until it does. {Reason}")]
    private partial void LogSilent(string reason);
}
