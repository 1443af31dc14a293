using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using CallAgent.Client;
using CallAgent.Server;

namespace CallAgent.Tests;

/// <summary>
/// Attacks the pages as it is done to the API: every page with another user's ids, every form that stands on the other
/// user's pages sent by the attacker, every form sent without its token or from another site (T-01, T-02, S-08).
/// </summary>
public sealed partial class PageAttackTests(TestServer server)
{
    // Forms that a page has only while something is going on; they have no fields.
    private static readonly string[] Passing =
    [
        "/contacts/imports/{id:guid}/cancel", "/contacts/imports/{id:guid}/undo", "/calls/{id:guid}/correct", "/calls/{id:guid}/cancel", "/calls/{id:guid}/keep", "/settings/members/{id:guid}/reactivate", "/settings/members/leave",
        "/settings/security/two-factor/confirm", "/settings/security/two-factor/codes", "/settings/security/two-factor/off",
        "/impersonation/end",
    ];

    // Forms of people who are not signed in; tests of their own send them.
    private static readonly string[] Open =
        ["/sign-in", "/sign-in/code", "/sign-up", "/forgot-password", "/reset-password", "/verify-email", "/confirm-email", "/accept-invitation"];

    [Fact]
    public async Task No_page_shows_another_users_data_and_foreign_ids_are_answered_like_random_ones() => Assert.Empty(await AttackPagesAsync(server));

    [Fact]
    public async Task The_attack_on_pages_notices_a_forgotten_filter()
    {
        await using var weak = new WeakServer { WithoutFilter = true };

        var findings = await AttackPagesAsync(weak);

        // On PostgreSQL row-level security alone holds.
        Assert.Equal(TestDatabase.IsPostgres, findings.Count == 0);
    }

    [Fact]
    public async Task No_form_changes_another_users_rows()
    {
        var (victim, attacker) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        var forms = await FormsAsync(victim);
        var browser = await Browser.OfAsync(server, attacker);
        var before = await Snapshot.OfAsync(server.Database, victim.User.Id);
        var findings = new List<string>();
        // What ends the attacker's own session or account comes last.
        foreach (var form in forms.OrderBy(f => f.Path is "/sign-out" or "/settings/members/leave" || f.Path.Contains("account", StringComparison.Ordinal)))
        {
            // The victim's own words in its fields would come back as the attacker's.
            var fields = form.Fields.Select(f => KeyValuePair.Create(f.Key, f.Value.Replace(victim.Canary, attacker.Canary, StringComparison.Ordinal)));
            var answer = await browser.SendAsync(form.Path, fields);
            if (answer.Body.Contains(victim.Canary, StringComparison.Ordinal))
            {
                findings.Add($"{form.Path} shows the other user's data.");
            }
            if (answer.Status >= 500)
            {
                findings.Add($"{form.Path} answers {answer.Status}.");
            }
        }
        var after = await Snapshot.OfAsync(server.Database, victim.User.Id);
        findings.AddRange(before.Where(table => after[table.Key] != table.Value).Select(table => $"Rows of {table.Key} were changed."));

        Assert.Empty(findings);
    }

    [Fact]
    public async Task Every_route_of_a_form_is_reached_by_a_form_on_some_page()
    {
        var estate = await Estate.CreateAsync(server);
        var reached = (await FormsAsync(estate)).Select(f => f.Path.Split('?')[0]).Concat(Open).ToHashSet();

        Assert.All(PageWalk.Of(server).Where(p => p.Method == "POST"), page =>
            Assert.True(reached.Contains(page.For(estate)) || reached.Any(path => Matches(page, path)), $"No page has a form for {page.Pattern}."));
    }

    [Fact]
    public async Task A_form_without_its_token_or_from_elsewhere_is_refused()
    {
        var estate = await Estate.CreateAsync(server);
        var (browser, forms) = (await Browser.OfAsync(server, estate), await FormsAsync(estate));
        var before = await Snapshot.OfAsync(server.Database, estate.User.Id);
        foreach (var form in forms)
        {
            // An upload has its token in the address.
            var bare = await browser.SendAsync(form.Path.Split("?_token")[0], form.Fields, token: false);
            Assert.True(bare.Status == 403, $"{form.Path} without a token: {bare.Status}");
            var foreign = await browser.SendAsync(form.Path, form.Fields, origin: "https://evil.example");
            Assert.True(foreign.Status == 403, $"{form.Path} from elsewhere: {foreign.Status}");
        }
        Assert.Equal(before, await Snapshot.OfAsync(server.Database, estate.User.Id));
    }

