using System.Diagnostics;
using System.Net;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>The operator's commands, typed as the README has them.</summary>
public sealed class OperatorToolTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(2, "Required command")]
    [InlineData(2, "nonsense", "nonsense")]
    [InlineData(2, "Required argument", "users", "show")]
    [InlineData(2, "There is no plan gold. Plans: free, basic, professional, enterprise.", "users", "set-plan", "a@b.example", "gold")]
    [InlineData(1, "Nobody is registered as a@b.example.", "users", "show", "a@b.example")]
    [InlineData(1, "Nobody is registered as a@b.example.", "users", "set-plan", "a@b.example", "basic")]
    [InlineData(1, "Nobody is registered as a@b.example.", "users", "suspend", "a@b.example")]
    public async Task What_cannot_be_done_has_a_reason_and_an_exit_code(int exitCode, string reason, params string[] arguments)
    {
        using var database = TestDatabase.Create();
        Assert.Equal(0, (await OperatorTool.RunAsync(database, "migrate")).ExitCode);

        var (code, output, errors) = await OperatorTool.RunAsync(database, arguments);

        Assert.Equal(exitCode, code);
        Assert.Contains(reason, errors);
        Assert.DoesNotContain("   at ", errors);
        Assert.DoesNotContain("CallAgent.Cli", output);
    }

    [Fact]
    public async Task A_database_that_was_never_migrated_is_answered_by_how_to_prepare_it()
    {
        using var database = TestDatabase.Create();

        var (code, _, errors) = await OperatorTool.RunAsync(database, "users", "list");

        // Another test's migration may have made the operator's role, which belongs to the whole cluster.
        Assert.Equal(1, code);
        Assert.Contains("callagent migrate", errors);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("", "Production")]
    [InlineData("Production", "Development")]
    public async Task Without_being_told_so_it_is_not_in_development_and_makes_no_secret(string first, string second)
    {
        using var database = TestDatabase.Create();

        var (code, _, errors) = await OperatorTool.RunAsync(
            database, [("ASPNETCORE_ENVIRONMENT", first), ("DOTNET_ENVIRONMENT", second), ("SECRET_KEY", "")], "audit", "verify");

        Assert.Equal(1, code);
        Assert.Contains("SECRET_KEY is not set.", errors);
        Assert.False(File.Exists(Path.Combine(database.Folder, "secret.key")));
    }

    [Fact]
    public async Task A_plan_and_a_status_are_in_force_on_a_running_server_within_seconds()
    {
        using var database = TestDatabase.Create();
        await using var server = await ServerProcess.StartAsync(database);
        using var session = new HttpClient { BaseAddress = server.Address };
        var registration = TestServer.NewRegistration();
        var api = new CallAgentClient(session);
        await api.Auth.RegisterAsync(registration);
        var token = await api.Auth.CreateTokenAsync(new() { Email = registration.Email, Password = registration.Password });
        var key = await api.ApiKeys.CreateAsync(new() { Name = "Dialer" });
        using var bearer = new HttpClient { BaseAddress = server.Address, DefaultRequestHeaders = { { "Authorization", $"Bearer {token.AccessToken}" } } };
        using var machine = new HttpClient { BaseAddress = server.Address, DefaultRequestHeaders = { { "X-API-Key", key.Key } } };

        await CommandAsync(database, "users", "set-plan", registration.Email.ToUpperInvariant(), "Professional");
        await SoonAsync(async () => (await api.GetUsageAsync()).Plan == Plan.Professional);
        Assert.Contains("0 of 10,000", await CommandAsync(database, "users", "show", registration.Email));
        await CommandAsync(database, "users", "suspend", registration.Email);
        await SoonAsync(() => AllAnswerAsync(HttpStatusCode.Unauthorized, session, bearer, machine));
        Assert.Contains("suspended", await CommandAsync(database, "users", "list"));
        await CommandAsync(database, "users", "activate", registration.Email);
        await SoonAsync(() => AllAnswerAsync(HttpStatusCode.OK, session, bearer, machine));
    }

    [Fact]
    public async Task A_user_is_erased_only_when_that_is_confirmed_and_leaves_a_certificate()
    {
        using var database = TestDatabase.Create();
        await using var host = await CallAgentHost.StartAsync(database.Settings);
        var registration = TestServer.NewRegistration();
        var user = (await host.RegisterAsync(registration)).OrThrow();
        var otherId = (await host.RegisterAsync(TestServer.NewRegistration())).OrThrow().UserId;
        var others = await Snapshot.OfAsync(database, otherId);

        // There is nobody to type the address.
        var (code, output, errors) = await OperatorTool.RunAsync(database, "users", "erase", registration.Email);
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("Nothing was erased.", errors);
        Assert.NotNull(await host.AsAsync(user.UserId));
        var certificate = System.Text.Json.JsonSerializer.Deserialize<ErasureCertificate>(
            await CommandAsync(database, "users", "erase", registration.Email, "--yes"), CallAgentJson.Strict)!;

        Assert.Equal((user.UserId, 1), (certificate.UserId, certificate.Rows["users"]));
        Assert.True(Installation.IsOwn(database.Settings, certificate));
        Assert.All(await Snapshot.CountAsync(database, user.UserId), table => Assert.Equal(0, table.Value));
        Assert.Equal(others, await Snapshot.OfAsync(database, otherId));
        Assert.Contains("Nobody is registered", (await OperatorTool.RunAsync(database, "users", "erase", registration.Email, "--yes")).Errors);
    }

    [Fact]
    public async Task Sessions_and_tokens_of_one_user_or_of_all_are_ended_and_keys_are_not()
    {
        using var database = TestDatabase.Create();
        await using var server = await ServerProcess.StartAsync(database);
        var (one, other) = (await SignInAsync(), await SignInAsync());

        Assert.Contains("all tokens of 1 user are ended", (await OperatorTool.RunAsync(database, "users", "sign-out", one.Email.ToUpperInvariant())).Errors);
        await SoonAsync(() => AllAnswerAsync(HttpStatusCode.Unauthorized, one.Session, one.Bearer));
        Assert.True(await AllAnswerAsync(HttpStatusCode.OK, one.Machine, other.Session, other.Bearer, other.Machine));
        Assert.Contains("all tokens of 2 users are ended", (await OperatorTool.RunAsync(database, "users", "sign-out", "--all")).Errors);
        await SoonAsync(() => AllAnswerAsync(HttpStatusCode.Unauthorized, other.Session, other.Bearer));
        Assert.True(await AllAnswerAsync(HttpStatusCode.OK, one.Machine, other.Machine));

        await Refusals.RefusedAsync(401, () => new CallAgentClient(new HttpClient { BaseAddress = server.Address }).Auth.CreateTokenAsync(new() { RefreshToken = other.RefreshToken }));
        var noted = (await new CallAgentClient(other.Machine).Audit.ListAsync(new() { Filters = new Dictionary<string, string> { ["action"] = "session.delete" } })).Data;
        Assert.Equal(AuditActorKind.Operator, Assert.Single(noted).ActorKind);
        Assert.Contains("Nobody is registered", (await OperatorTool.RunAsync(database, "users", "sign-out", "nobody@acme.example")).Errors);
        Assert.Equal(2, (await OperatorTool.RunAsync(database, "users", "sign-out")).ExitCode);
        Assert.Equal(2, (await OperatorTool.RunAsync(database, "users", "sign-out", one.Email, "--all")).ExitCode);

        async Task<(string Email, HttpClient Session, HttpClient Bearer, HttpClient Machine, string RefreshToken)> SignInAsync()
        {
            var session = new HttpClient { BaseAddress = server.Address };
            var registration = TestServer.NewRegistration();
            var api = new CallAgentClient(session);
            await api.Auth.RegisterAsync(registration);
            var token = await api.Auth.CreateTokenAsync(new() { Email = registration.Email, Password = registration.Password });
            var key = await api.ApiKeys.CreateAsync(new() { Name = "Dialer" });
            return (registration.Email, session, With("Authorization", $"Bearer {token.AccessToken}"), With("X-API-Key", key.Key), token.RefreshToken);
        }

        HttpClient With(string header, string value) => new() { BaseAddress = server.Address, DefaultRequestHeaders = { { header, value } } };
    }

    [Fact]
    public async Task A_lost_second_factor_is_taken_away_from_any_member()
    {
        using var database = TestDatabase.Create();
        await using var host = await CallAgentHost.StartAsync(database.Settings);
        var registration = TestServer.NewRegistration();
        await using var workspace = host.As((await host.RegisterAsync(registration)).OrThrow());
        var secret = (await workspace.TwoFactor.BeginAsync(new() { Password = registration.Password })).OrThrow().Secret;
        Assert.Contains("not on", (await OperatorTool.RunAsync(database, "users", "reset-two-factor", registration.Email)).Errors);
        (await workspace.TwoFactor.ConfirmAsync(new() { Code = Authenticator.Code(secret) })).OrThrow();
        Assert.Equal("two-factor-required", (await host.SignIn.WithPasswordAsync(registration.Email, registration.Password)).Problem?.Name);

        await CommandAsync(database, "users", "reset-two-factor", registration.Email);

        (await host.SignIn.WithPasswordAsync(registration.Email, registration.Password)).OrThrow();
        var counts = await Snapshot.CountAsync(database, workspace.Principal.UserId);
        Assert.Equal(0, counts["recovery_codes"]);
        Assert.Contains("Nobody signs in", (await OperatorTool.RunAsync(database, "users", "reset-two-factor", "nobody@acme.example")).Errors);
    }

    [Fact]
    public async Task An_operator_is_added_listed_and_removed()
    {
        using var database = TestDatabase.Create();
        await CommandAsync(database, "migrate");

        var token = (await CommandAsync(database, "operators", "add", "Ada")).Trim();

        Assert.Matches("^co_[0-9A-Za-z]{43}$", token);
        Assert.Contains("There is an operator of this name", (await OperatorTool.RunAsync(database, "operators", "add", "Ada")).Errors);
        var listed = await CommandAsync(database, "operators", "list");
        Assert.Contains("Ada", listed);
        Assert.DoesNotContain(token, listed);
        await using (var operators = Operators.Open(database.Settings))
        {
            Assert.Equal("Ada", (await operators.Accounts.WithTokenAsync(token))?.Name);
        }
        await CommandAsync(database, "operators", "remove", "Ada");
        Assert.DoesNotContain("Ada", await CommandAsync(database, "operators", "list"));
        Assert.Contains("There is no operator Ada.", (await OperatorTool.RunAsync(database, "operators", "remove", "Ada")).Errors);
    }

    [Fact]
    public async Task The_demo_shows_isolation_and_usage_and_says_the_same_when_it_is_run_again()
    {
        using var database = TestDatabase.Create();
        await CommandAsync(database, "migrate");

        var first = await CommandAsync(database, "demo");
        var second = await CommandAsync(database, "demo");

        Assert.Equal(first, second);
        Assert.Contains("untouched", first);
        Assert.Contains("1 campaign,", first);
        Assert.Contains("12 of 100", first);
        Assert.Equal(10, first.Split("refused, as if it did not exist").Length - 1);
    }

    private static async Task<string> CommandAsync(TestDatabase database, params string[] arguments)
    {
        var (code, output, errors) = await OperatorTool.RunAsync(database, arguments);
        Assert.True(code == 0, errors);
        return output;
    }

    private static async Task<bool> AllAnswerAsync(HttpStatusCode status, params HttpClient[] clients)
    {
        foreach (var client in clients)
        {
            if ((await client.GetAsync("/api/usage")).StatusCode != status)
            {
                return false;
            }
        }
        return true;
    }

    private static async Task SoonAsync(Func<Task<bool>> isSo)
    {
        for (var waited = Stopwatch.StartNew(); !await isSo(); await Task.Delay(100))
        {
            Assert.True(waited.Elapsed < Promised, "It was not in force within 5 s.");
        }
    }

    [Fact]
    public async Task An_export_is_written_over_another_file_only_when_told()
    {
        using var database = TestDatabase.Create();
        var registration = TestServer.NewRegistration();
        await using (var host = await CallAgentHost.StartAsync(database.Settings))
        {
            (await host.RegisterAsync(registration)).OrThrow();
        }
        var file = Path.Combine(database.Folder, "contacts.csv");
        await File.WriteAllTextAsync(file, "mine");

        var (code, _, errors) = await OperatorTool.RunAsync(database, "export", "contacts", "--user", registration.Email, "--out", file);

        Assert.Equal(1, code);
        Assert.Contains("--replace", errors);
        Assert.Equal("mine", await File.ReadAllTextAsync(file));
        Assert.Equal(0, (await OperatorTool.RunAsync(database, "export", "contacts", "--user", registration.Email, "--out", file, "--replace")).ExitCode);
        Assert.StartsWith("phone_number", await File.ReadAllTextAsync(file));
        Assert.False(File.Exists(file + ".part"));
        Assert.Contains("--replace", (await OperatorTool.RunAsync(database, "help", "export")).Output);
    }
}
