using Microsoft.Playwright;

namespace CallAgent.Tests;

/// <summary>A script as it is written, in a browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class CampaignFlowTests(Chromium chromium)
{
    [Fact]
    public async Task A_script_is_written_with_details_from_the_menu_and_read_as_the_contact_hears_it()
    {
        var user = await chromium.NewUserAsync();
        await user.NewContactAsync();
        var campaign = await user.NewCampaignAsync();
        await using var window = await chromium.OpenAsync(user);
        await window.GoAsync($"/campaigns/{campaign.Id}");
        var stage = window.Page.Locator("details.stage").First;
        var script = stage.GetByLabel("What is said");

        await script.FillAsync("Hello ");
        await stage.GetByRole(AriaRole.Button, new() { Name = "Insert a detail" }).ClickAsync();
        await window.Page.GetByRole(AriaRole.Menuitem, new() { Name = "First name", Exact = true }).ClickAsync();
        await Assertions.Expect(script).ToHaveValueAsync("Hello {{ contact.first_name }}");
        await window.Page.Keyboard.TypeAsync(" of {{ contact.company }}");
        await Assertions.Expect(window.Page.Locator("[data-preview-text]")).ToContainTextAsync("Hello Grace of");
        await Assertions.Expect(window.Page.Locator(".gap")).ToHaveTextAsync("contact.company");
        await Assertions.Expect(window.Page.Locator("[data-preview-missing]")).ToContainTextAsync("contact.company");

        await Assertions.Expect(stage.Locator(".stage-facts")).ToContainTextAsync("No script yet");
        await window.PressAsync("Control+s");
        await window.SeesAsync("Saved.");
        await Assertions.Expect(stage.Locator(".stage-facts")).ToContainTextAsync("4 words");
        Assert.Equal("Hello {{ contact.first_name }} of {{ contact.company }}", (await user.Api.Campaigns.GetAsync(campaign.Id)).ScriptTemplate["introduction"].Script);
    }

    [Fact]
    public async Task A_stage_is_dragged_and_what_is_not_saved_survives_a_reload()
    {
        var user = await chromium.NewUserAsync();
        var campaign = await user.NewCampaignAsync();
        await using var window = await chromium.OpenAsync(user);
        await window.GoAsync($"/campaigns/{campaign.Id}");
        var stages = window.Page.Locator("details.stage");
        await window.Page.Locator("details.stage[open] > summary").First.ClickAsync();

        await stages.Nth(1).Locator(".grip").DragToAsync(stages.Nth(0).Locator("summary"), new() { TargetPosition = new() { X = 60, Y = 6 } });
        await Assertions.Expect(stages.Nth(0)).ToHaveAttributeAsync("data-stage", campaign.Stages[1]);
        await Assertions.Expect(window.Page.Locator("[data-saved]").First).ToHaveTextAsync("Not saved yet");
        window.Page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await window.Page.ReloadAsync();
        await Assertions.Expect(stages.Nth(0)).ToHaveAttributeAsync("data-stage", campaign.Stages[1]);

        await window.PressAsync("Control+s");
        await window.SeesAsync("Saved.");
        Assert.Equal([campaign.Stages[1], campaign.Stages[0]], (await user.Api.Campaigns.GetAsync(campaign.Id)).Stages.Take(2));
    }
}