    [Fact]
    public async Task Each_role_may_exactly_what_the_policy_says_on_every_page()
    {
        var estate = await Estate.CreateAsync(server);
        Assert.All(PageWalk.Of(server), p => Assert.True(p.IsOpen ^ p.Permission is not null, $"{p.Name} declares nothing."));
        var findings = new List<string>();
        foreach (var role in Enum.GetValues<MemberRole>())
        {
            var browser = await Browser.OfMemberAsync(server, estate, role);
            foreach (var page in PageWalk.Of(server).Where(p => p is { IsOpen: false, Pattern: not "/events" }))
            {
                var path = page.HasId ? page.ForNobody(estate) : page.For(estate);
                // Forms are sent empty: what is allowed refuses them for what they lack.
                var answer = page.Method == "GET" ? await browser.GetAsync(path) : await browser.SendAsync(path, []);
                var refused = answer.Status == 403 && answer.Body.Contains("Your role does not allow this", StringComparison.Ordinal);
                if (refused == Permissions.Allows(role, page.Permission!.Value))
                {
                    findings.Add($"{role} on {page.Name}: {answer.Status}");
                }
            }
        }
        Assert.Empty(findings);
    }

    private static async Task<List<string>> AttackPagesAsync(TestServer server)
    {
        var (victim, attacker) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        var browser = await Browser.OfAsync(server, attacker);
        var findings = new List<string>();
        foreach (var page in PageWalk.Of(server).Where(p => p is { Method: "GET", IsOpen: false, Pattern: not "/events" }))
        {
            var own = await browser.GetAsync(page.For(attacker));
            var foreign = await browser.GetAsync(page.For(victim));
            var random = await browser.GetAsync(page.HasId ? page.ForNobody(attacker) : page.For(victim));
            if (own.Status != 200 && own.Status != 303)
            {
                findings.Add($"{page.Pattern} answers {own.Status} to its owner.");
            }
            if ((own.Body + foreign.Body).Contains(victim.Canary, StringComparison.Ordinal))
            {
                findings.Add($"{page.Pattern} shows the other user's data.");
            }
            if (page.HasId && (foreign.Status < 400 || foreign.Status != random.Status || Anonymise(foreign.Body) != Anonymise(random.Body)))
            {
                findings.Add($"{page.Pattern} tells a foreign id ({foreign.Status}) from a random one ({random.Status}).");
            }
            foreach (var query in new[] { "contact_id", "campaign_id", "call_id" })
            {
                var asked = await browser.GetAsync($"{page.For(attacker)}?{query}={victim.Ids[query]}");
                if (asked.Status >= 500 || asked.Body.Contains(victim.Canary, StringComparison.Ordinal))
                {
                    findings.Add($"{page.Pattern} with a foreign {query} answers {asked.Status} and may show the other user's data.");
                }
            }
        }
        return findings;
    }

    // All forms on all pages of a user, each once by its address and the names of its fields.
    private async Task<List<SentForm>> FormsAsync(Estate estate)
    {
        var browser = await Browser.OfAsync(server, estate);
        var forms = new List<SentForm>();
        var paths = PageWalk.Of(server).Where(p => p is { Method: "GET", IsOpen: false } && !p.IsStream()).Select(p => p.For(estate));
        foreach (var path in paths.Concat(["/welcome?step=campaign", "/welcome?step=own", "/welcome?step=contacts", $"/calls/new?contact_id={estate.Ids["contact_id"]}"]))
        {
            using var document = await new HtmlParser().ParseDocumentAsync((await browser.GetAsync(path, decode: false)).Body);
            forms.AddRange(document.Forms.Where(f => f.Method == "post").Select(f => SentForm.Of(f, path)));
        }
        forms.AddRange(PageWalk.Of(server).Where(p => Passing.Contains(p.Pattern)).Select(p => new SentForm(p.For(estate), [])));
        return [.. forms.DistinctBy(f => f.Path + string.Join(',', f.Fields.Select(x => x.Key)))];
    }

