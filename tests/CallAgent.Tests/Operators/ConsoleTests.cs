using System.Net;
using System.Text;
using System.Text.Json;
using AngleSharp.Dom;
using CallAgent.Client;
using Microsoft.Extensions.Time.Testing;

namespace CallAgent.Tests;

/// <summary>The operator's console: its sign-in, its pages, and what they do.</summary>
public sealed class ConsoleTests(TestServer server)
{
    [Fact]
    public async Task Users_are_found_and_shown_with_their_usage_against_the_plan()
    {
        var (console, user, company) = (await OperatorBrowser.OfAsync(server), await server.NewUserAsync(), $"Company {Guid.CreateVersion7():N}");
        await user.Api.Auth.UpdateProfileAsync(new() { CompanyName = company });
        await user.NewCallAsync((await user.NewCampaignAsync()).Id);

        var list = await console.Pages.GetAsync($"/operator?q={Uri.EscapeDataString(company.ToUpperInvariant())}");
        var page = await console.Pages.GetAsync($"/operator/users/{user.Id}");

        Assert.Equal($"/operator/users/{user.Id}", Assert.Single(list.Document.QuerySelectorAll("a.row-link")).GetAttribute("href"));
        Assert.Equal([user.Registration.Email, "Active", "Free"], list.Document.QuerySelectorAll("tbody .soft.small, tbody .badge, tbody td:nth-child(3)").Select(e => e.TextContent));
        Assert.Equal(["1", "1", "1"], list.Document.QuerySelectorAll("tbody progress").Select(p => p.GetAttribute("value")));
        Assert.Contains("Nobody matches", (await console.Pages.GetAsync("/operator?q=nobody-has-this-name")).Text);
        Assert.Contains("1 call in all", page.Text);
        Assert.Contains("Calls this month", page.Text);
        Assert.Contains(user.Registration.Email, page.Text);
        Assert.Equal(HttpStatusCode.BadRequest, (await console.Pages.GetAsync("/operator?cursor=x")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await console.Pages.GetAsync($"/operator/users/{Guid.CreateVersion7()}")).Status);
    }

    [Fact]
    public async Task The_list_goes_on_to_a_next_page()
    {
        var console = await OperatorBrowser.OfAsync(server);
        for (var n = (await console.Api.ListUsersAsync(limit: 51)).Data.Count; n < 51; n++)
        {
            await server.NewUserAsync();
        }

        var first = await console.Pages.GetAsync("/operator");
        var second = await console.Pages.GetAsync(first.Document.QuerySelector("a[rel=next]")!.GetAttribute("href")!);

        Assert.Equal(50, first.Document.QuerySelectorAll("a.row-link").Length);
        Assert.NotEmpty(second.Document.QuerySelectorAll("a.row-link"));
        Assert.DoesNotContain(second.Document.QuerySelectorAll("a.row-link").Select(a => a.GetAttribute("href")), first.Document.QuerySelectorAll("a.row-link").Select(a => a.GetAttribute("href")).Contains);
    }

    [Fact]
    public async Task A_plan_is_changed_and_a_user_suspended_and_let_in_again()
    {
        var (console, user) = (await OperatorBrowser.OfAsync(server), await server.NewUserAsync());
        var page = $"/operator/users/{user.Id}";

        Assert.Equal("Choose a plan.", (await console.Pages.PostAsync(page, page + "/plan", ("plan", "gold"))).Error("plan") ?? "");
        Assert.Equal(page, (await console.Pages.PostAsync(page, page + "/plan", ("plan", "professional"))).Location);
        Assert.Contains("is on the professional plan.", (await console.Pages.GetAsync(page)).Text);
        Assert.Equal(page, (await console.Pages.PostAsync(page, page + "/suspend")).Location);
        Assert.Equal(UserStatus.Suspended, (await console.Api.GetUserAsync(user.Id)).Status);
        Assert.Contains("Suspended", (await console.Pages.GetAsync(page)).Text);
        Assert.Equal(page, (await console.Pages.PostAsync(page, page + "/reactivate")).Location);

        var changed = await console.Api.GetUserAsync(user.Id);
        Assert.Equal((UserStatus.Active, Plan.Professional), (changed.Status, changed.Plan));
        Assert.Equal(HttpStatusCode.NotFound, (await console.Pages.PostAsync(page, $"/operator/users/{Guid.CreateVersion7()}/suspend")).Status);
    }

