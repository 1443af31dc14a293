using System.Net;
using CallAgent.Client;
using Microsoft.Extensions.Time.Testing;

namespace CallAgent.Tests;

/// <summary>A server whose rates are a tenth: 60 a minute and 10 at once on the free plan, on a clock that stands.</summary>
public sealed class SlowServer : TestServer
{
    public SlowServer() => (Clock, RateLimitFactor) = (Time, 0.1);

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(56));
}

public sealed class RateLimitTests(SlowServer server) : IClassFixture<SlowServer>
{
    [Fact]
    public async Task Every_answer_says_how_it_stands()
    {
        var user = await SignedInAsync();
        using var answer = await user.GetAsync("/api/usage");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("\"user\";q=70;w=60", Header(answer, "RateLimit-Policy"));
        Assert.Equal("\"user\";r=9;t=1", Header(answer, "RateLimit"));
    }

    [Fact]
    public async Task Too_many_are_refused_until_the_time_that_was_said()
    {
        var user = await SignedInAsync();
        for (var n = 0; n < 10; n++)
        {
            using var answer = await user.GetAsync("/api/usage");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        using (var refused = await user.GetAsync("/api/usage"))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Equal("1", Header(refused, "Retry-After"));
            Assert.Equal("\"user\";r=0;t=10", Header(refused, "RateLimit"));
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
            Assert.Contains("rate-limited", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        server.Time.Advance(TimeSpan.FromSeconds(1));
        using var again = await user.GetAsync("/api/usage");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Fact]
    public async Task Another_user_is_not_held_up()
    {
        var (loud, calm) = (await SignedInAsync(), await SignedInAsync());
        await UseUpAsync(loud, "/api/usage");
        using var answer = await calm.GetAsync("/api/usage");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_key_leaves_room_for_the_people()
    {
        server.Time.Advance(TimeSpan.FromMinutes(1));
        var user = await server.NewUserAsync();
        var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "Dialer" });
        server.Time.Advance(TimeSpan.FromMinutes(1));
        using var dialer = server.Anonymous();
        dialer.DefaultRequestHeaders.Add("X-API-Key", key.Key);
        // 45 a minute of the user's 60, seven at once of ten.
        Assert.Equal(7, await UseUpAsync(dialer, "/api/usage"));
        using var answer = await user.Http.GetAsync("/api/usage");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Strangers_are_counted_by_address_and_probes_and_files_are_not()
    {
        server.Time.Advance(TimeSpan.FromMinutes(1));
        using var stranger = server.Anonymous();
        await UseUpAsync(stranger, "/sign-in");
        using (var page = await stranger.GetAsync("/sign-in"))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, page.StatusCode);
            Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        }
        foreach (var free in new[] { "/health/live", "/health/ready", "/favicon.svg" })
        {
            using var answer = await stranger.GetAsync(free);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        server.Time.Advance(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_wrong_key_counts_against_the_address()
    {
        server.Time.Advance(TimeSpan.FromMinutes(1));
        using var guesser = server.Anonymous();
        guesser.DefaultRequestHeaders.Add("X-API-Key", "ca_live_nothing");
        var guesses = 0;
        for (; guesses < 100; guesses++)
        {
            using var answer = await guesser.GetAsync("/api/usage");
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                break;
            }
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
        Assert.InRange(guesses, 1, 10);
        server.Time.Advance(TimeSpan.FromMinutes(1));
    }

    // Registering and signing in are the address's requests.
    private async Task<HttpClient> SignedInAsync()
    {
        server.Time.Advance(TimeSpan.FromMinutes(1));
        return (await server.NewUserAsync(Plan.Free)).Http;
    }

    private static async Task<int> UseUpAsync(HttpClient http, string path)
    {
        for (var let = 0; let < 100; let++)
        {
            using var answer = await http.GetAsync(path);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                return let;
            }
        }
        throw new InvalidOperationException("Nobody was refused.");
    }

    private static string Header(HttpResponseMessage answer, string name) => Assert.Single(answer.Headers.GetValues(name));
}
