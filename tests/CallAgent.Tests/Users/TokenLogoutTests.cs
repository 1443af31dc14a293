using CallAgent.Client;
using Microsoft.IdentityModel.JsonWebTokens;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>A program that logs out with its access token leaves no refresh token behind.</summary>
public sealed class TokenLogoutTests(TestServer server)
{
    [Fact]
    public async Task Logging_out_ends_the_refresh_tokens_of_this_sign_in_and_of_no_other()
    {
        var user = await server.NewUserAsync();
        var (here, there) = (await SignInAsync(user), await SignInAsync(user));
        var next = await user.Api.Auth.CreateTokenAsync(new() { RefreshToken = here.RefreshToken });

        Assert.Contains("refresh token has ended", (await Api(next).Auth.LogoutAsync()).Message, StringComparison.Ordinal);

        await RefusedAsync(401, () => user.Api.Auth.CreateTokenAsync(new() { RefreshToken = next.RefreshToken }));
        await user.Api.Auth.CreateTokenAsync(new() { RefreshToken = there.RefreshToken });
    }

    [Fact]
    public async Task Every_access_token_of_the_sign_in_can_end_it_and_twice_is_no_error()
    {
        var user = await server.NewUserAsync();
        var first = await SignInAsync(user);
        var next = await user.Api.Auth.CreateTokenAsync(new() { RefreshToken = first.RefreshToken });

        await Api(first).Auth.LogoutAsync();
        await Api(next).Auth.LogoutAsync();

        await RefusedAsync(401, () => user.Api.Auth.CreateTokenAsync(new() { RefreshToken = next.RefreshToken }));
    }

    [Fact]
    public async Task A_refresh_at_the_same_moment_does_not_outlive_it()
    {
        var user = await server.NewUserAsync();
        for (var round = 0; round < 10; round++)
        {
            var token = await SignInAsync(user);
            var refresh = RefreshAsync(token);

            await Api(token).Auth.LogoutAsync();

            if (await refresh is { } next)
            {
                await RefusedAsync(401, () => user.Api.Auth.CreateTokenAsync(new() { RefreshToken = next.RefreshToken }));
            }
        }

        async Task<Token?> RefreshAsync(Token token)
        {
            try
            {
                return await user.Api.Auth.CreateTokenAsync(new() { RefreshToken = token.RefreshToken });
            }
            catch (CallAgentException e) when (e.Problem.Status == 401)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task The_log_names_the_sign_in_that_was_ended()
    {
        var user = await server.NewUserAsync();
        var token = await SignInAsync(user);

        await Api(token).Auth.LogoutAsync();

        var entry = Assert.Single((await user.Api.Audit.ListAsync(new() { Filters = new Dictionary<string, string> { ["action"] = "session.delete" } })).Data);
        Assert.Equal(new JsonWebToken(token.AccessToken).GetClaim("sid").Value, entry.ResourceId.ToString());
        Assert.Equal("Ada Lovelace", entry.ActorName);
    }

    [Fact]
    public async Task An_API_key_has_nothing_to_log_out_of()
    {
        var user = await server.NewUserAsync();
        var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "Dialer" });
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Add("X-API-Key", key.Key);

        await RefusedAsync(403, () => new CallAgentClient(http).Auth.LogoutAsync());

        await user.Api.Auth.CreateTokenAsync(new() { RefreshToken = user.Token.RefreshToken });
        await new CallAgentClient(http).Contacts.ListAsync();
    }

    private static Task<Token> SignInAsync(TestUser user) =>
        user.Api.Auth.CreateTokenAsync(new() { Email = user.Registration.Email, Password = user.Registration.Password });

    private CallAgentClient Api(Token token)
    {
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.AccessToken);
        return new(http);
    }
}