    [Fact]
    public async Task A_lost_second_factor_is_taken_away_and_the_member_is_told()
    {
        var (console, user) = (await OperatorBrowser.OfAsync(server), await server.NewUserAsync());
        var secret = (await user.Api.TwoFactor.BeginAsync(new() { Password = user.Registration.Password })).Secret;
        await user.Api.TwoFactor.ConfirmAsync(new() { Code = Authenticator.Code(secret) });
        var page = $"/operator/users/{user.Id}";
        var form = (await console.Pages.GetAsync(page)).Document.QuerySelector("form[action$='reset-two-factor']")!.GetAttribute("action")!;

        Assert.Equal(page, (await console.Pages.PostAsync(page, form)).Location);

        Assert.Null((await console.Pages.GetAsync(page)).Document.QuerySelector("form[action$='reset-two-factor']"));
        await server.Mailbox.ReadAsync(user.Registration.Email, "Two-factor sign-in is off");
        Assert.Equal(HttpStatusCode.Conflict, (await console.Pages.PostAsync(page, form)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await console.Pages.PostAsync(page, $"{page}/members/{Guid.CreateVersion7()}/reset-two-factor")).Status);
    }

    [Fact]
    public async Task A_user_is_erased_when_its_address_was_typed_and_a_certificate_is_there_to_keep()
    {
        var (console, user) = (await OperatorBrowser.OfAsync(server), await server.NewUserAsync());
        var page = $"/operator/users/{user.Id}";

        var refused = await console.Pages.PostAsync(page, page + "/erase", ("confirmation", "somebody@else.example"));
        Assert.Equal((HttpStatusCode.BadRequest, "Is not the e-mail of the account."), (refused.Status, refused.Error("confirmation")));
        var erased = await console.Pages.PostAsync(page, page + "/erase", ("confirmation", user.Registration.Email.ToUpperInvariant()));

        Assert.Equal(HttpStatusCode.OK, erased.Status);
        var link = erased.Document.QuerySelector("a[download]")!;
        Assert.Equal($"erasure-{user.Id}.json", link.GetAttribute("download"));
        var file = Encoding.UTF8.GetString(Convert.FromBase64String(link.GetAttribute("href")!.Split("base64,")[1]));
        Assert.Equal(file, erased.Document.QuerySelector("pre")!.TextContent);
        Assert.True(Installation.IsOwn(server.Database.Settings, JsonSerializer.Deserialize<ErasureCertificate>(file, CallAgentJson.Lenient)!));
        Assert.Equal(HttpStatusCode.NotFound, (await console.Pages.GetAsync(page)).Status);
    }

