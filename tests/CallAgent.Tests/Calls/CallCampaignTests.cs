using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>A call and its conversations belong to one campaign.</summary>
public sealed class CallCampaignTests(TestServer server)
{
    [Fact]
    public async Task A_call_with_a_conversation_keeps_its_campaign()
    {
        var user = await server.NewUserAsync();
        var (campaign, other) = (await user.NewCampaignAsync(), await user.NewCampaignAsync());
        var call = await user.NewCallAsync(campaign.Id);
        Assert.Equal(other.Id, (await user.Api.Calls.UpdateAsync(call.Id, new() { CampaignId = other.Id })).CampaignId);
        var conversation = await user.Api.Conversations.CreateAsync(new() { CallId = call.Id });
        Assert.Equal(other.Id, conversation.CampaignId);

        foreach (var elsewhere in new Guid?[] { campaign.Id, null })
        {
            var refused = await RefusedAsync(409, () => user.Api.Calls.UpdateAsync(call.Id, new() { CampaignId = elsewhere, Notes = "Moved" }));
            Assert.Equal("/problems/call-has-conversation", refused.Type);
        }

        // A call that had none may get that of its conversation.
        var late = await user.NewCallAsync();
        await user.Api.Conversations.CreateAsync(new() { CallId = late.Id, CampaignId = campaign.Id });
        Assert.Equal(campaign.Id, (await user.Api.Calls.UpdateAsync(late.Id, new() { CampaignId = campaign.Id })).CampaignId);
        Assert.Equal("Again", (await user.Api.Calls.UpdateAsync(call.Id, new() { CampaignId = other.Id, Notes = "Again" })).Notes);
        await user.Api.Conversations.DeleteAsync(conversation.Id);
        Assert.Null((await user.Api.Calls.UpdateAsync(call.Id, new() { CampaignId = null })).CampaignId);
    }

    [Fact]
    public async Task What_is_said_at_once_in_a_call_from_elsewhere_is_one_conversation()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        var call = await user.NewCallAsync();
        await user.Api.Calls.StartAsync(call.Id);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => user.PostPageAsync($"/calls/{call.Id}/turns", ("speaker", "contact"), ("text", $"word {i}"))));

        var conversation = Assert.Single((await user.Api.Conversations.ListAsync()).Data);
        Assert.Equal(6, (await user.Api.Conversations.GetAsync(conversation.Id)).Transcript!.Count);
    }

    [Fact]
    public async Task A_conversation_that_is_opened_while_its_call_changes_its_campaign_is_in_the_same()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        var (campaign, other) = (await user.NewCampaignAsync(), await user.NewCampaignAsync());
        await using var one = (await server.Host.AsAsync(user.Id))!;
        await using var two = (await server.Host.AsAsync(user.Id))!;
        for (var time = 0; time < 40; time++)
        {
            var call = await user.NewCallAsync(campaign.Id);

            var open = Task.Run(() => one.Conversations.CreateAsync(new() { CallId = call.Id }));
            var move = Task.Run(() => two.Calls.UpdateAsync(call.Id, new() { CampaignId = other.Id }));
            var (opened, moved) = ((await open).OrThrow(), await move);

            Assert.Equal(opened.CampaignId, (await one.Calls.FindAsync(call.Id))!.CampaignId);
            Assert.Equal(opened.CampaignId == campaign.Id ? 409 : null, moved.Problem?.Status);
        }
    }
}
