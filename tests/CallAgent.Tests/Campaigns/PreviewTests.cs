using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class PreviewTests(TestServer server)
{
    [Fact]
    public async Task A_text_that_is_not_saved_is_filled_in_and_its_gaps_have_their_places()
    {
        var user = await server.NewUserAsync();
        var (campaign, contact) = (await user.NewCampaignAsync("Spring"), await user.NewContactAsync());

        var preview = await user.Api.Campaigns.PreviewAsync(new()
        {
            Script = "Hi {{ contact.first_name }} of {{ contact.company }}: {{ campaign.name }}, {{ contact.company | append: '!' }}{{ context.offer }}",
            CampaignId = campaign.Id,
            ContactId = contact.Id,
            Context = new Dictionary<string, System.Text.Json.JsonElement> { ["offer"] = System.Text.Json.JsonSerializer.SerializeToElement("20 %") },
        });

        Assert.Equal("Hi Grace of : Spring, !20 %", preview.Script);
        Assert.Equal([new(12, "contact.company"), new(22, "contact.company")], preview.Gaps);
        Assert.Equal(["contact.company"], preview.Missing);
        Assert.Equal(["contact.first_name", "contact.company", "campaign.name", "context.offer"], preview.Variables);
        Assert.Null(preview.Error);
        Assert.Empty((await user.Api.Campaigns.GetAsync(campaign.Id)).ScriptTemplate);
    }

    [Fact]
    public async Task What_is_missing_in_captured_text_is_named_without_a_place()
    {
        var user = await server.NewUserAsync();

        var preview = await user.Api.Campaigns.PreviewAsync(new() { Script = "{% capture x %}a{{ contact.company }}{% endcapture %}{{ x }}{{ contact.email }}" });

        Assert.Equal(["contact.company", "contact.email"], preview.Missing);
        Assert.Equal([new(1, "contact.email")], preview.Gaps);
    }

    [Fact]
    public async Task What_is_wrong_is_part_of_the_answer()
    {
        var user = await server.NewUserAsync();

        var unreadable = await user.Api.Campaigns.PreviewAsync(new() { Script = "One\ntwo {% for %}" });
        Assert.Equal((2, ""), (unreadable.Error!.Line!.Value, unreadable.Script));
        Assert.DoesNotContain("line", unreadable.Error.Message, StringComparison.Ordinal);

        var stopped = await user.Api.Campaigns.PreviewAsync(new() { Script = "One {{ 1 | divided_by: 0 }}" });
        Assert.Equal((null, "One "), (stopped.Error!.Line, stopped.Script));
        Assert.NotEmpty(stopped.Error.Message);

        await InvalidAsync("script", () => user.Api.Campaigns.PreviewAsync(new() { Script = new string('x', 20_001) }));
    }

    [Fact]
    public async Task Another_user_s_contact_or_campaign_fills_nothing()
    {
        var (user, stranger) = (await server.NewUserAsync(), await server.NewUserAsync());
        var (campaign, contact) = (await user.NewCampaignAsync(), await user.NewContactAsync());

        await RefusedAsync(404, () => stranger.Api.Campaigns.PreviewAsync(new() { Script = "{{ contact.first_name }}", ContactId = contact.Id }));
        await RefusedAsync(404, () => stranger.Api.Campaigns.PreviewAsync(new() { Script = "{{ campaign.name }}", CampaignId = campaign.Id }));
    }

    [Fact]
    public async Task A_key_that_may_not_read_contacts_does_not_read_one_through_a_script()
    {
        var user = await server.NewUserAsync();
        var (campaign, contact) = (await user.NewCampaignAsync(), await user.NewContactAsync());
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Add("X-API-Key", (await user.Api.ApiKeys.CreateAsync(new() { Name = "k", Scopes = ["campaigns:write", "campaigns:read"] })).Key);
        var key = new Client.CallAgentClient(http);

        Assert.Equal("Hi ", (await key.Campaigns.PreviewAsync(new() { Script = "Hi {{ contact.email }}" })).Script);
        foreach (var request in new Func<Task>[]
        {
            () => key.Campaigns.PreviewAsync(new() { Script = "{{ contact.email }}", ContactId = contact.Id }),
            () => key.Campaigns.RenderScriptAsync(campaign.Id, new() { Stage = "introduction", ContactId = contact.Id }),
            () => key.Campaigns.GetScriptAsync(campaign.Id, "introduction", contact.Id),
        })
        {
            Assert.Equal("/problems/scope-missing", (await RefusedAsync(403, request)).Type);
        }
    }
}