    private static bool Matches(PageWalk page, string path) =>
        Regex.IsMatch(path, "^" + Regex.Replace(page.Pattern, "\\{[^}]*\\}", "[^/]+") + "$", RegexOptions.NonBacktracking);

    private static string Anonymise(string body) => Varying().Replace(body, "…");

    [GeneratedRegex("nonce=\"[^\"]*\"|[0-9a-f]{8}-[0-9a-f-]{27}|<code>[0-9a-f]{32}</code>|callagent_[a-z]+")]
    private static partial Regex Varying();

    /// <summary>A form as a person would send it: every field filled.</summary>
    private sealed record SentForm(string Path, IReadOnlyList<KeyValuePair<string, string>> Fields)
    {
        public static SentForm Of(IHtmlFormElement form, string page)
        {
            var action = form.GetAttribute("action");
            var path = string.IsNullOrEmpty(action) ? page : new Uri(new Uri("http://localhost" + page), action).PathAndQuery;
            var fields = form.Elements.Select(e => (Name: e.GetAttribute("name"), Value: ValueOf(e)))
                .Where(f => f.Name is not null and not FormToken.Field).Select(f => KeyValuePair.Create(f.Name!, f.Value));
            return new(path, [.. fields]);
        }

        private static string ValueOf(IElement element) => element switch
        {
            IHtmlInputElement { Type: "checkbox" or "radio" } box => box.Value is { Length: > 0 } value ? value : "on",
            IHtmlInputElement { Type: "hidden" } hidden => hidden.Value,
            IHtmlInputElement { Value.Length: > 0 } input => input.Value,
            IHtmlInputElement { Type: "tel" } => TestUser.NewPhone(),
            IHtmlInputElement { Type: "email" } => "stolen@example.com",
            IHtmlInputElement { Type: "datetime-local" } => "2030-01-01T10:00",
            IHtmlInputElement { Type: "number" } => "1",
            IHtmlSelectElement { Value: { Length: > 0 } } select => select.Value,
            IHtmlSelectElement select => select.Options.Length > 0 ? select.Options[^1].Value : "",
            IHtmlButtonElement button => button.Value,
            _ => "stolen",
        };
    }

    /// <summary>What a browser does, as far as an attack needs it.</summary>
    private sealed class Browser(HttpClient http)
    {
        public static Task<Browser> OfAsync(TestServer server, Estate estate) =>
            SignInAsync(server, estate.User.Registration.Email, estate.User.Registration.Password);

        public static async Task<Browser> OfMemberAsync(TestServer server, Estate estate, MemberRole role) =>
            role == MemberRole.Owner // There is never a second one.
                ? await OfAsync(server, estate)
                : await SignInAsync(server, await Members.AddAsync(server, estate.User.Id, role), Members.Password);

        // Decoded, so that a word is found however it is written.
        public async Task<(int Status, string Body)> GetAsync(string path, bool decode = true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } };
            using var response = await http.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            return ((int)response.StatusCode, decode ? WebUtility.HtmlDecode(body) : body);
        }

        public async Task<(int Status, string Body)> SendAsync(
            string path, IEnumerable<KeyValuePair<string, string>> fields, bool token = true, string? origin = null)
        {
            var value = token ? TokenIn((await GetAsync("/contacts")).Body) : "";
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new FormUrlEncodedContent(fields.Append(KeyValuePair.Create(FormToken.Field, value))),
                Headers = { { "Accept", "text/html" } },
            };
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }
            using var response = await http.SendAsync(request);
            return ((int)response.StatusCode, WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync()));
        }

        private static async Task<Browser> SignInAsync(TestServer server, string email, string password)
        {
            var http = server.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = server.ClientOptions.BaseAddress });
            await new CallAgentClient(http).Auth.LoginAsync(new() { Email = email, Password = password });
            return new(http);
        }

        private static string TokenIn(string page) => Regex.Match(page, "name=\"form-token\" content=\"([^\"]*)\"", RegexOptions.NonBacktracking).Groups[1].Value;
    }
}
