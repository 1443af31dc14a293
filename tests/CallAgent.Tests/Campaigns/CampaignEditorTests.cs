using System.Net;
using System.Text.RegularExpressions;
using CallAgent.Client;
using static CallAgent.Tests.Forms;

namespace CallAgent.Tests;

public sealed partial class CampaignEditorTests(TestServer server)
{
    [Fact]
    public async Task A_campaign_opened_and_saved_is_the_same_campaign()
    {
        var user = await server.NewUserAsync();
        var before = await user.Api.Campaigns.CreateSampleAsync(SampleType.Support);

        Assert.Equal(HttpStatusCode.SeeOther, (await SaveAsync(user, before)).StatusCode);

        var after = await user.Api.Campaigns.GetAsync(before.Id);
        Assert.Equal(Json(before), Json(after));
        static string Json(Client.Campaign c) => System.Text.Json.JsonSerializer.Serialize(c with { Version = 0, UpdatedAt = default });
    }

    [Fact]
    public async Task A_form_changes_texts_rules_order_and_fields_at_once()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync();

        await PostAsync(user, Path(campaign),
            ("version", "1"), ("name", "Autumn"), ("description", ""), ("data_collection_fields", "email\r\nbudget\r\n"),
            ("stages", "closing"), ("stages", "introduction"),
            ("script_template.introduction.script", "\r\nHi,\r\nyou"), ("script_template.introduction.transition_rules.keywords", "yes, please\r\nok\r\nok"),
            ("script_template.introduction.transition_rules.sentiment_threshold", "-0.25"), ("script_template.introduction.transition_rules.min_turns", "2"),
            ("script_template.closing.script", ""));

