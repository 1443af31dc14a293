using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>A sign-in by the old password that is still under way when the password changes comes too late.</summary>
public sealed class OvertakenSignInTests(TestServer server)
{
    [Fact]
    public async Task A_password_that_was_shown_before_it_was_changed_begins_nothing()
    {
        var user = await server.NewUserAsync();
        var shown = (await server.Host.SignIn.WithPasswordAsync(user.Registration.Email, user.Registration.Password)).OrThrow();

        await user.Api.Auth.ChangePasswordAsync(new() { CurrentPassword = user.Registration.Password, NewPassword = "another secret word" });

        Assert.Equal(401, (await Assert.ThrowsAsync<ProblemException>(() => server.Host.SignIn.StartSessionAsync(shown, new(null, null)))).Problem.Status);
        Assert.Equal(401, (await Assert.ThrowsAsync<ProblemException>(() => server.Host.AccessTokens.IssueAsync(shown))).Problem.Status);
    }

    [Fact]
    public async Task A_token_that_is_renewed_while_the_password_changes_ends_with_it()
    {
        for (var time = 0; time < 5; time++)
        {
            var user = await server.NewUserAsync();
            var password = user.Registration.Password;
            var first = await new CallAgentClient(server.Anonymous()).Auth.CreateTokenAsync(new() { Email = user.Registration.Email, Password = password });

            var change = user.Api.Auth.ChangePasswordAsync(new() { CurrentPassword = password, NewPassword = "another secret word" });
            var last = first.RefreshToken;
            while (!change.IsCompleted && (await server.Host.AccessTokens.RefreshAsync(last)) is { Problem: null } next)
            {
                last = next.Value.RefreshToken;
            }
            await change;

            Assert.NotNull((await server.Host.AccessTokens.RefreshAsync(last)).Problem);
        }
    }

    [Fact]
    public async Task A_link_that_was_sent_to_the_old_address_sets_no_password_any_more()
    {
        var user = await server.NewUserAsync();
        var (old, password, address) = (user.Registration.Email, user.Registration.Password, $"new.{Guid.CreateVersion7():N}@example.com");
        await user.Api.Auth.ForgotPasswordAsync(new() { Email = old });
        var reset = await server.Mailbox.TokenAsync(old, "A new password");
        await user.Api.Auth.ChangeEmailAsync(new() { Email = address, Password = password });

        await user.Api.Auth.ConfirmEmailAsync(new() { Token = await server.Mailbox.TokenAsync(address, "Confirm your new") });

        await InvalidAsync("token", () => user.Api.Auth.ResetPasswordAsync(new() { Token = reset, NewPassword = "another secret word" }));
    }
}
