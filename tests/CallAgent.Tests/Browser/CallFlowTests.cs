using CallAgent.Client;
using Microsoft.Playwright;

namespace CallAgent.Tests;

/// <summary>A call as a rep makes it, in a browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class CallFlowTests(Chromium chromium)
{
    [Fact]
    public async Task A_whole_call_is_made_without_the_mouse()
    {
        var user = await CallerAsync();
        await user.NewContactAsync("Ada", "Lovelace");
        await user.NewContactAsync();
        await using var window = await chromium.OpenAsync(user);
        await window.GoAsync("/calls/new");
        await window.Page.Keyboard.TypeAsync("grace");
        await window.PressAsync("Enter");
        await window.SeesAsync("Call Grace Hopper");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "Call now" })).ToBeFocusedAsync();
        await window.PressAsync("Enter");
        await Assertions.Expect(window.Page.GetByLabel("What is said")).ToBeFocusedAsync();

        await window.Page.Keyboard.TypeAsync("Sure, go ahead. Mail me at grace@navy.example.");
        await window.PressAsync("Enter");
        await window.SeesAsync("On to Needs assessment");
        await window.SeesAsync("keyword \"go ahead\"");
        await Assertions.Expect(window.Page.Locator("input[name='collected.email']")).ToHaveValueAsync("grace@navy.example");
        await window.PressAsync("Alt+u");
        await Assertions.Expect(window.Page.Locator(".rail [aria-current=step]")).ToHaveTextAsync("Introduction");
        await window.PressAsync("Alt+]");
        await Assertions.Expect(window.Page.Locator(".rail [aria-current=step]")).ToHaveTextAsync("Needs assessment");
        await window.PressAsync("Alt+o");
        await window.Page.Keyboard.TypeAsync("Wants an offer.");
        await Assertions.Expect(window.Page.Locator("[data-saved]")).ToHaveTextAsync("Saved");
        await window.PressAsync("Escape", "3");
        await Assertions.Expect(window.Page.Locator("[name=contact_status][aria-pressed=true]")).ToContainTextAsync("Interested");
        await window.PressAsync("e");
        await Assertions.Expect(window.Page.Locator("#desk-head .badge")).ToHaveTextAsync("Completed");
        await window.PressAsync("n");
        await window.SeesAsync("Call Ada Lovelace");

        var call = Assert.Single((await user.Api.Calls.ListAsync()).Data);
        Assert.Equal((CallStatus.Completed, "Wants an offer."), (call.Status, call.Notes));
        Assert.Equal(ContactStatus.Interested, (await user.Api.Contacts.GetAsync(call.ContactId)).Status);
    }

    [Fact]
    public async Task Who_does_not_answer_is_tried_again_and_the_next_one_is_a_key_away()
    {
        var user = await CallerAsync();
        var call = await user.NewCallAsync();
        await using var window = await chromium.OpenAsync(user);
        await window.GoAsync($"/calls/{call.Id}");
        await window.PressAsync("s");
        await Assertions.Expect(window.Page.GetByLabel("What is said")).ToBeFocusedAsync();
        await window.PressAsync("Alt+a");
        await window.SeesAsync("Try again");
        // It is open already: the key leads into it.
        await window.PressAsync("c");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "In an hour" })).ToBeFocusedAsync();
        await window.Page.GetByLabel("Day and time").FillAsync("2031-01-15T09:30");
        await window.PressAsync("Enter");
        await window.SeesAsync("A call is scheduled for");
        await window.IsAtAsync($"/calls/{call.Id}");
        Assert.Contains(new(2031, 1, 15, 9, 30, 0, TimeSpan.Zero), (await user.Api.Calls.ListAsync()).Data.Select(c => c.ScheduledTime));

        await window.PressAsync("c");
        await Assertions.Expect(window.Page.GetByRole(AriaRole.Button, new() { Name = "In an hour" })).ToBeFocusedAsync();
        await window.PressAsync("n");
        await window.IsAtAsync("/calls$");
        Assert.Equal([CallStatus.NoAnswer, CallStatus.Scheduled], (await user.Api.Calls.ListAsync()).Data.Select(c => c.Status).Order().Reverse());
    }

    [Fact]
    public async Task A_call_that_is_just_being_ended_does_not_ask_before_the_next_one()
    {
        var user = await CallerAsync();
        var call = await user.NewCallAsync();
        await user.Api.Calls.StartAsync(call.Id);
        await using var window = await chromium.OpenAsync(user);
        await window.GoAsync($"/calls/{call.Id}");
        await window.Page.RouteAsync("**/status", async route =>
        {
            await Task.Delay(500);
            await route.ContinueAsync();
        });

        await window.PressAsync("Alt+e", "Alt+n");

        await window.IsAtAsync("/calls$");
        Assert.Equal(CallStatus.Completed, (await user.Api.Calls.GetAsync(call.Id)).Status);
    }

    [Fact]
    public async Task What_is_said_without_a_network_waits_over_a_reload_and_is_sent_once()
    {
        var user = await CallerAsync();
        var call = await user.NewCallAsync((await user.Api.Campaigns.ListAsync()).Data[0].Id);
        await user.Api.Calls.StartAsync(call.Id);
        await using var window = await chromium.OpenAsync(user);
        window.Expect("Failed to load resource");
        await window.GoAsync($"/calls/{call.Id}");
        await window.Page.RouteAsync("**/turns", route => route.AbortAsync());

        await window.Page.GetByLabel("What is said").FillAsync("First this.");
        await window.PressAsync("Enter");
        await window.SeesAsync("No connection. One turn waits here and will be sent.");
        await window.Page.GetByLabel("What is said").FillAsync("Then that.");
        await window.PressAsync("Enter");
        window.Page.Dialog += (_, dialog) => dialog.AcceptAsync();
        await window.Page.ReloadAsync();
        await window.SeesAsync("2 turns wait here and will be sent.");
        await window.Page.UnrouteAsync("**/turns");

        await Assertions.Expect(window.Page.Locator(".turn:not(.waiting)")).ToHaveCountAsync(2);
        await Assertions.Expect(window.Page.Locator(".waiting")).ToHaveCountAsync(0);
        var conversation = Assert.Single((await user.Api.Conversations.ListAsync()).Data);
        Assert.Equal(["First this.", "Then that."], (await user.Api.Conversations.GetAsync(conversation.Id)).Transcript!.Select(t => t.Text));
    }

    [Fact]
    public async Task A_session_that_ends_in_the_middle_of_a_call_loses_nothing()
    {
        var user = await CallerAsync();
        var call = await user.NewCallAsync();
        await user.Api.Calls.StartAsync(call.Id);
        await using var window = (await chromium.OpenAsync(user)).Expect("status of 401");
        await window.GoAsync($"/calls/{call.Id}");
        await window.Context.ClearCookiesAsync();

        await window.Page.GetByLabel("What is said").FillAsync("Still here.");
        await window.PressAsync("Enter");
        var dialog = window.Page.Locator("dialog[open]");
        await dialog.GetByLabel("E-mail").FillAsync(user.Registration.Email);
        await dialog.GetByLabel("Password").FillAsync(user.Registration.Password);
        await window.PressAsync("Enter");

        await Assertions.Expect(window.Page.Locator(".turn:not(.waiting)")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("Still here."));
        Assert.Equal(1, Assert.Single((await user.Api.Conversations.ListAsync()).Data).TurnCount);
    }

    [Fact]
    public async Task A_call_that_goes_on_is_told_on_every_other_page_until_it_is_over()
    {
        var user = await CallerAsync();
        var (first, second) = (await user.NewCallAsync(), await user.NewCallAsync());
        await using var window = await chromium.OpenAsync(user);
        var told = window.Page.Locator("#running-call");
        await StartAsync(window, first);
        await window.GoAsync("/contacts");
        await Assertions.Expect(told).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("You are in a call0:\\d\\dBack to it"));
        await Assertions.Expect(told).ToHaveAttributeAsync("href", $"/calls/{first.Id}");
        await window.BreaksNoRuleAsync();

        // Another one in between does not make it forgotten.
        await StartAsync(window, second);
        await Assertions.Expect(told).ToHaveAttributeAsync("href", $"/calls/{first.Id}");
        await EndAsync(window);
        await window.GoAsync("/campaigns");
        await told.ClickAsync();
        await window.IsAtAsync($"/calls/{first.Id}$");
        await Assertions.Expect(told).ToBeHiddenAsync();
        await EndAsync(window);
        await window.GoAsync("/contacts");

        await ForgetsAsync(window);
        await Assertions.Expect(told).ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_call_that_was_ended_elsewhere_or_is_another_ones_is_not_told()
    {
        var user = await CallerAsync();
        var (call, others) = (await user.NewCallAsync(), await user.NewCallAsync());
        using var machine = chromium.Server.Anonymous();
        machine.DefaultRequestHeaders.Add("X-API-Key", (await user.Api.ApiKeys.CreateAsync(new() { Name = "Dialer" })).Key);
        await new CallAgentClient(machine).Calls.StartAsync(others.Id);
        await using var window = await chromium.OpenAsync(user);
        await window.GoAsync($"/calls/{others.Id}");
        Assert.False(await RemembersAsync(window));
        await StartAsync(window, call);
        Assert.True(await RemembersAsync(window));
        await user.Api.Calls.EndAsync(call.Id);

        await window.GoAsync("/contacts");

        await ForgetsAsync(window);
        await Assertions.Expect(window.Page.Locator("#running-call")).ToBeHiddenAsync();
    }

    private static async Task StartAsync(Window window, Client.Call call)
    {
        await window.GoAsync($"/calls/{call.Id}");
        await window.ClickAsync("Start S");
        await Assertions.Expect(window.Page.Locator("call-desk[data-status=in_progress]")).ToBeVisibleAsync();
    }

    private static async Task EndAsync(Window window)
    {
        await window.ClickAsync("End call E");
        await Assertions.Expect(window.Page.Locator("call-desk[data-status=completed]")).ToBeVisibleAsync();
    }

    // When the server has answered that nothing goes on.
    private static async Task ForgetsAsync(Window window)
    {
        for (var patience = 0; await RemembersAsync(window); patience++)
        {
            Assert.True(patience < 100, "A call that is over is still remembered.");
            await Task.Delay(100);
        }
    }

    private static Task<bool> RemembersAsync(Window window) =>
        window.Page.EvaluateAsync<bool>("Object.keys(localStorage).some(k => k.startsWith('running-call:'))");

    private async Task<TestUser> CallerAsync()
    {
        var user = await chromium.NewUserAsync();
        await user.Api.Campaigns.CreateSampleAsync(SampleType.Sales);
        return user;
    }
}
