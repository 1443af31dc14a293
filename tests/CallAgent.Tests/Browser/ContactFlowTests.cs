using CallAgent.Client;
using Microsoft.Playwright;

namespace CallAgent.Tests;

/// <summary>What people do with contacts all day, in a browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class ContactFlowTests(Chromium chromium)
{
    [Fact]
    public async Task A_detail_is_changed_where_it_stands_by_keys_alone_and_a_refusal_is_said_there()
    {
        var user = await chromium.NewUserAsync();
        var contact = await user.NewContactAsync();
        await using var window = (await chromium.OpenAsync(user)).Expect("status of 400");
        await window.GoAsync("/contacts");
        var company = window.Page.Locator("inline-edit[data-field=company] .cell");

        await company.FocusAsync();
        await window.PressAsync("Enter");
        await window.Page.Keyboard.TypeAsync("Navy");
        await window.PressAsync("Enter");
        await Assertions.Expect(company).ToContainTextAsync("Navy");
        await Assertions.Expect(company).ToBeFocusedAsync();
        await window.PressAsync("Enter");
        await window.Page.Keyboard.TypeAsync("Army");
        await window.PressAsync("Escape");
        await Assertions.Expect(company).ToContainTextAsync("Navy");

        await window.Page.Locator("inline-edit[data-field=phone_number] .cell").ClickAsync();
        await window.Page.Keyboard.TypeAsync("nobody");
        await window.PressAsync("Enter");
        await Assertions.Expect(window.Page.Locator("inline-edit .error")).ToContainTextAsync("Is not a phone number");
        await window.PressAsync("Escape");
        await window.SeesAsync(contact.PhoneNumber);

        await window.Page.Locator("inline-edit[data-field=status] .cell").ClickAsync();
        await window.Page.Locator("inline-edit select").SelectOptionAsync("interested");
        await Assertions.Expect(window.Page.Locator("inline-edit[data-field=status] .badge")).ToHaveTextAsync("Interested");
        var changed = await user.Api.Contacts.GetAsync(contact.Id);
        Assert.Equal(("Navy", ContactStatus.Interested), (changed.Company, changed.Status));
    }

    [Fact]
    public async Task Selected_rows_are_tagged_and_deleted_at_once()
    {
        var user = await chromium.NewUserAsync();
        foreach (var name in new[] { "Ada", "Grace", "Edsger" })
        {
            await user.NewContactAsync(name);
        }
        await using var window = await chromium.OpenAsync(user);
        await window.GoAsync("/contacts");
        await Assertions.Expect(window.Page.Locator("#bulk")).ToBeHiddenAsync();

        await window.Page.GetByLabel("Select all on this page").CheckAsync();
        await window.SeesAsync("3 selected");
        await window.Page.GetByLabel("Select Ada Hopper").UncheckAsync();
        await window.Page.GetByLabel("Tag", new() { Exact = true }).Last.FillAsync("spring");
        await window.ClickAsync("Add");
        await window.SeesAsync("2 contacts are changed.");
        await Assertions.Expect(window.Page.Locator("td .tag")).ToHaveCountAsync(2);
        await window.Page.Locator("#bulk").GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await window.SeesAsync("Delete 2 contacts with their calls");
        await window.ClickAsync("Go ahead");
        await Assertions.Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        Assert.Equal("Ada", Assert.Single((await user.Api.Contacts.ListAsync()).Data).FirstName);
    }

    [Fact]
    public async Task The_status_of_many_is_chosen_first_and_asked_about_where_one_would_be_lost()
    {
        var user = await chromium.NewUserAsync();
        await user.NewContactAsync("Ada");
        var grace = await user.NewContactAsync();
        await user.Api.Contacts.UpdateAsync(grace.Id, new() { Status = ContactStatus.Interested });
        await using var window = await chromium.OpenAsync(user);
        await window.GoAsync("/contacts");
        var chips = window.Page.GetByRole(AriaRole.Navigation, new() { Name = "Status", Exact = true });
        await window.Page.GetByLabel("Select all on this page").First.CheckAsync();

        await window.ClickAsync("Set status");
        await Assertions.Expect(window.Page.Locator("#bulk [name=status]")).ToBeFocusedAsync();
        await window.Page.Locator("#bulk [name=status]").SelectOptionAsync("lost");
        await window.ClickAsync("Set status");
        await window.SeesAsync("Set 2 contacts to Lost?");
        await window.PressAsync("Escape");
        Assert.Equal(ContactStatus.Interested, (await user.Api.Contacts.GetAsync(grace.Id)).Status);
        await window.ClickAsync("Set status");
        await window.ClickAsync("Go ahead");

        await window.SeesAsync("2 contacts are changed.");
        await Assertions.Expect(chips.GetByRole(AriaRole.Link, new() { Name = "Lost 2" })).ToBeVisibleAsync();
        await Assertions.Expect(chips.GetByRole(AriaRole.Link, new() { Name = "New 0" })).ToBeVisibleAsync();
        await Assertions.Expect(window.Page.Locator("#bulk [name=status]")).ToHaveValueAsync("");
    }

    [Fact]
    public async Task On_a_phone_rows_are_selected_sorted_and_changed_as_on_a_desk()
    {
        var user = await chromium.NewUserAsync();
        foreach (var name in new[] { "Ada", "Grace", "Edsger" })
        {
            await user.NewContactAsync(name, name);
        }
        await using var window = await chromium.OpenAsync(user, WindowOptions.Phone);
        await window.GoAsync("/contacts");

        await window.Page.GetByLabel("Select Grace Grace").CheckAsync();
        await window.SeesAsync("1 selected");
        await window.Page.Locator("#bulk").GetByLabel("All on this page").CheckAsync();
        await window.SeesAsync("3 selected");
        await window.Page.GetByLabel("Select Ada Ada").UncheckAsync();
        await window.Page.Locator("#bulk").GetByLabel("Status").SelectOptionAsync("interested");
        await window.ClickAsync("Set status");
        await window.SeesAsync("2 contacts are changed.");
        await Assertions.Expect(window.Page.Locator("td .badge", new() { HasText = "Interested" })).ToHaveCountAsync(2);

        await window.Page.Locator("#bulk").GetByLabel("Select none").ClickAsync();
        await window.Page.Locator("summary", new() { HasText = "Filter" }).ClickAsync();
        await window.Page.GetByLabel("Order", new() { Exact = true }).SelectOptionAsync("last_name");
        await window.ClickAsync("Apply");
        await window.IsAtAsync("sort=last_name");
        Assert.Equal(["Ada Ada", "Edsger Edsger", "Grace Grace"], await window.Page.Locator("tbody .row-link").AllTextContentsAsync());
    }

    [Fact]
    public async Task Search_follows_what_is_typed_and_keeps_the_other_filters()
    {
        var user = await chromium.NewUserAsync();
        await user.NewContactAsync("Grace");
        await user.NewContactAsync("Ada");
        await using var window = await chromium.OpenAsync(user);
        await window.GoAsync("/contacts?status=new");

        await window.PressAsync("/");
        await window.Page.Keyboard.TypeAsync("gra");

        await Assertions.Expect(window.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await window.IsAtAsync("status=new");
        Assert.Contains("q=gra", await window.Page.Locator("#filters .chip").Nth(2).GetAttributeAsync("href"));
    }

    [Fact]
    public async Task A_card_is_dragged_and_moved_by_keys_and_comes_back_when_the_server_refuses()
    {
        var user = await chromium.NewUserAsync();
        var contact = await user.NewContactAsync();
        await using var window = (await chromium.OpenAsync(user, new() { Width = 1900 })).Expect("status of 404");
        await window.GoAsync("/contacts/board");
        await window.Page.Locator("[data-armed]").First.WaitForAsync();

        await window.Page.Locator(".lane-card").DragToAsync(window.Page.Locator("[data-status=interested] .lane-cards"));
        await IsInAsync("interested");
        await window.Page.Locator(".lane-card .row-link").FocusAsync();
        await window.PressAsync("Shift+ArrowLeft");
        await IsInAsync("contacted");
        await Assertions.Expect(window.Page.Locator("[data-said]")).ToHaveTextAsync("Grace Hopper is now in Contacted.");
        await window.PressAsync("m");
        await window.Page.Keyboard.PressAsync("Tab");
        await window.PressAsync("Enter");
        await IsInAsync("interested");
        for (var wait = 0; wait < 100 && (await user.Api.Contacts.GetAsync(contact.Id)).Status != ContactStatus.Interested; wait++)
        {
            await Task.Delay(50);
        }
        Assert.Equal(ContactStatus.Interested, (await user.Api.Contacts.GetAsync(contact.Id)).Status);

        await window.Page.RouteAsync("**/api/contacts/*", route => route.FulfillAsync(new() { Status = 404, ContentType = "application/problem+json", Body = """{"title":"Not found","status":404}""" }));
        await window.Page.Locator(".lane-card .row-link").FocusAsync();
        await window.PressAsync("Shift+ArrowRight");
        await window.SeesAsync("Not found");
        await IsInAsync("interested");

        async Task IsInAsync(string status)
        {
            await Assertions.Expect(window.Page.Locator($"[data-status={status}] .lane-card")).ToHaveCountAsync(1);
            await Assertions.Expect(window.Page.Locator($"[data-status={status}] .count")).ToHaveTextAsync("1");
        }
    }

    [Fact]
    public async Task What_one_window_changes_the_other_shows()
    {
        var user = await chromium.NewUserAsync();
        var contact = await user.NewContactAsync();
        await using var window = await chromium.OpenAsync(user);
        await window.GoAsync($"/contacts/{contact.Id}");
        await window.Page.WaitForTimeoutAsync(500);

        await user.Api.Contacts.UpdateAsync(contact.Id, new() { FirstName = "Amazing" });

        await Assertions.Expect(window.Page.Locator("h1")).ToHaveTextAsync("Amazing Hopper");
    }

    [Fact]
    public async Task Without_script_a_contact_is_found_moved_tagged_and_deleted()
    {
        var user = await chromium.NewUserAsync();
        await user.NewContactAsync();
        await using var window = await chromium.OpenAsync(user, new() { Script = false });
        await window.GoAsync("/contacts/board");
        await window.Page.Locator(".lane-menu summary").ClickAsync();
        await window.ClickAsync("Interested");
        await window.SeesAsync("Grace Hopper is now in Interested.");
        await window.Page.Locator(".lane-card .row-link").ClickAsync();
        await window.Page.GetByLabel("New tag").FillAsync("vip");
        await window.ClickAsync("Add tag");
        await window.SeesAsync("vip");
        await window.Page.Locator("inline-edit[data-field=company] .cell").ClickAsync();
        await window.IsAtAsync("/edit");
        await window.FillAsync("Company", "Navy");
        await window.ClickAsync("Save");
        await window.SeesAsync("The changes are saved.");

        await window.GoAsync("/contacts?tag=vip");
        await window.Page.GetByLabel("Select Grace Hopper").CheckAsync();
        await window.Page.Locator("#bulk").GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await window.SeesAsync("Delete 1 contact?");
        await window.ClickAsync("Delete");
        await window.SeesAsync("1 contact is deleted.");
    }
}
