using System.Net;
using CallAgent.Client;
using static CallAgent.Tests.Forms;

namespace CallAgent.Tests;

public sealed class CampaignPageTests(TestServer server)
{
    [Fact]
    public async Task An_empty_list_offers_the_samples_and_one_click_adds_one()
    {
        var user = await server.NewUserAsync();
        Assert.Contains("No campaigns yet", await user.Http.GetStringAsync("/campaigns"), StringComparison.Ordinal);

        var answer = await PostAsync(user, "/campaigns/samples", ("type", "survey"));

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        var campaign = Assert.Single((await user.Api.Campaigns.ListAsync()).Data);
        Assert.Equal($"/campaigns/{campaign.Id}", answer.Headers.Location!.ToString());
        Assert.Contains(campaign.Name, await user.Http.GetStringAsync("/campaigns"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_says_how_far_each_campaign_has_come()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync("Spring");
        var (done, _) = (await user.NewCallAsync(campaign.Id), await user.NewCallAsync(campaign.Id));
        await user.Api.Calls.StartAsync(done.Id);
        await user.Api.Calls.EndAsync(done.Id);
        await user.Api.Conversations.CreateAsync(new() { CallId = done.Id });

        Assert.Contains("1 of 2 calls over · 100% reached", Text(await user.Http.GetStringAsync("/campaigns")), StringComparison.Ordinal);
        Assert.Contains("1 of 2 calls over · 100% reached · 1 conversation", Text(await user.Http.GetStringAsync($"/campaigns/{campaign.Id}")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Hello {{ contact.first_name }}, this is {{agent.name}}.", "5 words")]
    [InlineData("{% if contact.company %}Hello {{ contact.company | upcase }}!{% endif %}", "2 words")]
    [InlineData("Hello", "1 word")]
    public async Task Words_of_a_script_are_counted_as_they_are_spoken(string script, string words)
    {
        var user = await server.NewUserAsync();
        var campaign = await user.Api.Campaigns.CreateAsync(new()
        {
            Name = "Spring",
            Stages = ["introduction"],
            ScriptTemplate = new Dictionary<string, StageScript> { ["introduction"] = new() { Script = script } },
        });

        var page = await user.PageAsync($"/campaigns/{campaign.Id}");

        Assert.Equal(words, page.QuerySelector(".stage-facts")!.TextContent.Trim());
    }

    [Fact]
    public async Task Pages_take_as_many_queries_for_many_campaigns_as_for_one()
    {
        var user = await server.NewUserAsync(Plan.Professional);
        var campaign = await user.NewCampaignAsync();
        await user.NewCallAsync(campaign.Id);
        Assert.Equal(3, await server.CommandsAsync(user.Id, () => user.Http.GetStringAsync("/campaigns")));
        Assert.Equal(4, await server.CommandsAsync(user.Id, () => user.Http.GetStringAsync($"/campaigns/{campaign.Id}")));

        for (var i = 0; i < 12; i++)
        {
            await user.NewCallAsync((await user.NewCampaignAsync($"Number {i}")).Id);
        }

        Assert.Equal(3, await server.CommandsAsync(user.Id, () => user.Http.GetStringAsync("/campaigns")));
    }

    [Fact]
    public async Task A_list_is_searched_filtered_and_sorted_by_its_address()
    {
        var user = await server.NewUserAsync();
        await user.NewCampaignAsync("Autumn");
        var paused = await user.NewCampaignAsync("Spring");
        await user.Api.Campaigns.UpdateAsync(paused.Id, new() { IsActive = false });

        Assert.DoesNotContain("Autumn", await user.Http.GetStringAsync("/campaigns?is_active=false"), StringComparison.Ordinal);
        Assert.DoesNotContain("Spring", await user.Http.GetStringAsync("/campaigns?q=autu"), StringComparison.Ordinal);
        var sorted = await user.Http.GetStringAsync("/campaigns?sort=name&q=&is_active=");
        Assert.True(sorted.IndexOf("Autumn", StringComparison.Ordinal) < sorted.IndexOf("Spring", StringComparison.Ordinal));
        Assert.Contains("No campaign matches", await user.Http.GetStringAsync("/campaigns?q=winter"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_click_pauses_and_activates_and_comes_back_to_the_same_list()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync();

        var answer = await PostAsync(user, $"/campaigns/{campaign.Id}/state", ("is_active", "false"), ("back", "/campaigns?q=spring"));
        Assert.Equal("/campaigns?q=spring", answer.Headers.Location!.ToString());
        Assert.False((await user.Api.Campaigns.GetAsync(campaign.Id)).IsActive);

        answer = await PostAsync(user, $"/campaigns/{campaign.Id}/state", ("is_active", "true"), ("back", "//evil.example"));
        Assert.Equal("/campaigns", answer.Headers.Location!.ToString());
        Assert.True((await user.Api.Campaigns.GetAsync(campaign.Id)).IsActive);
    }

    [Fact]
    public async Task A_new_campaign_that_is_refused_keeps_what_was_typed()
    {
        var user = await server.NewUserAsync();

        var answer = await PostAsync(user, "/campaigns/new", ("name", " "), ("description", "For those who left"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await answer.Content.ReadAsStringAsync();
        Assert.Contains("For those who left", page, StringComparison.Ordinal);
        Assert.Contains("id=\"field-name-error\"", page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(user, "/campaigns/new", ("name", "Spring"))).StatusCode);
    }

    [Fact]
    public async Task A_plan_without_room_says_so_and_what_to_do()
    {
        var user = await server.NewUserAsync();
        for (var i = 0; i < 3; i++)
        {
            await user.NewCampaignAsync();
        }
        var first = (await user.Api.Campaigns.ListAsync()).Data[0];

        foreach (var answer in new[]
        {
            await PostAsync(user, "/campaigns/new", ("name", "Fourth")),
            await PostAsync(user, "/campaigns/samples", ("type", "sales")),
            await PostAsync(user, $"/campaigns/{first.Id}/duplicate"),
        })
        {
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            var page = Text(await answer.Content.ReadAsStringAsync());
            Assert.Contains("The Free plan has 3 campaigns, and all are in use.", page, StringComparison.Ordinal);
            Assert.Contains("href=\"/usage\"", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_copy_is_paused_and_has_everything_but_the_calls()
    {
        var user = await server.NewUserAsync();
        var sample = await user.Api.Campaigns.CreateSampleAsync(SampleType.Sales);

        var answer = await PostAsync(user, $"/campaigns/{sample.Id}/duplicate");

        var copy = await user.Api.Campaigns.GetAsync(Guid.Parse(answer.Headers.Location!.ToString()[^36..]));
        Assert.Equal((sample.Name + " (copy)", false), (copy.Name, copy.IsActive));
        Assert.Equal(sample.Stages, copy.Stages);
        Assert.Equal(sample.DataCollectionFields, copy.DataCollectionFields);
        Assert.Equal(sample.ScriptTemplate.Select(s => (s.Key, s.Value.Script)).Order(), copy.ScriptTemplate.Select(s => (s.Key, s.Value.Script)).Order());
    }

    [Fact]
    public async Task A_deleted_campaign_leaves_its_calls_and_no_counters()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync();
        var call = await user.NewCallAsync(campaign.Id);

        Assert.Equal(HttpStatusCode.SeeOther, (await PostAsync(user, $"/campaigns/{campaign.Id}/delete")).StatusCode);

        Assert.Null((await user.Api.Calls.GetAsync(call.Id)).CampaignId);
        Assert.Equal(HttpStatusCode.NotFound, (await user.Http.GetAsync($"/campaigns/{campaign.Id}")).StatusCode);
        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        Assert.DoesNotContain(db.Counters.Select(c => c.Name).ToList(), n => n.StartsWith(CounterNames.OfCampaigns, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_user_s_campaign_is_not_there()
    {
        var (user, stranger) = (await server.NewUserAsync(), await server.NewUserAsync());
        var path = $"/campaigns/{(await user.NewCampaignAsync()).Id}";

        Assert.Equal(HttpStatusCode.NotFound, (await stranger.Http.GetAsync(path)).StatusCode);
        foreach (var (at, action) in new[] { ("", "save"), ("", "show"), ("", "preview:introduction"), ("/state", ""), ("/duplicate", ""), ("/delete", "") })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(stranger, path + at, ("do", action), ("name", "Mine"), ("stages", "introduction"))).StatusCode);
        }
    }

    private Task<HttpResponseMessage> PostAsync(TestUser user, string path, params IEnumerable<(string Name, string Value)> fields) =>
        server.PostFormAsync(user, path, fields);
}