        var saved = await user.Api.Campaigns.GetAsync(campaign.Id);
        Assert.Equal(("Autumn", false, 2), (saved.Name, saved.IsActive, saved.Version));
        Assert.Equal(["closing", "introduction"], saved.Stages);
        Assert.Equal(["email", "budget"], saved.DataCollectionFields);
        var (stage, script) = Assert.Single(saved.ScriptTemplate);
        Assert.Equal(("introduction", "\nHi,\nyou"), (stage, script.Script));
        Assert.Equal(["yes, please", "ok"], script.TransitionRules!.Keywords);
        Assert.Equal((-0.25, 2), (script.TransitionRules.SentimentThreshold!.Value, script.TransitionRules.MinTurns!.Value));
    }

    [Fact]
    public async Task Stages_are_moved_added_and_removed_without_script_and_before_saving()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync();
        (string, string)[] form = [("version", "1"), ("name", "Spring"), ("stages", "introduction"), ("stages", "closing"), ("script_template.closing.script", "Bye <b>")];

        Assert.Equal("closing introduction", await StagesAsync(("do", "down:introduction")));
        Assert.Equal("closing introduction", await StagesAsync(("do", "up:closing")));
        Assert.Equal("introduction closing", await StagesAsync(("do", "up:introduction")));
        Assert.Equal("introduction", await StagesAsync(("do", "remove:closing")));
        Assert.Equal("introduction closing follow_up", await StagesAsync(("do", "add"), ("known_stage", "follow_up")));
        Assert.Equal("introduction closing prufung_der_identitat", await StagesAsync(("do", "add"), ("known_stage", "follow_up"), ("new_stage", "Prüfung der Identität!")));
        var refused = await PostAsync(user, Path(campaign), [.. form, ("do", "add"), ("new_stage", "Closing")]);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("There is a stage Closing already.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(campaign.Stages, (await user.Api.Campaigns.GetAsync(campaign.Id)).Stages);

        async Task<string> StagesAsync(params (string, string)[] more)
        {
            var answer = await PostAsync(user, Path(campaign), [.. form, .. more]);
            var page = await answer.Content.ReadAsStringAsync();
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("Not saved yet", page, StringComparison.Ordinal);
            Assert.True(more.Contains(("do", "remove:closing")) || page.Contains("Bye &lt;b&gt;", StringComparison.Ordinal), "What was typed is lost.");
            return string.Join(' ', StageFields().Matches(page).Select(m => m.Groups[1].Value));
        }
    }

    [Fact]
    public async Task A_script_that_is_wrong_is_shown_at_its_stage_with_its_line()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync();

        var answer = await PostAsync(user, Path(campaign),
            ("version", "1"), ("name", "Spring"), ("stages", "introduction"), ("script_template.introduction.script", "One\n{% for %}"),
            ("script_template.introduction.transition_rules.sentiment_threshold", "much"));
        var page = Text(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Must be a number from -1 to 1.", page, StringComparison.Ordinal);

        answer = await PostAsync(user, Path(campaign),
            ("version", "1"), ("name", "Spring"), ("stages", "introduction"), ("script_template.introduction.script", "One\n{% for %}"));
        page = Text(await answer.Content.ReadAsStringAsync());
        Assert.Contains("(line 2, column", page, StringComparison.Ordinal);
        Assert.Contains("{% for %}</textarea>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_saves_late_sees_both_and_overwrites_only_on_purpose()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync();
        await user.Api.Campaigns.UpdateAsync(campaign.Id, new() { Description = "Theirs" });
        (string, string)[] mine = [("name", "Spring"), ("description", "Mine"), ("stages", "introduction")];

        var answer = await PostAsync(user, Path(campaign), [.. mine, ("version", "1")]);
        var page = Text(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.StatusCode);
        Assert.Contains("""<p class="pre">Theirs</p>""", page, StringComparison.Ordinal);
        Assert.Contains("""<p class="pre">Mine</p>""", page, StringComparison.Ordinal);
        Assert.Equal("Theirs", (await user.Api.Campaigns.GetAsync(campaign.Id)).Description);

        var version = VersionField().Match(page).Groups[1].Value;
        Assert.Equal("2", version);
        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(user, Path(campaign), [.. mine, ("version", version)])).StatusCode);
        Assert.Equal("Mine", (await user.Api.Campaigns.GetAsync(campaign.Id)).Description);
    }

    [Fact]
    public async Task Of_many_who_save_from_one_version_exactly_one_wins()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n =>
            PostAsync(user, Path(campaign), ("version", "1"), ("name", $"Name {n}"), ("stages", "introduction"))));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.SeeOther);
        Assert.Equal(7, answers.Count(a => a.StatusCode == HttpStatusCode.PreconditionFailed));
        Assert.Equal(2, (await user.Api.Campaigns.GetAsync(campaign.Id)).Version);
    }

    [Fact]
    public async Task A_preview_without_script_is_for_whom_one_names_and_marks_what_is_missing()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync();
        await user.NewContactAsync("Grace", "Hopper");
        await user.NewContactAsync("Alan", "Turing");

        var answer = await PostAsync(user, Path(campaign),
            ("version", "1"), ("name", "Spring"), ("stages", "introduction"), ("do", "preview:introduction"), ("preview_contact", "hopp"),
            ("script_template.introduction.script", "Dear {{ contact.first_name }}, <i>{{ contact.company }}</i>"));

        Assert.Contains("""Dear Grace, &lt;i&gt;<mark class="gap">contact.company</mark>&lt;/i&gt;""", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty((await user.Api.Campaigns.GetAsync(campaign.Id)).ScriptTemplate);
    }

    [Fact]
    public async Task The_largest_campaign_there_can_be_is_edited_too()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync();
        var form = new List<(string, string)> { ("version", "1"), ("name", "Large") };
        for (var i = 0; i < 20; i++)
        {
            form.AddRange([("stages", $"s{i}"), ($"script_template.s{i}.script", new string('é', 20_000))]);
        }

        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(user, Path(campaign), form)).StatusCode);
        Assert.Equal(20, (await user.Api.Campaigns.GetAsync(campaign.Id)).Stages.Count);
        form.AddRange([("stages", "one_more")]);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(user, Path(campaign), [.. form.Skip(1), ("version", "2")])).StatusCode);
    }

    [Fact]
    public async Task The_library_is_told_when_it_is_late()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync();
        await using var workspace = server.Host.As(new() { UserId = user.Id, Role = MemberRole.Owner, ActorName = "Ada", Plan = Plan.Free, Status = UserStatus.Active, CompanyName = null, TimeZone = "UTC", DefaultRegion = "US" });

        workspace.ExpectedVersions = [1];
        Assert.Null((await workspace.Campaigns.UpdateAsync(campaign.Id, new() { Name = "First" })).Problem);
        Assert.Equal(Problem.Stale, (await workspace.Campaigns.UpdateAsync(campaign.Id, new() { Name = "Second" })).Problem);
        workspace.ExpectedVersions = null;
        Assert.Equal(3, (await workspace.Campaigns.UpdateAsync(campaign.Id, new() { Name = "Third" })).OrThrow().Version);
    }

    private Task<HttpResponseMessage> PostAsync(TestUser user, string path, params IEnumerable<(string Name, string Value)> fields) =>
        server.PostFormAsync(user, path, fields);

    private static string Path(Client.Campaign campaign) => $"/campaigns/{campaign.Id}";

    // As a browser would: every field of the page, with its line ends.
    private async Task<HttpResponseMessage> SaveAsync(TestUser user, Client.Campaign campaign)
    {
        var page = await user.Http.GetStringAsync(Path(campaign));
        var form = page[page.IndexOf("id=\"campaign-form\"", StringComparison.Ordinal)..];
        var fields = Inputs().Matches(form).Select(m => (Name: Name().Match(m.Value).Groups[1].Value, Value: WebUtility.HtmlDecode(Value().Match(m.Value).Groups[1].Value), Is: m.Value))
            .Where(f => f.Name.Length > 0 && (!f.Is.Contains("checkbox", StringComparison.Ordinal) || f.Is.Contains("checked", StringComparison.Ordinal)))
            .Select(f => f.Is.Contains("checkbox", StringComparison.Ordinal) ? (f.Name, "on") : (f.Name, f.Value));
        var texts = TextAreas().Matches(form).Select(m => (m.Groups[1].Value, WebUtility.HtmlDecode(m.Groups[2].Value)))
            .Select(t => (t.Item1, (t.Item2.StartsWith('\n') ? t.Item2[1..] : t.Item2).ReplaceLineEndings("\r\n")));
        return await PostAsync(user, Path(campaign), [.. fields, .. texts, ("do", "save")]);
    }

    [GeneratedRegex("name=\"stages\" value=\"([^\"]*)\"")]
    private static partial Regex StageFields();

    [GeneratedRegex("name=\"version\" value=\"([^\"]*)\"")]
    private static partial Regex VersionField();

    [GeneratedRegex("<input [^>]*>")]
    private static partial Regex Inputs();

    [GeneratedRegex(" name=\"([^\"]*)\"")]
    private static partial Regex Name();

    [GeneratedRegex(" value=\"([^\"]*)\"")]
    private static partial Regex Value();

    [GeneratedRegex("<textarea [^>]*?name=\"([^\"]*)\"[^>]*>([^<]*)</textarea>")]
    private static partial Regex TextAreas();
}
