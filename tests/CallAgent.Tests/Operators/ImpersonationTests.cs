using System.Net;
using System.Net.Http.Json;
using CallAgent.Client;
using CallAgent.Server;
using Microsoft.Extensions.Time.Testing;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>An operator at work within a user: how it begins, what is closed, how it ends, and what the user reads of it.</summary>
public sealed class ImpersonationTests(TestServer server)
{
    [Fact]
    public async Task A_link_from_the_API_opens_it_once_by_a_button_under_a_banner()
    {
        var (console, user) = (await OperatorBrowser.OfAsync(server), await server.NewUserAsync());
        await user.Api.Auth.UpdateProfileAsync(new() { CompanyName = "Bluebird <Dental>" });

        var begun = await console.Api.ImpersonateAsync(user.Id, new() { Reason = " Ticket <4711> ", Minutes = 7 });
        var path = new Uri(begun.Link!).PathAndQuery;
        var pages = NewBrowser();
        var button = await pages.GetAsync(path);
        Assert.Equal(HttpStatusCode.SeeOther, (await pages.GetAsync("/dashboard")).Status);
        var code = button.Document.QuerySelector("input[name=code]")!.GetAttribute("value")!;
        var entered = await pages.PostAsync(path, "/operator/enter", ("code", code));

        Assert.Equal((user.Id, console.Name, "Ticket <4711>", TimeSpan.FromMinutes(7)), (begun.UserId, begun.Operator, begun.Reason, begun.ExpiresAt - begun.CreatedAt));
        Assert.Equal("/dashboard", entered.Location);
        var banner = (await pages.GetAsync("/dashboard")).Document.QuerySelector(".acting")!;
        Assert.Equal($"Operator {console.Name} at work in Bluebird <Dental>", Forms.Text(banner.QuerySelector("p")!.TextContent).Split(" until")[0]);
        Assert.Contains("Ticket <4711>", banner.TextContent);
        Assert.Equal("/impersonation/end", banner.QuerySelector("form")!.GetAttribute("action"));
        Assert.Equal(HttpStatusCode.Gone, (await NewBrowser().PostAsync(path, "/operator/enter", ("code", code))).Status);
        var listed = Assert.Single((await console.Api.ListImpersonationsAsync(user.Id)).Data);
        Assert.Equal(begun with { Link = null }, listed);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_by_name()
    {
        var (console, user) = (await OperatorBrowser.OfAsync(server), await server.NewUserAsync());
        var page = $"/operator/users/{user.Id}";

        await InvalidAsync("reason", () => console.Api.ImpersonateAsync(user.Id, new() { Reason = " " }));
        await InvalidAsync("reason", () => console.Api.ImpersonateAsync(user.Id, new() { Reason = new string('x', 201) }));
        await InvalidAsync("reason", () => console.Api.ImpersonateAsync(user.Id, new() { Reason = "a\0b" }));
        await InvalidAsync("minutes", () => console.Api.ImpersonateAsync(user.Id, new() { Reason = "x", Minutes = 0 }));
        await InvalidAsync("minutes", () => console.Api.ImpersonateAsync(user.Id, new() { Reason = "x", Minutes = 61 }));
        await RefusedAsync(404, () => console.Api.ImpersonateAsync(Guid.CreateVersion7(), new() { Reason = "x" }));
        foreach (var (reason, minutes, field) in new[] { ("", "30", "reason"), ("x", "0", "minutes"), ("x", "61", "minutes"), ("x", "soon", "minutes"), ("x", "", "minutes") })
        {
            var refused = await console.Pages.PostAsync(page, page + "/impersonate", ("reason", reason), ("minutes", minutes));
            Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
            Assert.NotNull(refused.Error(field));
            Assert.Equal((reason, minutes), (refused.Value("reason"), refused.Value("minutes")));
        }
        await console.Api.SuspendAsync(user.Id);
        await RefusedAsync(409, () => console.Api.ImpersonateAsync(user.Id, new() { Reason = "x" }));

        Assert.Empty((await console.Api.ListImpersonationsAsync(user.Id)).Data);
        Assert.False(await console.IsInsideAsync());
    }

    [Fact]
    public async Task It_may_read_and_work_and_everything_else_is_closed_on_every_route_and_page()
    {
        var (estate, console) = (await Estate.CreateAsync(server), await OperatorBrowser.OfAsync(server));
        await console.ImpersonateAsync(estate.User.Id);
        var (findings, closed, unmarked) = (new List<string>(), 0, new List<string>());
        foreach (var route in Routes.Of(server).Where(r => r.IsData))
        {
            var request = route.Attacks(estate, estate).FirstOrDefault()?.WithRandom ?? new Request(route.Method, route.Pattern, route.BodyOf(estate));
            using var message = new HttpRequestMessage(new(request.Method), request.Path) { Content = request.Body is null ? null : JsonContent.Create(request.Body) };
            using var answer = await console.Http.SendAsync(message);
            Judge(route.Name, route.Endpoint, await answer.Content.ReadAsStringAsync(), answer.StatusCode);
        }
        foreach (var page in PageWalk.Of(server).Where(p => p is { IsOpen: false, Pattern: not "/events" and not "/impersonation/end" }))
        {
            var path = page.HasId ? page.ForNobody(estate) : page.For(estate);
            var answer = page.Method == "GET" ? await console.Pages.GetAsync(path) : await console.Pages.PostAsync("/contacts", path);
            Judge(page.Name, page.Endpoint, answer.Body, answer.Status);
            if (answer.Location is null && !page.IsStream() && answer.Document.QuerySelector(".acting form[action='/impersonation/end']") is null)
            {
                unmarked.Add(page.Name);
            }
        }

        Assert.Empty(findings);
        Assert.Empty(unmarked);
        Assert.True(closed > 60, $"Only {closed} were closed.");
        Assert.True(await console.IsInsideAsync());

        void Judge(string name, Microsoft.AspNetCore.Routing.RouteEndpoint endpoint, string said, HttpStatusCode status)
        {
            var needs = endpoint.Metadata.GetMetadata<NeedsPermission>()!.Permission;
            var isOpen = needs is Permission.Read or Permission.Work && endpoint.Metadata.GetMetadata<TakesDataOut>() is null;
            var isRefused = status == HttpStatusCode.Forbidden && (said.Contains("/problems/not-for-operators", StringComparison.Ordinal) || said.Contains("Not while you are at work here", StringComparison.Ordinal));
            closed += isRefused ? 1 : 0;
            if (isOpen == isRefused)
            {
                findings.Add($"{name} needs {needs}: {(int)status}");
            }
        }
    }

    [Fact]
    public void Every_route_that_answers_with_a_file_of_data_is_known_as_one()
    {
        string[] files = ["text/csv", "application/jsonl", "application/zip"];
        var answering = Routes.Of(server).Where(r => r.Endpoint.Metadata.OfType<Microsoft.AspNetCore.Http.Metadata.IProducesResponseTypeMetadata>().Any(p => p.StatusCode == 200 && p.ContentTypes.Intersect(files).Any()));

        Assert.Equal(Routes.Of(server).Where(r => r.Endpoint.Metadata.GetMetadata<TakesDataOut>() is not null).Select(r => r.Name).Order(), answering.Select(r => r.Name).Order());
        Assert.Contains("GET /api/imports/{id:guid}/failed.csv", answering.Select(r => r.Name));
    }

    [Fact]
    public async Task All_that_is_done_stands_under_the_operators_name_in_the_users_own_log()
    {
        var (console, user) = (await OperatorBrowser.OfAsync(server), await server.NewUserAsync());
        await console.ImpersonateAsync(user.Id, "Ticket 4711", 20);

        using (var made = await console.Http.PostAsJsonAsync("/api/contacts", new { phone_number = TestUser.NewPhone(), first_name = "Grace" }))
        {
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        }
        await console.Pages.GetAsync("/contacts");
        await console.Pages.GetAsync("/settings/keys");
        await console.Pages.PostAsync("/usage", "/impersonation/end");

        var entries = (await server.AuditAsync(user)).Where(e => e.ActorKind == AuditActorKind.Operator).ToList();
        Assert.Equal(
            new HashSet<string> { "impersonation.begin", "contact.create", "contact.list", "access.deny", "impersonation.end" }, entries.Select(e => e.Action).ToHashSet());
        Assert.All(entries, e => Assert.Equal((console.Name, entries[0].ActorId), (e.ActorName, e.ActorId)));
        var begun = entries.Single(e => e.Action == "impersonation.begin");
        Assert.Equal(("Ticket 4711", begun.ActorId), (begun.Details["reason"].GetString(), begun.ResourceId));
        Assert.InRange(begun.Details["until"].GetDateTimeOffset() - begun.OccurredAt, TimeSpan.FromMinutes(19.9), TimeSpan.FromMinutes(20));
        Assert.True((await user.Api.Audit.GetChainAsync()).IsIntact);
        var owner = await PageClient.OfAsync(server, user);
        var page = (await owner.GetAsync("/settings/audit")).Text;
        Assert.Contains($"Operator {console.Name}", page);
        Assert.Contains("Came to work in this account", page);
        Assert.Contains($"Operator {console.Name}", (await user.PageAsync($"/contacts/{(await user.Api.Contacts.ListAsync()).Data.Single().Id}")).Body!.TextContent);
    }

    [Fact]
    public async Task The_user_sees_who_is_inside_as_long_as_it_lasts()
    {
        var (console, user) = (await OperatorBrowser.OfAsync(server), await server.NewUserAsync());
        var owner = await PageClient.OfAsync(server, user);
        await console.ImpersonateAsync(user.Id, "Ticket 4712");

        Assert.Contains($"Operator {console.Name} of the installation is at work in your account", (await owner.GetAsync("/settings/audit")).Text);
        Assert.Contains("Ticket 4712", (await console.Pages.GetAsync($"/operator/users/{user.Id}")).Text);
        await console.Api.EndImpersonationsAsync(user.Id);

        Assert.DoesNotContain("is at work in your account", (await owner.GetAsync("/settings/audit")).Text);
    }

    [Fact]
    public async Task It_ends_by_the_banner_by_an_operator_with_the_user_and_with_the_operator()
    {
        var endings = new (string Why, Func<OperatorBrowser, TestUser, Task> End)[]
        {
            ("ended", (console, _) => console.Pages.PostAsync("/dashboard", "/impersonation/end")),
            ("ended", (console, _) => console.Pages.PostAsync("/dashboard", "/sign-out")),
            ("ended", (console, user) => console.Api.EndImpersonationsAsync(user.Id)),
            ("ended", (console, user) => console.Pages.PostAsync($"/operator/users/{user.Id}", $"/operator/users/{user.Id}/impersonations/end")),
            ("user-not-active", (console, user) => console.Api.SuspendAsync(user.Id)),
            ("operator-removed", (console, _) => server.Host.Operators!.Accounts.RemoveAsync(console.Name)),
        };
        foreach (var (why, end) in endings)
        {
            var (console, user) = (await OperatorBrowser.OfAsync(server), await server.NewUserAsync());
            await console.ImpersonateAsync(user.Id);
            var copy = console.ImpersonationCookie();
            Assert.True(await console.IsInsideAsync() && await IsInsideAsync(copy));

            await end(console, user);

            // A copied cookie is worth nothing from that moment on, also where the browser has forgotten its own.
            Assert.False(await IsInsideAsync(copy), why);
            Assert.False(await console.IsInsideAsync(), why);
            // Nor does letting the user in again bring it back.
            await server.SetStatusAsync(user.Id, UserStatus.Active);
            Assert.False(await IsInsideAsync(copy), why);
            var ended = Assert.Single(await server.AuditAsync(user, "impersonation"), e => e.Action == "impersonation.end");
            Assert.Equal((why, console.Name), (ended.Details["why"].GetString(), ended.Details["operator"].GetString()));
        }
    }

    [Fact]
    public async Task It_ends_with_the_user_that_is_erased_and_nothing_of_it_is_kept()
    {
        var (console, user) = (await OperatorBrowser.OfAsync(server), await server.NewUserAsync());
        await console.ImpersonateAsync(user.Id);
        await user.Api.Auth.DeleteAccountAsync(new() { Password = user.Registration.Password });

        Assert.False(await console.IsInsideAsync());
        Assert.Empty(await server.Host.Operators!.Impersonations.ListAsync(user.Id));
    }

    [Fact]
    public async Task It_ends_by_itself_at_its_time_which_nothing_moves()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var timed = new TestServer { Clock = clock };
        var (console, idle, user) = (await OperatorBrowser.OfAsync(timed), await OperatorBrowser.OfAsync(timed), await timed.NewUserAsync());
        await console.ImpersonateAsync(user.Id, minutes: 20);
        await idle.ImpersonateAsync(user.Id, minutes: 20);
        var late = await console.Api.ImpersonateAsync(user.Id, new() { Reason = "Too late", Minutes = 60 });

        for (var minutes = 0; minutes < 19; minutes++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            Assert.True(await console.IsInsideAsync());
        }
        clock.Advance(TimeSpan.FromMinutes(1));
        var over = await console.Pages.GetAsync("/contacts");
        await timed.Host.Operators!.Impersonations.EndOverAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, over.Status);
        Assert.Contains("Your time there is over", over.Text);
        Assert.Contains("This link does not work any more", (await NewBrowser(timed).PostAsync("/operator/enter", "/operator/enter", ("code", late.Link!.Split("code=")[1]))).Text);
        await timed.Host.AuditSealer.SealAllAsync();
        await using var workspace = (await timed.Host.AsAsync(user.Id))!;
        var ended = (await workspace.Audit.ListAsync(new() { Filters = new Dictionary<string, string> { ["action"] = "impersonation.end" } })).OrThrow().Data;
        Assert.Equal(["time-over", "time-over"], ended.Select(e => e.Details["why"].GetString()));
        Assert.All(ended, e => Assert.Equal(AuditActorKind.System, e.ActorKind));
    }

    [Fact]
    public async Task Its_forms_need_its_own_token_and_afterwards_ones_own_session_is_there_again()
    {
        var (console, inside, own) = (await OperatorBrowser.OfAsync(server), await server.NewUserAsync(), await server.NewUserAsync());
        await inside.NewContactAsync("Inside", "Contact");
        await own.NewContactAsync("Own", "Contact");
        await new CallAgentClient(console.Http).Auth.LoginAsync(new() { Email = own.Registration.Email, Password = own.Registration.Password });
        var ownToken = (await console.Pages.GetAsync("/contacts")).Document.QuerySelector("meta[name=form-token]")!.GetAttribute("content")!;
        await console.ImpersonateAsync(inside.Id);

        Assert.Contains("Inside Contact", (await console.Pages.GetAsync("/contacts")).Text);
        foreach (var token in new[] { ownToken, "" })
        {
            using var foreign = await console.Http.PostAsync("/impersonation/end", new FormUrlEncodedContent([KeyValuePair.Create(FormToken.Field, token)]));
            Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        }
        Assert.Equal($"/operator/users/{inside.Id}", (await console.Pages.PostAsync("/dashboard", "/impersonation/end")).Location);

        Assert.Contains("Own Contact", (await console.Pages.GetAsync("/contacts")).Text);
        Assert.Equal(HttpStatusCode.NotFound, (await console.Pages.PostAsync("/contacts", "/impersonation/end")).Status);
    }

    [Fact]
    public async Task The_tool_prints_a_link_for_who_has_the_databases_credentials()
    {
        using var database = TestDatabase.Create();
        await using var host = await CallAgentHost.StartAsync(database.Settings);
        var registration = TestServer.NewRegistration();
        var user = (await host.RegisterAsync(registration)).OrThrow();

        Assert.Equal(2, (await OperatorTool.RunAsync(database, "users", "impersonate", registration.Email)).ExitCode);
        Assert.Contains("minutes: Must be between 1 and 60.", (await OperatorTool.RunAsync(database, "users", "impersonate", registration.Email, "--reason", "x", "--minutes", "90")).Errors);
        Assert.Contains("Nobody is registered", (await OperatorTool.RunAsync(database, "users", "impersonate", "a@b.example", "--reason", "x")).Errors);
        var (exit, link, errors) = await OperatorTool.RunAsync(database, "users", "impersonate", registration.Email, "--reason", "Ticket 4711", "--minutes", "5");

        Assert.True(exit == 0, errors);
        var token = (await host.Operators!.Impersonations.EnterAsync(link.Trim().Split("code=")[1])).OrThrow().Token;
        var principal = await host.SignIn.WithImpersonationAsync(token);
        Assert.Equal((user.UserId, MemberRole.Agent, $"Operator {Environment.UserName}"), (principal!.UserId, principal.Role, principal.ActorName));
        Assert.Contains("1 ended", (await OperatorTool.RunAsync(database, "users", "end-impersonations", registration.Email)).Errors);
        Assert.Null(await host.SignIn.WithImpersonationAsync(token));
    }

    private PageClient NewBrowser(TestServer? of = null) => new((of ?? server).CreateClient(new() { AllowAutoRedirect = false, BaseAddress = server.ClientOptions.BaseAddress }), Guid.Empty);

    private async Task<bool> IsInsideAsync(string secret)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/contacts") { Headers = { { "Accept", "text/html" }, { "Cookie", $"callagent_impersonation={secret}" } } };
        using var answer = await server.Anonymous().SendAsync(request);
        return answer.StatusCode == HttpStatusCode.OK;
    }
}
