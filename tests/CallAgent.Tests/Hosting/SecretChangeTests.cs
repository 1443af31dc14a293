using CallAgent.Client;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>The installation's secret is changed: what the old one signed and sealed is read as long as it is named, and not longer.</summary>
public sealed class SecretChangeTests(TestServer server)
{
    private static readonly string Old = new('o', 40);
    private static readonly string New = new('n', 40);

    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task What_the_old_secret_signed_and_sealed_is_read_and_nothing_new_is_written_under_it()
    {
        await using var before = new Node(server, clock, Old);
        await before.InitializeAsync();
        var user = await before.NewUserAsync();
        var (secret, codes) = await ProtectAsync(user);
        await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone() });
        await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone() });
        var page = await user.Api.Contacts.ListAsync(new() { Limit = 1 });
        var challenge = await ChallengeAsync(before, user);
        var key = await KeyedAsync(before, user.Token, "the same key");
        var leaver = await before.NewUserAsync();
        var certificate = await leaver.Api.Auth.DeleteAccountAsync(new() { Password = leaver.Registration.Password });
        await before.SettleAsync();

        await using var after = new Node(server, clock, New, Old);
        await after.InitializeAsync();
        var api = new CallAgentClient(after.WithBearer(user.Token.AccessToken));
        Assert.Equal(user.Id, (await api.Auth.GetProfileAsync()).Id);
        Assert.Single((await api.Contacts.ListAsync(new() { Limit = 1, Cursor = page.NextCursor })).Data);
        Assert.Equal(key, await KeyedAsync(after, user.Token, "the same key"));
        Assert.True(Installation.IsOwn(after.Own, certificate));
        clock.Advance(TimeSpan.FromMinutes(1));
        var token = await Stranger(after).Auth.CreateTokenAsync(new() { Challenge = challenge, Code = Code(secret) });
        await Stranger(after).Auth.CreateTokenAsync(new() { Challenge = await ChallengeAsync(after, user), Code = codes[0] });
        Assert.NotEqual(new JsonWebToken(user.Token.AccessToken).Kid, new JsonWebToken(token.AccessToken).Kid);
        await after.SettleAsync();
        Assert.Empty((await VerifyAsync(after, user)).Faults);

        await using var later = new Node(server, clock, New);
        await later.InitializeAsync();
        await RefusedAsync(401, () => new CallAgentClient(later.WithBearer(user.Token.AccessToken)).Auth.GetProfileAsync());
        Assert.Equal(user.Id, (await new CallAgentClient(later.WithBearer(token.AccessToken)).Auth.GetProfileAsync()).Id);
        Assert.False(Installation.IsOwn(later.Own, certificate));
        Assert.NotEmpty((await VerifyAsync(later, user)).Faults);
        clock.Advance(TimeSpan.FromMinutes(1));
        await Stranger(later).Auth.CreateTokenAsync(new() { Challenge = await ChallengeAsync(later, user), Code = Code(secret) });
    }

    [Fact]
    public async Task Where_the_old_secret_is_lost_what_it_sealed_says_so()
    {
        await using var before = new Node(server, clock, Old);
        await before.InitializeAsync();
        var user = await before.NewUserAsync();
        await KeyedAsync(before, user.Token, "the same key");
        var (secret, _) = await ProtectAsync(user);
        await using var after = new Node(server, clock, New);
        await after.InitializeAsync();
        clock.Advance(TimeSpan.FromMinutes(1));
        var challenge = await ChallengeAsync(after, user);
        // A refresh token does not hang on the secret.
        var token = await Stranger(after).Auth.CreateTokenAsync(new() { RefreshToken = user.Token.RefreshToken });

        var factor = await RefusedAsync(500, () => Stranger(after).Auth.CreateTokenAsync(new() { Challenge = challenge, Code = Code(secret) }));
        var answer = await RefusedAsync(500, () => KeyedAsync(after, token, "the same key"));

        Assert.All([factor, answer], problem => Assert.Equal("/problems/secret-changed", problem.Type));
        Assert.All([factor, answer], problem => Assert.Contains("SECRET_KEY_FALLBACKS", problem.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_node_that_knows_the_next_secret_already_reads_what_the_others_write_under_it()
    {
        await using var changed = new Node(server, clock, New, Old);
        await changed.InitializeAsync();
        var user = await changed.NewUserAsync();

        await using var waiting = new Node(server, clock, Old, New);
        await waiting.InitializeAsync();

        Assert.Equal(user.Id, (await new CallAgentClient(waiting.WithBearer(user.Token.AccessToken)).Auth.GetProfileAsync()).Id);
    }

    private static async Task<(string Secret, IReadOnlyList<string> Codes)> ProtectAsync(TestUser user)
    {
        var secret = (await user.Api.TwoFactor.BeginAsync(new() { Password = "password123" })).Secret;
        return (secret, (await user.Api.TwoFactor.ConfirmAsync(new() { Code = Authenticator.Code(secret) })).Codes);
    }

    private static CallAgentClient Stranger(Node node) => new(node.Anonymous());

    private static async Task<string> ChallengeAsync(Node node, TestUser user)
    {
        var problem = await RefusedAsync(401, () => Stranger(node).Auth.CreateTokenAsync(new() { Email = user.Registration.Email, Password = "password123" }));
        return problem.Extensions!["challenge"]!.ToString()!;
    }

    // An answer that is shown once, and again to the same request under the same key.
    private static async Task<string> KeyedAsync(Node node, Token token, string name)
    {
        using var http = node.WithBearer(token.AccessToken);
        http.DefaultRequestHeaders.Add("Idempotency-Key", "a-key-of-the-test");
        return (await new CallAgentClient(http).ApiKeys.CreateAsync(new() { Name = name })).Key;
    }

    private static async Task<AuditReport> VerifyAsync(Node node, TestUser user)
    {
        await using var workspace = (await node.Host.AsAsync(user.Id))!;
        return await workspace.Audit.VerifyAsync();
    }

    private string Code(string secret) => new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(secret)).ComputeTotp(clock.GetUtcNow().UtcDateTime);

    /// <summary>A server on the database of the tests, with secrets of its own.</summary>
    private sealed class Node : TestServer
    {
        private readonly TestServer other;
        private readonly string secret;
        private readonly string[] old;

        public Node(TestServer other, TimeProvider clock, string secret, params string[] old) => (this.other, Clock, this.secret, this.old) = (other, clock, secret, old);

        public CallAgentSettings Own => other.Database.Settings with { SecretKey = secret, OldSecretKeys = old };

        protected override CallAgentSettings Settings => Own;
    }
}
