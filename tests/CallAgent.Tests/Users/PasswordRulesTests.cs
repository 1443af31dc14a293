namespace CallAgent.Tests;

public sealed class PasswordRulesTests
{
    private const string Email = "ada.lovelace@acme.example";

    [Theory]
    [InlineData("password123")]
    [InlineData("P@ssw0rd!")]
    [InlineData("Summer2026!")]
    [InlineData("12345678")]
    [InlineData("987654321")]
    [InlineData("qwertyuiop")]
    [InlineData("poiuytrewq")]
    [InlineData("1q2w3e4r5t")]
    [InlineData("aaaaaaaa")]
    [InlineData("abcabcabc")]
    [InlineData("passwordpassword")]
    [InlineData("!!!!!!!!!!")]
    [InlineData("xX!!!!!!!!")]
    [InlineData("letmein99")]
    [InlineData("ada.lovelace@acme.example")]
    [InlineData("ADA.LOVELACE")]
    [InlineData("ada.lovelace2026")]
    public void What_guessers_try_first_is_refused(string password) => Assert.NotNull(new PasswordRules(isDevelopment: false).Check("password", password, Email));

    [Theory]
    [InlineData("correct battery horse staple")]
    [InlineData("tr0mbone-quartet")]
    [InlineData("eleven purple hippos")]
    [InlineData("пять зелёных слонов")]
    [InlineData("9f2c7ab1e0d44c")]
    [InlineData("monkeys eat summer")]
    public void Anything_else_is_taken_whatever_it_is_made_of(string password) => Assert.Null(new PasswordRules(isDevelopment: false).Check("password", password, Email));

    [Fact]
    public void In_development_the_examples_of_the_documents_are_taken() => Assert.Null(new PasswordRules(isDevelopment: true).Check("password", "password123", Email));

    [Fact]
    public async Task Outside_development_every_way_to_choose_a_password_holds_to_them()
    {
        using var database = TestDatabase.Create();
        await using var host = await CallAgentHost.StartAsync(database.Settings with { IsDevelopment = false, SecretKey = new string('k', 40) });
        var registration = TestServer.NewRegistration();
        Assert.Contains("password", (await host.RegisterAsync(registration)).Problem!.Errors!.Keys);
        var owner = (await host.RegisterAsync(registration with { Password = "eleven purple hippos" })).OrThrow();
        await using var workspace = host.As(owner);

        var changed = await workspace.Account.ChangePasswordAsync(new() { CurrentPassword = "eleven purple hippos", NewPassword = "Summer2026!" });

        Assert.Contains("new_password", changed!.Errors!.Keys);
    }
}