    [Fact]
    public async Task Only_an_operators_token_signs_in_and_guessing_is_slowed_down()
    {
        // Of its own: all tests come from one address.
        await using var guessed = new TestServer();
        var user = await guessed.NewUserAsync();
        var key = (await user.Api.ApiKeys.CreateAsync(new() { Name = "Dialer" })).Key;
        var pages = new PageClient(guessed.CreateClient(new() { AllowAutoRedirect = false }), Guid.Empty);

        Assert.Equal("Is required.", (await SignInAsync(pages, "")).Error("token"));
        foreach (var wrong in new[] { key, user.Token.AccessToken, "co_", $"co_{new string('x', 43)}", user.Registration.Password })
        {
            var refused = await SignInAsync(pages, wrong);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
            Assert.Contains("That token is not in force", refused.Text);
        }
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SignInAsync(pages, "co_another")).Status);
        Assert.Equal("/operator/sign-in?return=%2Foperator%3Fq%3Dacme", (await pages.GetAsync("/operator?q=acme")).Location);
    }

    [Theory]
    [InlineData("/operator?q=acme", "/operator?q=acme")]
    [InlineData("//evil.example", "/operator")]
    [InlineData("/dashboard", "/operator")]
    [InlineData("/operatorship", "/operator")]
    public async Task After_sign_in_one_goes_on_within_the_console_and_nowhere_else(string asked, string led)
    {
        var token = (await server.Host.Operators!.Accounts.AddAsync($"operator {Guid.CreateVersion7():N}")).OrThrow();
        var pages = new PageClient(server.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = server.ClientOptions.BaseAddress }), Guid.Empty);

        Assert.Equal(led, (await pages.PostAsync("/operator/sign-in", "/operator/sign-in", ("token", $" {token} "), ("return", asked))).Location);
    }

    [Fact]
    public async Task A_session_ends_after_half_an_hour_without_a_request_and_after_eight_hours_in_any_case()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var timed = new TestServer { Clock = clock };
        var (idle, busy) = (await OperatorBrowser.OfAsync(timed), await OperatorBrowser.OfAsync(timed));

        for (var minutes = 0; minutes < 8 * 60 - 20; minutes += 20)
        {
            clock.Advance(TimeSpan.FromMinutes(20));
            Assert.Equal(HttpStatusCode.OK, (await busy.Pages.GetAsync("/operator")).Status);
        }
        Assert.Equal(HttpStatusCode.SeeOther, (await idle.Pages.GetAsync("/operator")).Status);
        clock.Advance(TimeSpan.FromMinutes(21));
        Assert.Equal(HttpStatusCode.SeeOther, (await busy.Pages.GetAsync("/operator")).Status);
    }

    [Fact]
    public async Task A_copied_cookie_ends_with_the_sign_out_and_with_the_operator()
    {
        var (leaving, removed) = (await OperatorBrowser.OfAsync(server), await OperatorBrowser.OfAsync(server));
        var copy = await CookieAsync(leaving.Token);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(copy));

        Assert.Equal("/operator/sign-in", (await leaving.Pages.PostAsync("/operator", "/operator/sign-out")).Location);
        Assert.Null(await server.Host.Operators!.Accounts.RemoveAsync(removed.Name));

        Assert.Equal(HttpStatusCode.SeeOther, (await leaving.Pages.GetAsync("/operator")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await removed.Pages.GetAsync("/operator")).Status);
        // Another sign-in of the same operator is another session.
        Assert.Equal(HttpStatusCode.OK, await AskAsync(copy));
        Assert.Null(await server.Host.Operators!.Accounts.RemoveAsync(leaving.Name));
        Assert.Equal(HttpStatusCode.SeeOther, await AskAsync(copy));
    }

    [Fact]
    public async Task The_cookie_is_for_the_console_alone()
    {
        var token = (await server.Host.Operators!.Accounts.AddAsync($"operator {Guid.CreateVersion7():N}")).OrThrow();

        var cookie = await SetCookieAsync(token, "http");
        Assert.Contains("path=/operator; samesite=strict; httponly", cookie);
        Assert.DoesNotContain("secure", cookie);
        var secure = await SetCookieAsync(token, "https");
        Assert.StartsWith("__Secure-callagent_operator=", secure);
        Assert.Contains("path=/operator; secure; samesite=strict; httponly", secure);
    }

    [Fact]
    public async Task What_an_operator_does_stands_under_its_name_in_the_users_audit_log()
    {
        var (console, user) = (await OperatorBrowser.OfAsync(server), await server.NewUserAsync());
        var secret = (await user.Api.TwoFactor.BeginAsync(new() { Password = user.Registration.Password })).Secret;
        await user.Api.TwoFactor.ConfirmAsync(new() { Code = Authenticator.Code(secret) });
        var (page, member) = ($"/operator/users/{user.Id}", (await console.Api.ListMembersAsync(user.Id)).Data.Single().Id);

        await console.Api.ChangePlanAsync(user.Id, new() { Plan = Plan.Basic });
        await console.Api.SuspendAsync(user.Id);
        await console.Api.ReactivateAsync(user.Id);
        await console.Api.ResetTwoFactorAsync(user.Id, member);
        await console.Pages.PostAsync(page, page + "/plan", ("plan", "professional"));
        await using (var tool = Operators.Open(server.Database.Settings))
        {
            (await tool.SetPlanAsync(user.Registration.Email, Plan.Enterprise)).OrThrow();
        }

        var entries = (await server.AuditAsync(user)).Where(e => e.ActorKind == AuditActorKind.Operator).Reverse().ToList();
        Assert.Equal(["account.update", "account.update", "account.update", "member.update", "account.update", "account.update"], entries.Where(e => !e.Action.StartsWith("recovery", StringComparison.Ordinal)).Select(e => e.Action));
        Assert.All(entries.SkipLast(1), e => Assert.Equal(console.Name, e.ActorName));
        Assert.Equal(Environment.UserName, entries[^1].ActorName);
        Assert.True((await user.Api.Audit.GetChainAsync()).IsIntact);
    }

    private static Task<PageAnswer> SignInAsync(PageClient pages, string token) => pages.PostAsync("/operator/sign-in", "/operator/sign-in", ("token", token));

    private async Task<string> CookieAsync(string token) => (await SetCookieAsync(token, "http")).Split(';')[0];

    private async Task<string> SetCookieAsync(string token, string scheme)
    {
        using var http = server.CreateClient(new() { HandleCookies = false, AllowAutoRedirect = false, BaseAddress = new($"{scheme}://localhost") });
        using var answer = await http.PostAsync("/operator/sign-in", new FormUrlEncodedContent([KeyValuePair.Create("token", token)]));
        return answer.Headers.GetValues("Set-Cookie").Single();
    }

    private async Task<HttpStatusCode> AskAsync(string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/operator") { Headers = { { "Accept", "text/html" }, { "Cookie", cookie } } };
        using var answer = await server.Anonymous().SendAsync(request);
        return answer.StatusCode;
    }
}
