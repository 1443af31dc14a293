using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using CallAgent.Client;
using Microsoft.EntityFrameworkCore;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class RecoveryTests(TestServer server)
{
    private const string Reset = "new password";
    private const string NewPassword = "a much better one";

    private CallAgentClient Stranger => new(server.Anonymous());

    [Fact]
    public async Task A_mailed_link_sets_a_new_password_once_and_ends_every_session()
    {
        var user = await server.NewUserAsync();
        var email = user.Registration.Email;
        var browser = new CallAgentClient(server.CreateClient());
        await browser.Auth.LoginAsync(new() { Email = email, Password = user.Registration.Password });
        await Stranger.Auth.ForgotPasswordAsync(new() { Email = $" {email.ToUpperInvariant()} " });
        var token = await server.Mailbox.TokenAsync(email, Reset);

        // Known by now, and to be forgotten at once.
        await browser.Auth.GetProfileAsync();

        await Stranger.Auth.ResetPasswordAsync(new() { Token = token, NewPassword = NewPassword });

        await RefusedAsync(401, () => browser.Auth.GetProfileAsync());
        await RefusedAsync(401, () => user.Api.Auth.GetProfileAsync());
        await RefusedAsync(401, () => Stranger.Auth.CreateTokenAsync(new() { RefreshToken = user.Token.RefreshToken }));
        await RefusedAsync(401, () => Stranger.Auth.LoginAsync(new() { Email = email, Password = user.Registration.Password }));
        await browser.Auth.LoginAsync(new() { Email = email, Password = NewPassword });
        Assert.True((await browser.Auth.GetProfileAsync()).EmailVerified);
        await InvalidAsync("token", () => Stranger.Auth.ResetPasswordAsync(new() { Token = token, NewPassword = "yet another one" }));
        await server.Mailbox.ReadAsync(email, "was changed");
    }

    [Fact]
    public async Task Of_many_at_once_one_sets_the_password_and_its_like_end_with_it()
    {
        var user = await server.NewUserAsync();
        var email = user.Registration.Email;
        await Stranger.Auth.ForgotPasswordAsync(new() { Email = email });
        var first = await server.Mailbox.TokenAsync(email, Reset);
        await Stranger.Auth.ForgotPasswordAsync(new() { Email = email });
        var second = await server.Mailbox.TokenAsync(email, Reset, 2);

        var tries = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => server.Anonymous().PostAsJsonAsync(
            "/api/auth/password/reset", new ResetPassword { Token = first, NewPassword = $"password number {n}" }, CallAgentJson.Lenient)));

        Assert.Single(tries, t => t.StatusCode == HttpStatusCode.NoContent);
        Assert.All(tries.Where(t => !t.IsSuccessStatusCode), t => Assert.Equal(HttpStatusCode.BadRequest, t.StatusCode));
        await InvalidAsync("token", () => Stranger.Auth.ResetPasswordAsync(new() { Token = second, NewPassword = NewPassword }));
    }

    [Fact]
    public async Task Unknown_addresses_get_the_same_answer_in_the_same_time_and_no_mail()
    {
        var user = await server.NewUserAsync();
        var unknown = $"{Guid.CreateVersion7():N}@example.com";
        var times = new Dictionary<string, List<double>> { [user.Registration.Email] = [], [unknown] = [] };
        var answers = new HashSet<(HttpStatusCode, string)>();
        var http = server.Anonymous();
        for (var n = 0; n < 60; n++)
        {
            foreach (var (email, taken) in times)
            {
                var watch = Stopwatch.StartNew();
                using var answer = await http.PostAsJsonAsync("/api/auth/password/forgot", new ForgotPassword { Email = email }, CallAgentJson.Lenient);
                answers.Add((answer.StatusCode, await answer.Content.ReadAsStringAsync()));
                taken.Add(watch.Elapsed.TotalMilliseconds);
            }
        }

        Assert.Equal(HttpStatusCode.Accepted, Assert.Single(answers).Item1);
        var medians = times.Values.Select(t => t.Order().ElementAt(30)).ToList();
        // Wide for a busy machine; a look-up in the request would be several times this.
        Assert.True(medians.Max() < (medians.Min() * 1.5) + 0.5, $"{medians[0]:0.00} and {medians[1]:0.00} ms");
        await server.Mailbox.ReadAsync(user.Registration.Email, Reset, 3);
        Assert.Empty(server.Mailbox.Received(unknown));
        await InvalidAsync("email", () => Stranger.Auth.ForgotPasswordAsync(new() { Email = "no address" }));
    }

    [Fact]
    public async Task Nobody_fills_a_mailbox_by_asking()
    {
        var user = await server.NewUserAsync();
        for (var n = 0; n < 8; n++)
        {
            await Stranger.Auth.ForgotPasswordAsync(new() { Email = user.Registration.Email });
        }
        await server.Mailbox.ReadAsync(user.Registration.Email, Reset, 3);

        // Another's mail comes after the last of those, because they are written in order.
        var other = await server.NewUserAsync();
        await Stranger.Auth.ForgotPasswordAsync(new() { Email = other.Registration.Email });
        await server.Mailbox.ReadAsync(other.Registration.Email, Reset);

        Assert.Equal(3, server.Mailbox.Received(user.Registration.Email).Count(m => m.Subject!.Contains(Reset, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_link_ends_after_half_an_hour_and_serves_only_its_purpose()
    {
        var user = await server.NewUserAsync();
        var verify = await server.Mailbox.TokenAsync(user.Registration.Email, "confirm");
        await InvalidAsync("token", () => Stranger.Auth.ResetPasswordAsync(new() { Token = verify, NewPassword = NewPassword }));
        await InvalidAsync("token", () => Stranger.Auth.ConfirmEmailAsync(new() { Token = verify }));
        await using (var db = server.Host.Database.Open(TenantScope.Of(user.Id)))
        {
            var token = db.MailedTokens.Single();
            Assert.Equal(TimeSpan.FromMinutes(30), token.ExpiresAt - token.CreatedAt);
            Assert.Equal(Secrets.Hash(verify), token.Hash);
            await db.MailedTokens.ExecuteUpdateAsync(s => s.SetProperty(t => t.ExpiresAt, t => t.CreatedAt));
        }

        await InvalidAsync("token", () => Stranger.Auth.VerifyEmailAsync(new() { Token = verify }));

        Assert.False((await user.Api.Auth.GetProfileAsync()).EmailVerified);
        await user.Api.Auth.SendVerificationAsync();
        await Stranger.Auth.VerifyEmailAsync(new() { Token = await server.Mailbox.TokenAsync(user.Registration.Email, "confirm", 2) });
        Assert.True((await user.Api.Auth.GetProfileAsync()).EmailVerified);
    }

    [Fact]
    public async Task An_address_changes_when_the_new_one_confirms_and_both_are_told()
    {
        var user = await server.NewUserAsync();
        var (old, next) = (user.Registration.Email, $"{Guid.CreateVersion7():N}@example.com");
        await InvalidAsync("password", () => user.Api.Auth.ChangeEmailAsync(new() { Email = next, Password = "guess" }));
        await user.Api.Auth.ChangeEmailAsync(new() { Email = next, Password = "password123" });
        Assert.Contains(next, (await server.Mailbox.ReadAsync(old, "about to be changed")).TextBody, StringComparison.Ordinal);
        Assert.Equal(old, (await user.Api.Auth.GetProfileAsync()).Email);

        await Stranger.Auth.ConfirmEmailAsync(new() { Token = await server.Mailbox.TokenAsync(next, "confirm") });

        var profile = await user.Api.Auth.GetProfileAsync();
        Assert.Equal((next, true), (profile.Email, profile.EmailVerified));
        await server.Mailbox.ReadAsync(old, "was changed");
        await server.Mailbox.ReadAsync(next, "was changed");
        await Stranger.Auth.LoginAsync(new() { Email = next, Password = "password123" });
        await RefusedAsync(401, () => Stranger.Auth.LoginAsync(new() { Email = old, Password = "password123" }));
    }

    [Fact]
    public async Task That_an_address_is_taken_is_said_only_to_whoever_reads_it()
    {
        var (user, other) = (await server.NewUserAsync(), await server.NewUserAsync());
        await user.Api.Auth.ChangeEmailAsync(new() { Email = other.Registration.Email, Password = "password123" });
        var token = await server.Mailbox.TokenAsync(other.Registration.Email, "new e-mail");

        Assert.Equal("/problems/email-taken", (await RefusedAsync(409, () => Stranger.Auth.ConfirmEmailAsync(new() { Token = token }))).Type);

        Assert.Equal(user.Registration.Email, (await user.Api.Auth.GetProfileAsync()).Email);
    }

    [Fact]
    public async Task A_new_password_stops_a_change_of_address_that_is_under_way()
    {
        var user = await server.NewUserAsync();
        var next = $"{Guid.CreateVersion7():N}@example.com";
        await user.Api.Auth.ChangeEmailAsync(new() { Email = next, Password = "password123" });
        var token = await server.Mailbox.TokenAsync(next, "confirm");

        await user.Api.Auth.ChangePasswordAsync(new() { CurrentPassword = "password123", NewPassword = NewPassword });

        await InvalidAsync("token", () => Stranger.Auth.ConfirmEmailAsync(new() { Token = token }));
    }

    [Fact]
    public async Task A_password_that_was_forgotten_and_set_anew_stops_a_change_of_address_that_is_under_way()
    {
        var user = await server.NewUserAsync();
        var (old, next) = (user.Registration.Email, $"{Guid.CreateVersion7():N}@example.com");
        await user.Api.Auth.ChangeEmailAsync(new() { Email = next, Password = "password123" });
        var token = await server.Mailbox.TokenAsync(next, "confirm");
        await Stranger.Auth.ForgotPasswordAsync(new() { Email = old });

        await Stranger.Auth.ResetPasswordAsync(new() { Token = await server.Mailbox.TokenAsync(old, "password"), NewPassword = NewPassword });

        await InvalidAsync("token", () => Stranger.Auth.ConfirmEmailAsync(new() { Token = token }));
    }

    [Fact]
    public async Task Many_who_ask_at_once_do_not_fill_a_mailbox()
    {
        var user = await server.NewUserAsync();

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => user.Api.Auth.SendVerificationAsync()));

        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        Assert.Equal(3, await db.MailedTokens.CountAsync());
    }
}
