using System.Globalization;
using Microsoft.AspNetCore.StaticAssets;

namespace CallAgent.Server;

/// <summary>
/// Holds every request to its quotas and says in the answer how much is left: headers <c>RateLimit</c> and
/// <c>RateLimit-Policy</c> (draft-ietf-httpapi-ratelimit-headers-10), and 429 with <c>Retry-After</c>.
/// </summary>
internal static class RateLimits
{
    /// <summary>For the API's document.</summary>
    public static Problem Example { get; } = Refusal([new(Quota.Of("user", 600), TimeSpan.FromSeconds(1), 0)]);

    public static IServiceCollection AddRateLimits(this IServiceCollection services, CallAgentSettings settings)
    {
        settings.Check();
        if (settings.RateLimitFactor == 0)
        {
            return services;
        }
        return services
            .AddSingleton(new RequestQuotas(settings.RateLimitFactor))
            .AddSingleton(provider => new RateLimiter(
                new LocalBuckets(provider.GetService<TimeProvider>() ?? TimeProvider.System),
                settings.RedisUrl is { } url ? new RedisBuckets(url, RedisBuckets.Patience, provider.GetRequiredService<ILogger<RedisBuckets>>()) : null));
    }

    /// <summary>After sign-in, which says whose request it is, and before anything that costs.</summary>
    public static void UseRateLimits(this IApplicationBuilder app)
    {
        if (app.ApplicationServices.GetService<RateLimiter>() is not { } limiter)
        {
            return;
        }
        var quotas = app.ApplicationServices.GetRequiredService<RequestQuotas>();
        app.Use(async (context, next) =>
        {
            if (IsFree(context))
            {
                await next(context);
                return;
            }
            var standings = await limiter.TakeAsync(quotas.Of(context));
            // At the start of the answer: the handler of exceptions empties what was set before.
            context.Response.OnStarting(() =>
            {
                Describe(context.Response.Headers, standings);
                return Task.CompletedTask;
            });
            if (standings.All(s => s.IsAllowed))
            {
                await next(context);
                return;
            }
            await PageRoutes.Answer(context, Refusal(standings)).ExecuteAsync(context);
        });
    }

    // Files cost the database nothing, and a page asks for several.
    private static bool IsFree(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null;

    private static Problem Refusal(Standing[] standings)
    {
        var worst = standings.MaxBy(s => s.Wait);
        var seconds = Seconds(worst.Wait.TotalMicroseconds);
        return new("rate-limited", 429, "Too many requests",
            $"This {worst.Quota.Name} may make {worst.Quota.PerMinute} requests a minute, {worst.Quota.Burst} of them at once. Wait {seconds} s.")
        {
            RetryAfterSeconds = seconds,
        };
    }

    private static void Describe(IHeaderDictionary headers, Standing[] standings)
    {
        headers["RateLimit-Policy"] = string.Join(", ", standings.Select(s =>
            string.Create(CultureInfo.InvariantCulture, $"\"{s.Quota.Name}\";q={s.Quota.MostInWindow};w={(int)Quota.Window.TotalSeconds}")));
        headers["RateLimit"] = string.Join(", ", standings.Select(s =>
            string.Create(CultureInfo.InvariantCulture, $"\"{s.Quota.Name}\";r={s.Remaining};t={Seconds(s.Level)}")));
    }

    private static int Seconds(double microseconds) => (int)Math.Ceiling(microseconds / 1_000_000);
}
