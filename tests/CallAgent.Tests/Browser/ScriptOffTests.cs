using CallAgent.Client;
using Microsoft.Playwright;

namespace CallAgent.Tests;

/// <summary>The main flows in a browser that runs no script.</summary>
[Collection(BrowserTests.Name)]
public sealed class ScriptOffTests(Chromium chromium)
{
    private static readonly WindowOptions Plain = new() { Script = false };

    [Fact]
    public async Task A_contact_is_added_refused_corrected_and_edited()
    {
        var user = await chromium.NewUserAsync();
        await using var window = await chromium.OpenAsync(user, Plain);
        window.Expect("status of 400");
        await window.GoAsync("/contacts");
        await window.FollowAsync("Add contact");
        await window.FillAsync("Phone number", "nobody");
        await window.FillAsync("First name", "Grace");
        await window.ClickAsync("More fields");
        await window.FillAsync("Name of field 1", "seats");
        await window.Page.GetByLabel("Kind of field 1").SelectOptionAsync("number");
        await window.FillAsync("Value of field 1", "12");
        await window.ClickAsync("Add contact");
        await window.SeesAsync("Is not a phone number");

        await window.FillAsync("Phone number", "+1 415 555 2671");
        await window.ClickAsync("Add contact");
        await window.SeesAsync("Grace is added.");
        await window.FollowAsync("Edit");
        await window.FillAsync("Last name", "Hopper");
        await window.Page.GetByLabel("Status").SelectOptionAsync("interested");
        await window.ClickAsync("Save");
        await window.SeesAsync("The changes are saved.");

        var contact = Assert.Single((await user.Api.Contacts.ListAsync()).Data);
        Assert.Equal(("Grace", "Hopper", "+14155552671", ContactStatus.Interested), (contact.FirstName, contact.LastName, contact.PhoneNumber, contact.Status));
        Assert.Equal(12, contact.CustomFields["seats"].GetInt32());
    }

    [Fact]
    public async Task The_list_is_searched_filtered_ordered_and_paged()
    {
        var user = await chromium.NewUserAsync(Plan.Professional);
        for (var n = 0; n < 60; n++)
        {
            await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), FirstName = "Grace", LastName = $"Hopper {n:00}", Tags = n < 55 ? ["spring"] : [] });
        }
        await using var window = await chromium.OpenAsync(user, Plain);
        await window.GoAsync("/contacts");
        var rows = window.Page.Locator("tbody tr");

        await window.Page.Locator("summary", new() { HasText = "Filter" }).ClickAsync();
        await window.Page.Locator("#filter-tag").FillAsync("spring");
        await window.Page.GetByLabel("Order", new() { Exact = true }).SelectOptionAsync("last_name");
        await window.ClickAsync("Apply");
        await Assertions.Expect(rows).ToHaveCountAsync(50);
        await Assertions.Expect(rows.First).ToContainTextAsync("Hopper 00");
        await window.FollowAsync("Next page");
        await Assertions.Expect(rows).ToHaveCountAsync(5);
        await Assertions.Expect(rows.Last).ToContainTextAsync("Hopper 54");
        await window.FollowAsync("First page");
        await Assertions.Expect(rows).ToHaveCountAsync(50);

        await window.Page.GetByLabel("Search contacts").FillAsync("hopper 07");
        await window.PressAsync("Enter");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await window.IsAtAsync("tag=spring");
        await window.Page.Locator("a.chip.on").ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        Assert.DoesNotContain("tag=", window.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_campaign_is_made_written_ordered_previewed_and_activated()
    {
        var user = await chromium.NewUserAsync();
        await user.NewContactAsync();
        await using var window = await chromium.OpenAsync(user, Plain);
        await window.GoAsync("/campaigns/new");
        await window.FillAsync("Name", "Spring renewals");
        await window.ClickAsync("Create campaign");
        await window.SeesAsync("The campaign is there.");

        var first = window.Page.Locator("details.stage").First;
        await first.GetByLabel("What is said").FillAsync("Hello {{ contact.first_name }}, this is about {{ collected.budget }}.");
        await first.GetByLabel("When the contact says one of").FillAsync("go ahead\ntell me");
        await first.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Assertions.Expect(window.Page.Locator("#preview")).ToContainTextAsync("Hello Grace, this is about");
        await Assertions.Expect(window.Page.Locator("#preview .gap")).ToHaveCountAsync(1);
        await window.Page.GetByLabel("or one of your own").FillAsync("Proof of identity");
        await window.ClickAsync("Add stage");
        await window.ClickAsync("Move Proof of identity up");
        await window.Page.Locator("fieldset").GetByText("Active", new() { Exact = false }).First.ClickAsync();
        await window.Page.Locator(".editor-head").GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await window.SeesAsync("saved");

        var campaign = Assert.Single((await user.Api.Campaigns.ListAsync()).Data);
        Assert.True(campaign.IsActive);
        Assert.Equal("proof_of_identity", campaign.Stages[^2]);
        Assert.Equal(["go ahead", "tell me"], campaign.ScriptTemplate["introduction"].TransitionRules!.Keywords);
    }

    [Fact]
    public async Task A_whole_call_is_made_and_the_next_one_follows()
    {
        var user = await chromium.NewUserAsync();
        await user.Api.Campaigns.CreateSampleAsync(SampleType.Sales);
        await user.NewContactAsync("Ada", "Lovelace");
        await user.NewContactAsync();
        await using var window = await chromium.OpenAsync(user, Plain);
        await window.GoAsync("/calls/new");
        await window.Page.GetByLabel("Search contacts").FillAsync("grace");
        await window.ClickAsync("Choose the first Enter");
        await window.SeesAsync("Call Grace Hopper");
        await window.ClickAsync("Call now");
        await window.IsAtAsync("/calls/[0-9a-f-]{36}$");

        await window.Page.GetByLabel("What is said").FillAsync("Sure, go ahead. Mail me at grace@navy.example.");
        await window.ClickAsync("Send");
        await window.SeesAsync("On to Needs assessment");
        await Assertions.Expect(window.Page.Locator("input[name='collected.email']")).ToHaveValueAsync("grace@navy.example");
        await window.Page.GetByRole(AriaRole.Textbox, new() { Name = "Notes" }).FillAsync("Wants an offer.");
        await window.ClickAsync("Save notes");
        await window.Page.Locator(".desk-aside").GetByRole(AriaRole.Button, new() { Name = "Interested" }).First.ClickAsync();
        await window.ClickAsync("End call E");
        await window.SeesAsync("Completed");
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "Next" }).First.ClickAsync();
        await window.SeesAsync("Call Ada Lovelace");

        var call = Assert.Single((await user.Api.Calls.ListAsync()).Data);
        Assert.Equal((CallStatus.Completed, "Wants an offer."), (call.Status, call.Notes));
        Assert.Equal(ContactStatus.Interested, (await user.Api.Contacts.GetAsync(call.ContactId)).Status);
        Assert.Equal(1, Assert.Single((await user.Api.Conversations.ListAsync()).Data).TurnCount);
    }
}
