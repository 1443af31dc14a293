using System.Net;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>The guided start, without script.</summary>
public sealed class WelcomePageTests(TestServer server)
{
    [Fact]
    public async Task From_sign_up_to_the_first_call()
    {
        var user = await server.NewUserAsync();
        var page = await PageClient.OfAsync(server, user);
        Assert.Contains("What are your calls about?", (await page.GetAsync("/welcome")).Text, StringComparison.Ordinal);

        var chosen = await page.PostAsync("/welcome", "/welcome/campaign", ("sample", "survey"));
        Assert.Equal((HttpStatusCode.SeeOther, "/welcome?step=contacts"), (chosen.Status, chosen.Location));

        // Whoever comes back later goes on where they were.
        Assert.Contains("Whom do you want to call?", (await page.GetAsync("/welcome")).Text, StringComparison.Ordinal);
        var added = await page.PostAsync("/welcome", "/welcome/contacts", ("lines", $"Grace Hopper, {TestUser.NewPhone()}, grace@navy.example\n\n{TestUser.NewPhone()}\tAlan Turing\tBletchley"));
        Assert.Equal("/welcome?step=call", added.Location);

        var ready = await page.GetAsync("/welcome");
        var (contact, campaign) = (ready.Value("contact_id")!, ready.Value("campaign_id")!);
        var call = await page.PostAsync("/welcome", "/calls/new", ("contact_id", contact), ("campaign_id", campaign), ("when", ready.Value("when")!));
        Assert.Equal(HttpStatusCode.SeeOther, call.Status);
        Assert.Equal(CallStatus.InProgress, (await user.Api.Calls.ListAsync()).Data.Single().Status);

        var contacts = (await user.Api.Contacts.ListAsync()).Data;
        Assert.Contains(contacts, c => (c.FirstName, c.LastName, c.Email) == ("Grace", "Hopper", "grace@navy.example"));
        Assert.Contains(contacts, c => (c.FirstName, c.LastName, c.Company) == ("Alan", "Turing", "Bletchley"));
    }

    [Fact]
    public async Task A_line_that_cannot_be_added_stays_with_those_after_it_and_nobody_is_added_twice()
    {
        var user = await server.NewUserAsync();
        var (first, last) = (TestUser.NewPhone(), TestUser.NewPhone());
        var page = await PageClient.OfAsync(server, user);

        var refused = await page.PostAsync("/welcome", "/welcome/contacts", ("lines", $"Grace, {first}\nAlan without a number\nBarbara, {last}"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("“Alan without a number”", refused.Error("lines"), StringComparison.Ordinal);
        Assert.Equal($"Alan without a number\nBarbara, {last}", refused.Value("lines")!.ReplaceLineEndings("\n"));
        Assert.Contains("One contact is added", refused.Text, StringComparison.Ordinal);

        await page.PostAsync("/welcome", "/welcome/contacts", ("lines", $"Grace, {first}\nBarbara, {last}"));
        Assert.Equal(2, (await user.Api.Contacts.ListAsync()).Data.Count);
        Assert.NotNull((await page.PostAsync("/welcome", "/welcome/contacts", ("lines", " \n "))).Error("lines"));
        Assert.NotNull((await page.PostAsync("/welcome", "/welcome/contacts", ("lines", string.Concat(Enumerable.Repeat("x\n", 101))))).Error("lines"));
    }

    [Fact]
    public async Task Somebody_who_may_not_add_campaigns_begins_with_contacts()
    {
        var user = await server.NewUserAsync();
        var agent = await PageClient.OfMemberAsync(server, user, MemberRole.Agent);

        Assert.Contains("Whom do you want to call?", (await agent.GetAsync("/welcome")).Text, StringComparison.Ordinal);
        Assert.Null((await agent.GetAsync("/welcome?step=campaign")).Document.QuerySelector("form[action='/welcome/campaign']"));
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.PostAsync("/welcome", "/welcome/campaign", ("sample", "sales"))).Status);
    }

    [Fact]
    public async Task Ones_own_first_words_make_a_campaign_and_a_full_plan_says_so()
    {
        const string Opening = "script_template.introduction.script";
        var user = await server.NewUserAsync();
        var page = await PageClient.OfAsync(server, user);
        var suggested = (await page.GetAsync("/welcome?step=own")).Value(Opening)!;

        var refused = await page.PostAsync("/welcome?step=own", "/welcome/own", ("name", " "), (Opening, "Hello {{ contact.first_name "));
        Assert.NotNull(refused.Error("name"));
        var untold = await page.PostAsync("/welcome?step=own", "/welcome/own", ("name", "Renewals"), (Opening, "Hello {{ contact.first_name "));
        Assert.NotNull(untold.Error(Opening));
        Assert.Equal(("Renewals", "Hello {{ contact.first_name "), (untold.Value("name"), untold.Value(Opening)));
        Assert.Equal(HttpStatusCode.BadRequest, (await page.PostAsync("/welcome", "/welcome/campaign", ("sample", "empty"))).Status);
        Assert.Empty((await user.Api.Campaigns.ListAsync()).Data);

        var written = await page.PostAsync("/welcome?step=own", "/welcome/own", ("name", "Renewals"), (Opening, suggested));

        Assert.Equal("/welcome?step=contacts", written.Location);
        var campaign = (await user.Api.Campaigns.ListAsync()).Data.Single();
        var contact = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), FirstName = "Grace" });
        var line = await user.Api.Campaigns.GetScriptAsync(campaign.Id, campaign.Stages[0], contact.Id);
        Assert.StartsWith("Hello Grace, this is ", line.Script, StringComparison.Ordinal);

        await user.NewCampaignAsync();
        await user.NewCampaignAsync();
        var full = await page.PostAsync("/welcome", "/welcome/campaign", ("sample", "sales"));
        Assert.Equal(HttpStatusCode.Forbidden, full.Status);
        Assert.Contains("The plan's limit is reached", full.Text, StringComparison.Ordinal);
    }
}
