using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class CampaignTests(TestServer server)
{
    [Fact]
    public async Task A_campaign_has_the_first_five_stages_unless_told_otherwise()
    {
        var user = await server.NewUserAsync();

        var campaign = await user.NewCampaignAsync();

        Assert.Equal(["introduction", "needs_assessment", "solution_presentation", "objection_handling", "closing"], campaign.Stages);
        Assert.True(campaign.IsActive);
    }

    [Theory]
    [InlineData(SampleType.Sales)]
    [InlineData(SampleType.Support)]
    [InlineData(SampleType.Survey)]
    public async Task Each_sample_is_complete_and_renders_for_a_contact(SampleType type)
    {
        var user = await server.NewUserAsync();
        var (campaign, contact) = (await user.Api.Campaigns.CreateSampleAsync(type), await user.NewContactAsync());

        foreach (var stage in campaign.Stages)
        {
            var rendered = await user.Api.Campaigns.GetScriptAsync(campaign.Id, stage, contact.Id);
            Assert.True(rendered.Script.Length > 40, stage);
            Assert.Empty(rendered.Missing);
        }
        var behavior = await user.Api.Campaigns.GetBehaviorAsync(campaign.Id);
        Assert.Equal(campaign.Stages, behavior.Stages.Select(s => s.Stage));
    }

    [Fact]
    public async Task A_script_is_filled_in_and_says_what_is_missing()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.Api.Campaigns.CreateAsync(new()
        {
            Name = "Spring",
            ScriptTemplate = new Dictionary<string, StageScript>
            {
                ["introduction"] = new() { Script = "Hi {{ contact.first_name }} of {{ contact.company }}, {{ agent.name }} from {{ user.company_name }}: {{ context.offer }}" },
            },
        });
        var contact = await user.NewContactAsync();

        var rendered = await user.Api.Campaigns.RenderScriptAsync(campaign.Id, new()
        {
            Stage = "introduction",
            ContactId = contact.Id,
            Context = new Dictionary<string, System.Text.Json.JsonElement> { ["offer"] = System.Text.Json.JsonSerializer.SerializeToElement("20 %") },
        });

        Assert.Equal("Hi Grace of , Ada Lovelace from Acme Ltd: 20 %", rendered.Script);
        Assert.Equal(["contact.company"], rendered.Missing);
    }

    [Fact]
    public async Task The_stage_after_a_stage_ends_with_the_last()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync();

        Assert.Equal("needs_assessment", (await user.Api.Campaigns.GetNextStageAsync(campaign.Id, "introduction")).Next);
        Assert.True((await user.Api.Campaigns.GetNextStageAsync(campaign.Id, "closing")).IsLast);
        await InvalidAsync("stage", () => user.Api.Campaigns.GetNextStageAsync(campaign.Id, "nowhere"));
    }

    [Fact]
    public async Task Bad_campaigns_name_the_field()
    {
        var user = await server.NewUserAsync();

        await InvalidAsync("name", () => CreateAsync(new() { Name = " " }));
        await InvalidAsync("stages", () => CreateAsync(new() { Name = "x", Stages = [] }));
        await InvalidAsync("stages[1]", () => CreateAsync(new() { Name = "x", Stages = ["a", "Not A Slug"] }));
        await InvalidAsync("stages[1]", () => CreateAsync(new() { Name = "x", Stages = ["a", "a"] }));
        await InvalidAsync("script_template.nowhere", () => CreateAsync(With("nowhere", "Hi")));
        await InvalidAsync("script_template.introduction.script", () => CreateAsync(With("introduction", "{% for %}")));

        Task<Client.Campaign> CreateAsync(CreateCampaign request) => user.Api.Campaigns.CreateAsync(request);

        static CreateCampaign With(string stage, string script) =>
            new() { Name = "x", ScriptTemplate = new Dictionary<string, StageScript> { [stage] = new() { Script = script } } };
    }

    [Fact]
    public async Task A_deleted_campaign_leaves_its_calls_and_conversations()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync();
        var conversation = await user.NewConversationAsync(campaign.Id);

        await user.Api.Campaigns.DeleteAsync(campaign.Id);

        Assert.Null((await user.Api.Conversations.GetAsync(conversation.Id)).CampaignId);
        Assert.Null((await user.Api.Calls.GetAsync(conversation.CallId!.Value)).CampaignId);
        await RefusedAsync(404, () => user.Api.Campaigns.GetAsync(campaign.Id));
    }

    [Fact]
    public async Task A_change_keeps_what_it_does_not_name()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.Api.Campaigns.CreateAsync(new() { Name = "Spring", Description = "Renewals" });

        var changed = await user.Api.Campaigns.UpdateAsync(campaign.Id, new() { IsActive = false });
        Assert.Equal(("Spring", "Renewals", false), (changed.Name, changed.Description!, changed.IsActive));
        Assert.Null((await user.Api.Campaigns.UpdateAsync(campaign.Id, new() { Description = new(null) })).Description);
        Assert.Equal(0, (await user.Api.GetDashboardAsync()).Stats.ActiveCampaigns);
    }

    [Theory]
    [InlineData("Über", true)]
    [InlineData("uber STRASSE", true)]
    [InlineData("verkauf str", true)]
    [InlineData("tra", false)]
    [InlineData("über nichts", false)]
    [InlineData("&", false)]
    public async Task A_campaign_is_found_by_the_words_of_its_name(string text, bool isFound)
    {
        var user = await server.NewUserAsync();
        await user.NewCampaignAsync("Über-Straße: Verkauf");
        await user.NewCampaignAsync("Other");

        var found = await user.Api.Campaigns.ListAsync(new() { Q = text });

        Assert.Equal(isFound ? ["Über-Straße: Verkauf"] : [], found.Data.Select(c => c.Name));
    }
}
