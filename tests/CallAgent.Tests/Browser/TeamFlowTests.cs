using CallAgent.Client;
using Microsoft.Playwright;

namespace CallAgent.Tests;

/// <summary>A team, in two browsers: invited, joined, given another role, deactivated, removed.</summary>
[Collection(BrowserTests.Name)]
public sealed class TeamFlowTests(Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Somebody_is_invited_joins_gets_another_role_and_is_deactivated(bool script)
    {
        var owner = await chromium.NewUserAsync();
        var email = $"{Guid.CreateVersion7():N}@example.com";
        await using var boss = await chromium.OpenAsync(owner, new() { Script = script });
        await using var grace = (await chromium.OpenAsync(new() { Script = script })).Expect("status of 40");
        await boss.GoAsync("/settings/members");
        await boss.Page.GetByLabel("E-mail", new() { Exact = true }).First.FillAsync(email);
        await boss.Page.GetByLabel("Role", new() { Exact = true }).SelectOptionAsync("agent");
        await boss.ClickAsync("Invite");
        await boss.SeesAsync($"An invitation is on its way to {email}.");
        var replaced = await chromium.Server.LinkAsync(email, "invites you");
        await boss.ClickAsync($"Send again to {email}");
        await boss.SeesAsync("A new invitation is on its way");
        var link = await chromium.Server.LinkAsync(email, "invites you", nth: 2);

        await grace.GoAsync(replaced);
        await grace.SeesAsync("This link does not work any more");
        await grace.GoAsync(link);
        await grace.SeesAsync("Join Acme Ltd");
        await grace.FillAsync("First name", "Grace");
        await grace.FillAsync("Last name", "Hopper");
        await grace.FillAsync("Password", "password123");
        await grace.ClickAsync("Join");
        await grace.SeesAsync("Welcome to Acme Ltd.");
        await grace.GoAsync("/contacts/new");
        await grace.SeesAsync("Phone number");
        await grace.GoAsync("/settings/keys");
        await grace.SeesAsync("Your role does not allow this");

        await boss.GoAsync("/settings/members");
        await boss.FollowAsync("Grace Hopper");
        await boss.Page.GetByLabel("Role", new() { Exact = true }).SelectOptionAsync("viewer");
        await boss.ClickAsync("Change role");
        await boss.SeesAsync("Grace Hopper is a viewer now.");
        await grace.GoAsync("/contacts/new");
        await grace.SeesAsync("Your role does not allow this");
        await grace.GoAsync("/settings/members");
        await Assertions.Expect(grace.Page.GetByText("Invite somebody")).ToHaveCountAsync(0);

        await boss.ClickAsync("Deactivate");
        await boss.SeesAsync("Grace Hopper is deactivated and signed out.");
        await grace.GoAsync("/contacts");
        await grace.IsAtAsync("/sign-in");
        await grace.FillAsync("E-mail", email);
        await grace.FillAsync("Password", "password123");
        await grace.ClickAsync("Sign in");
        await grace.SeesAsync("Your access was deactivated");
        await boss.Page.GetByLabel("Yes, remove Grace Hopper").CheckAsync();
        await boss.ClickAsync("Remove");
        await boss.SeesAsync("Grace Hopper is removed.");
        Assert.Single((await owner.Api.Members.ListAsync()).Data);
    }

    [Fact]
    public async Task The_ownership_is_passed_on_and_the_former_owner_leaves()
    {
        var owner = await chromium.NewUserAsync();
        var heir = await Members.AddAsync(chromium.Server, owner.Id, MemberRole.Admin);
        await using var window = (await chromium.OpenAsync(owner)).Expect("status of 400");
        await window.GoAsync("/settings/members");
        await window.SeesAsync("To leave, pass the ownership on first");
        await window.FollowAsync(heir);
        await window.FillAsync("Your password", "not this one");
        await window.ClickAsync("Make owner");
        await window.ClickAsync("Go ahead");
        await window.SeesAsync("Is not your password.");
        await window.FillAsync("Your password", owner.Registration.Password);
        await window.ClickAsync("Make owner");
        await window.ClickAsync("Go ahead");
        await window.SeesAsync($"{heir} is the owner now, and you are an admin.");

        await window.GoAsync("/settings/members");
        await window.FillAsync("Your password", owner.Registration.Password);
        await window.ClickAsync("Leave");
        await window.ClickAsync("Go ahead");
        await window.SeesAsync("You have left the team.");
        await window.GoAsync("/contacts");
        await window.IsAtAsync("/sign-in");
    }
}
