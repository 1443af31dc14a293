using System.Text;
using CallAgent.Client;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>Forged access tokens are refused (T-10).</summary>
public sealed class ForgedTokenTests(TestServer server)
{
    [Fact]
    public async Task Tokens_that_this_server_did_not_make_are_refused()
    {
        var user = await server.NewUserAsync();
        var parts = user.Token.AccessToken.Split('.');
        var payload = Base64UrlEncoder.Decode(parts[1]);
        var claims = new Dictionary<string, object> { ["sub"] = Guid.NewGuid().ToString(), ["user_id"] = user.Id.ToString(), ["credential_version"] = 1 };
        var forged = new Dictionary<string, string>
        {
            ["no signature"] = $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""")}.{parts[1]}.",
            ["altered payload"] = $"{parts[0]}.{Base64UrlEncoder.Encode(payload.Replace("\"credential_version\":1", "\"credential_version\":1,\"x\":1", StringComparison.Ordinal))}.{parts[2]}",
            ["cut signature"] = user.Token.AccessToken[..^3],
            ["another key"] = Sign(new byte[32], "callagent", "callagent-api", claims),
            ["refresh token"] = user.Token.RefreshToken,
            ["nonsense"] = "a.b.c",
            ["empty"] = " ",
        };
        foreach (var (name, token) in forged)
        {
            await RefusedWithAsync(token, name);
        }
    }

    [Theory]
    [InlineData("other", "callagent-api", "at+jwt", 10)]
    [InlineData("callagent", "other", "at+jwt", 10)]
    [InlineData("callagent", "callagent-api", "JWT", 10)]
    [InlineData("callagent", "callagent-api", "at+jwt", -10)]
    public async Task Tokens_of_the_right_key_with_a_wrong_claim_are_refused(string issuer, string audience, string type, int minutes)
    {
        var user = await server.NewUserAsync();
        var good = new JsonWebToken(user.Token.AccessToken);
        var key = new Secrets(File.ReadAllText(Path.Combine(server.Database.Folder, "secret.key")).Trim()).Derive("access-tokens");
        var claims = new Dictionary<string, object> { ["sub"] = good.Subject, ["user_id"] = user.Id.ToString(), ["credential_version"] = 1 };
        await AcceptedAsync(Sign(key, "callagent", "callagent-api", claims));

        await RefusedWithAsync(Sign(key, issuer, audience, claims, type, minutes), $"{issuer} {audience} {type} {minutes}");
    }

    private async Task AcceptedAsync(string token) => await Api(token).Auth.GetProfileAsync();

    private async Task RefusedWithAsync(string token, string name)
    {
        var problem = await RefusedAsync(401, () => Api(token).Auth.GetProfileAsync());
        Assert.True(problem.Type == "/problems/not-signed-in", name);
    }

    private CallAgentClient Api(string token)
    {
        var http = server.Anonymous();
        http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        return new(http);
    }

    private static string Sign(byte[] key, string issuer, string audience, Dictionary<string, object> claims, string type = "at+jwt", int minutes = 10) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            TokenType = type,
            Claims = claims,
            NotBefore = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-20),
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(minutes),
            SigningCredentials = new(new SymmetricSecurityKey(key), SecurityAlgorithms.HmacSha256),
        });
}
