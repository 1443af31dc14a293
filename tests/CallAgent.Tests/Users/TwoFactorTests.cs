using System.Net;
using System.Net.Http.Json;
using CallAgent.Client;
using Microsoft.EntityFrameworkCore;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class TwoFactorTests(TestServer server)
{
    private CallAgentClient Stranger => new(server.Anonymous());

    [Fact]
    public async Task A_password_alone_signs_nobody_in_any_more_neither_by_cookie_nor_by_token()
    {
        var (user, secret, _) = await ProtectedAsync();
        var browser = new CallAgentClient(server.CreateClient());

        var challenge = await ChallengeAsync(user, browser);

        await RefusedAsync(401, () => browser.Auth.GetProfileAsync());
        var signedIn = await browser.Auth.LoginTwoFactorAsync(new() { Challenge = challenge, Code = Authenticator.Code(secret, 1) });
        Assert.Equal(user.Id, signedIn.User.Id);
        Assert.Equal(user.Id, (await browser.Auth.GetProfileAsync()).Id);
        var problem = await RefusedAsync(401, () => Stranger.Auth.CreateTokenAsync(new() { Email = user.Registration.Email, Password = "password123" }));
        Assert.Equal("/problems/two-factor-required", problem.Type);
    }

    [Fact]
    public async Task A_code_serves_once_even_for_many_at_once()
    {
        var (user, secret, _) = await ProtectedAsync();
        var challenge = await ChallengeAsync(user, Stranger);
        var code = Authenticator.Code(secret, 1);

        var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.Anonymous().PostAsJsonAsync(
            "/api/auth/token", new CreateToken { Challenge = challenge, Code = code }, CallAgentJson.Lenient)));

        Assert.Single(tries, t => t.StatusCode == HttpStatusCode.OK);
        Assert.Equal("/problems/wrong-code", (await RefusedAsync(401, () => Stranger.Auth.CreateTokenAsync(new() { Challenge = challenge, Code = code }))).Type);
    }

    [Fact]
    public async Task A_recovery_code_serves_once_and_only_its_member()
    {
        var (user, _, codes) = await ProtectedAsync();
        var (other, _, _) = await ProtectedAsync();
        Assert.Equal(10, codes.Distinct().Count());
        var foreign = await ChallengeAsync(other, Stranger);
        await RefusedAsync(401, () => Stranger.Auth.CreateTokenAsync(new() { Challenge = foreign, Code = codes[0] }));

        await Stranger.Auth.CreateTokenAsync(new() { Challenge = await ChallengeAsync(user, Stranger), Code = codes[0].ToLowerInvariant() });

        var again = await ChallengeAsync(user, Stranger);
        await RefusedAsync(401, () => Stranger.Auth.CreateTokenAsync(new() { Challenge = again, Code = codes[0] }));
        Assert.Equal(9, (await user.Api.TwoFactor.GetAsync()).RecoveryCodesLeft);
        var renewed = (await user.Api.TwoFactor.RenewCodesAsync(new() { Code = codes[1] })).Codes;
        Assert.Empty(renewed.Intersect(codes));
        await RefusedAsync(401, () => Stranger.Auth.CreateTokenAsync(new() { Challenge = again, Code = codes[2] }));
    }

    [Fact]
    public async Task Challenges_that_are_forged_altered_or_older_than_the_password_are_refused()
    {
        var (user, secret, _) = await ProtectedAsync();
        var challenge = await ChallengeAsync(user, Stranger);
        var forged = new[] { "x", challenge[..^2] + "AA", (challenge[0] == 'A' ? "B" : "A") + challenge[1..], user.Token.RefreshToken };
        foreach (var bad in forged)
        {
            var problem = await RefusedAsync(401, () => Stranger.Auth.CreateTokenAsync(new() { Challenge = bad, Code = Authenticator.Code(secret, 1) }));
            Assert.Equal("/problems/challenge-over", problem.Type);
        }
        await user.Api.Auth.ChangePasswordAsync(new() { CurrentPassword = "password123", NewPassword = "another one" });

        Assert.Equal("/problems/challenge-over",
            (await RefusedAsync(401, () => Stranger.Auth.CreateTokenAsync(new() { Challenge = challenge, Code = Authenticator.Code(secret, 1) }))).Type);
    }

    [Fact]
    public async Task The_database_holds_neither_the_secret_nor_the_codes_and_a_sealed_secret_serves_no_other_member()
    {
        var (user, secret, codes) = await ProtectedAsync();
        var (other, _, _) = await ProtectedAsync();
        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        var member = await db.Members.AsNoTracking().SingleAsync();
        var bytes = OtpNet.Base32Encoding.ToBytes(secret);

        Assert.DoesNotContain(Convert.ToBase64String(bytes)[..20], member.TotpSecret!, StringComparison.Ordinal);
        Assert.Equal(-1, Convert.FromBase64String(member.TotpSecret!).AsSpan().IndexOf(bytes));
        Assert.All(db.RecoveryCodes.ToList(), c => Assert.DoesNotContain(c.Hash, codes.Select(code => Secrets.Hash(code.Replace("-", "", StringComparison.Ordinal)))));
        await using var theirs = server.Host.Database.Open(TenantScope.Of(other.Id));
        var thief = await theirs.Members.AsNoTracking().SingleAsync();
        thief.TotpSecret = member.TotpSecret;
        Assert.Throws<ProblemException>(() => server.Host.TwoFactorCodes.StepOf(thief, Authenticator.Code(secret)));
    }

    [Fact]
    public async Task It_is_turned_on_by_a_code_and_off_by_a_code_and_the_member_is_told()
    {
        var user = await server.NewUserAsync();
        await InvalidAsync("password", () => user.Api.TwoFactor.BeginAsync(new() { Password = "guess" }));
        var begun = await user.Api.TwoFactor.BeginAsync(new() { Password = "password123" });
        Assert.StartsWith($"otpauth://totp/CallAgent:{Uri.EscapeDataString(user.Registration.Email)}?secret={begun.Secret}", begun.Uri, StringComparison.Ordinal);
        await InvalidAsync("code", () => user.Api.TwoFactor.ConfirmAsync(new() { Code = "000000" }));
        Assert.False((await user.Api.TwoFactor.GetAsync()).IsOn);
        await Stranger.Auth.CreateTokenAsync(new() { Email = user.Registration.Email, Password = "password123" });

        await user.Api.TwoFactor.ConfirmAsync(new() { Code = Authenticator.Code(begun.Secret) });
        Assert.Equal("/problems/two-factor-on", (await RefusedAsync(409, () => user.Api.TwoFactor.BeginAsync(new() { Password = "password123" }))).Type);
        Assert.True((await user.Api.Members.ListAsync()).Data.Single().TwoFactor);
        await user.Api.TwoFactor.TurnOffAsync(new() { Code = Authenticator.Code(begun.Secret, 1) });

        await Stranger.Auth.CreateTokenAsync(new() { Email = user.Registration.Email, Password = "password123" });
        Assert.Equal(0, (await user.Api.TwoFactor.GetAsync()).RecoveryCodesLeft);
        await server.Mailbox.ReadAsync(user.Registration.Email, "is on");
        await server.Mailbox.ReadAsync(user.Registration.Email, "is off");
    }

    [Fact]
    public async Task Keys_ask_for_a_sign_in_of_the_last_quarter_of_an_hour()
    {
        var user = await server.NewUserAsync();
        var cookies = server.CreateClient();
        var browser = new CallAgentClient(cookies);
        await browser.Auth.LoginAsync(new() { Email = user.Registration.Email, Password = "password123" });
        Assert.Equal(HttpStatusCode.Created, await CreateOnceAsync());
        var colleague = await browser.Invitations.CreateAsync(new() { Email = $"{Guid.CreateVersion7():N}@example.com", Role = MemberRole.Admin });
        await using (var db = server.Host.Database.Open(TenantScope.Of(user.Id)))
        {
            var then = TimeProvider.System.GetUtcNow().AddMinutes(-16);
            await db.Sessions.ExecuteUpdateAsync(s => s.SetProperty(x => x.ProvedAt, then));
            db.Sessions.Select(s => s.Hash).ToList().ForEach(server.Host.Principals.ForgetCredential<Session>);
        }

        Assert.Equal("/problems/recent-sign-in-needed", (await RefusedAsync(403, () => browser.ApiKeys.CreateAsync(new() { Name = "stale" }))).Type);
        // An admin makes keys, and an answer that was kept shows one.
        Assert.Equal(HttpStatusCode.Forbidden, await CreateOnceAsync());
        Assert.Equal("/problems/recent-sign-in-needed",
            (await RefusedAsync(403, () => browser.Invitations.CreateAsync(new() { Email = colleague.Email, Role = MemberRole.Admin }))).Type);
        await browser.Invitations.CreateAsync(new() { Email = colleague.Email, Role = MemberRole.Agent });
        await InvalidAsync("password", () => browser.Auth.StepUpAsync(new() { Password = "guess" }));
        await InvalidAsync("password", () => browser.Auth.StepUpAsync(new()));
        await browser.Auth.StepUpAsync(new() { Password = "password123" });

        await browser.ApiKeys.CreateAsync(new() { Name = "again" });
        Assert.Equal(HttpStatusCode.Created, await CreateOnceAsync());

        async Task<HttpStatusCode> CreateOnceAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/api-keys") { Content = JsonContent.Create(new { name = "fresh" }) };
            request.Headers.Add("Idempotency-Key", "the-same");
            using var answer = await cookies.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task No_key_makes_an_admin()
    {
        var user = await server.NewUserAsync();
        var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "team", Scopes = ["invitations:write", "members:write", "members:read"] });
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Add("X-API-Key", key.Key);
        var api = new CallAgentClient(http);
        await Members.AddAsync(server, user.Id, MemberRole.Agent);
        var member = (await user.Api.Members.ListAsync()).Data.Single(m => m.Role == MemberRole.Agent);

        Assert.Equal("/problems/key-not-allowed", (await RefusedAsync(403, () => api.Invitations.CreateAsync(new() { Email = "a@b.example", Role = MemberRole.Admin }))).Type);
        Assert.Equal("/problems/key-not-allowed", (await RefusedAsync(403, () => api.Members.UpdateAsync(member.Id, new() { Role = MemberRole.Admin }))).Type);
        Assert.Equal(MemberRole.Viewer, (await api.Members.UpdateAsync(member.Id, new() { Role = MemberRole.Viewer })).Role);
    }

    [Fact]
    public async Task A_refreshed_token_is_as_old_as_its_family()
    {
        var user = await server.NewUserAsync();
        await using (var db = server.Host.Database.Open(TenantScope.Of(user.Id)))
        {
            var then = TimeProvider.System.GetUtcNow().AddMinutes(-16);
            await db.RefreshTokens.ExecuteUpdateAsync(s => s.SetProperty(x => x.SignedInAt, then));
        }
        var token = await Stranger.Auth.CreateTokenAsync(new() { RefreshToken = user.Token.RefreshToken });
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.AccessToken);

        Assert.Equal("/problems/recent-sign-in-needed", (await RefusedAsync(403, () => new CallAgentClient(http).ApiKeys.CreateAsync(new() { Name = "k" }))).Type);
    }

    private async Task<(TestUser User, string Secret, IReadOnlyList<string> Codes)> ProtectedAsync()
    {
        var user = await server.NewUserAsync();
        var secret = (await user.Api.TwoFactor.BeginAsync(new() { Password = "password123" })).Secret;
        return (user, secret, (await user.Api.TwoFactor.ConfirmAsync(new() { Code = Authenticator.Code(secret) })).Codes);
    }

    private static async Task<string> ChallengeAsync(TestUser user, CallAgentClient api)
    {
        var problem = await RefusedAsync(401, () => api.Auth.LoginAsync(new() { Email = user.Registration.Email, Password = "password123" }));
        Assert.Equal("/problems/two-factor-required", problem.Type);
        return problem.Extensions!["challenge"]!.ToString()!;
    }
}
