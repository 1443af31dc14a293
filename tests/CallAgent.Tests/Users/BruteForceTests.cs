using System.Net;
using System.Net.Http.Json;
using CallAgent.Client;
using Microsoft.Extensions.Time.Testing;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>Guessing is slow, and the owner still gets in (S-10, S-11).</summary>
public sealed class BruteForceTests(TestServer server)
{
    [Fact]
    public async Task Many_guesses_at_once_get_a_handful_of_answers_and_the_rest_must_wait()
    {
        var user = await server.NewUserAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => GuessAsync(user.Registration.Email, $"guess {n}")));

        Assert.InRange(answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized), 5, 7);
        var refused = answers.Where(a => a.StatusCode == HttpStatusCode.TooManyRequests).ToList();
        Assert.Equal(40, refused.Count + answers.Count(a => a.StatusCode == HttpStatusCode.Unauthorized));
        Assert.All(refused, a => Assert.True(a.Headers.RetryAfter?.Delta > TimeSpan.Zero));
        Assert.Equal("/problems/too-many-tries", (await refused[0].ProblemAsync(429)).Type);
    }

    [Fact]
    public async Task An_unknown_address_is_slowed_down_exactly_like_a_known_one()
    {
        var user = await server.NewUserAsync();
        var unknown = $"{Guid.CreateVersion7():N}@example.com";

        for (var n = 0; n < 7; n++)
        {
            var (known, none) = (await GuessAsync(user.Registration.Email, "guess"), await GuessAsync(unknown, "guess"));
            Assert.Equal(known.StatusCode, none.StatusCode);
        }
    }

    [Fact]
    public async Task The_owner_gets_in_from_a_browser_that_is_known_while_strangers_guess()
    {
        var user = await server.NewUserAsync();
        var (own, login) = (new CallAgentClient(server.CreateClient()), new Login { Email = user.Registration.Email, Password = "password123" });
        await own.Auth.LoginAsync(login);
        await own.Auth.LogoutAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => GuessAsync(login.Email, $"guess {n}")));
        await RefusedAsync(429, () => new CallAgentClient(server.Anonymous()).Auth.LoginAsync(login));

        await own.Auth.LoginAsync(login);

        Assert.Equal(user.Id, (await own.Auth.GetProfileAsync()).Id);
        // The cookie is of that member alone: another's browser is a stranger here.
        var other = await server.NewUserAsync();
        var theirs = new CallAgentClient(server.CreateClient());
        await theirs.Auth.LoginAsync(new() { Email = other.Registration.Email, Password = "password123" });
        await Task.WhenAll(Enumerable.Range(0, 20).Select(n => GuessAsync(login.Email, $"guess {n}")));
        await RefusedAsync(429, () => theirs.Auth.LoginAsync(login));
    }

    [Fact]
    public async Task Codes_and_the_password_of_a_stolen_session_are_not_guessed_either()
    {
        var user = await server.NewUserAsync();
        var secret = (await user.Api.TwoFactor.BeginAsync(new() { Password = "password123" })).Secret;
        await user.Api.TwoFactor.ConfirmAsync(new() { Code = Authenticator.Code(secret) });

        var codes = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => user.SendAsync("POST", "/api/two-factor/off", $$"""{"code":"{{n:000000}}"}""")));
        var passwords = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => user.SendAsync("POST", "/api/members/leave", $$"""{"password":"guess {{n}}"}""")));

        Assert.InRange(codes.Count(a => a.StatusCode == HttpStatusCode.BadRequest), 4, 7);
        Assert.InRange(passwords.Count(a => a.StatusCode == HttpStatusCode.BadRequest), 4, 7);
        var reasons = (await server.AuditAsync(user)).Where(e => e.Action == "sign_in.fail").Select(e => e.Details["reason"].GetString()).Distinct().Order();
        Assert.Equal(["wrong-code", "wrong-password"], reasons);
    }

    [Fact]
    public async Task Who_has_a_network_of_IPv6_has_the_tries_of_one_address()
    {
        var network = $"2001:db8:{Random.Shared.Next(0x10000):x}:{Random.Shared.Next(0x10000):x}";
        var refused = 0;
        for (var n = 1; n <= 60 && refused == 0; n++)
        {
            var tried = await server.Host.SignIn.WithPasswordAsync($"{Guid.CreateVersion7():N}@example.com", "guess", new(null, $"{network}::{n:x}"));
            refused = tried.Problem?.Status == 429 ? n : 0;
        }

        Assert.InRange(refused, 51, 60);
    }

    [Fact]
    public void The_wait_doubles_to_a_quarter_of_an_hour_and_is_forgotten_in_time()
    {
        var clock = new FakeTimeProvider();
        var throttle = new SignInThrottle(clock);
        var waits = new List<double>();
        for (var n = 0; n < 20; n++)
        {
            var before = clock.GetUtcNow();
            while (throttle.Try("x") is { RetryAfterSeconds: { } wait })
            {
                clock.Advance(TimeSpan.FromSeconds(wait));
            }
            waits.Add((clock.GetUtcNow() - before).TotalSeconds);
        }

        Assert.Equal([0, 0, 0, 0, 0, 1, 2, 4, 8, 16], waits.Take(10));
        Assert.Equal(900, waits[^1]);
        throttle.Forgive("x");
        Assert.Null(throttle.Try("x"));
        Assert.Null(throttle.Try("x"));
    }

    [Fact]
    public void An_address_gets_back_the_try_that_was_right()
    {
        var throttle = new SignInThrottle(new FakeTimeProvider());
        for (var n = 0; n < 500; n++)
        {
            Assert.Null(throttle.Try("office", 50));
            throttle.TakeBack("office");
        }
    }

    private Task<HttpResponseMessage> GuessAsync(string email, string password) =>
        server.Anonymous().PostAsJsonAsync("/api/auth/login", new Login { Email = email, Password = password }, CallAgentJson.Lenient);
}
