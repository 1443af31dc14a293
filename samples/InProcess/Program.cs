// CallAgent without HTTP: the same operations, in process. Runs on a SQLite database of its own, or on DATABASE_URL.
using CallAgent;
using CallAgent.Client;
using Microsoft.Extensions.DependencyInjection;

var folder = Directory.CreateTempSubdirectory("callagent-sample-").FullName;
var settings = CallAgentSettings.FromEnvironment(isDevelopment: true) with { DataFolder = folder };
await using (var provider = new ServiceCollection().AddCallAgent(settings).BuildServiceProvider())
{
    var callAgent = provider.GetRequiredService<CallAgentHost>();

    // Register a company, and another.
    var email = $"{Guid.NewGuid():N}@acme.example";
    var acmeOwner = (await callAgent.RegisterAsync(new() { Email = email, Password = "password123", FirstName = "Ada", CompanyName = "Acme Ltd" })).OrThrow();
    var rival = (await callAgent.RegisterAsync(new() { Email = $"{Guid.NewGuid():N}@globex.example", Password = "password123" })).OrThrow();

    // Authenticate by password, and later by a key.
    var signedIn = (await callAgent.SignIn.WithPasswordAsync(email, "password123")).OrThrow();
    Expect(signedIn.UserId == acmeOwner.UserId, "the password signs in");
    Expect((await callAgent.SignIn.WithPasswordAsync(email, "guess")).Problem is not null, "a wrong one does not");

    // Act as the user: everything below sees this user's rows and no others.
    await using var acme = callAgent.As(signedIn);
    var key = (await acme.ApiKeys.CreateAsync(new() { Name = "Dialer" })).OrThrow();
    Expect((await callAgent.SignIn.WithApiKeyAsync(key.Key))?.UserId == acmeOwner.UserId, "the key signs in");

    // A campaign, a contact, a call, and what was said.
    var campaign = (await acme.Campaigns.CreateSampleAsync(SampleType.Sales)).OrThrow();
    var contact = (await acme.Contacts.CreateAsync(new() { PhoneNumber = "+14155550132", FirstName = "Grace" })).OrThrow();
    var call = (await acme.Calls.CreateAsync(new() { ContactId = contact.Id, CampaignId = campaign.Id })).OrThrow();
    (await acme.Calls.StartAsync(call.Id)).OrThrow();
    var conversation = (await acme.Conversations.CreateAsync(new() { CallId = call.Id })).OrThrow();
    var turn = (await acme.Conversations.AppendTurnAsync(
        conversation.Id, new() { Speaker = Speaker.Contact, Text = "Go ahead, tell me more. My name is Grace Hopper." })).OrThrow();
    Console.WriteLine($"stage {turn.Stage} because of {turn.Transition?.Reason}; found {string.Join(", ", turn.Extracted)}");
    Console.WriteLine($"say: {turn.Script}");
    (await acme.Calls.EndAsync(call.Id, new() { DurationSeconds = 95 })).OrThrow();

    // Lists, the dashboard, usage.
    var contacts = (await acme.Contacts.ListAsync(new() { Q = "grace" })).OrThrow();
    Expect(contacts.Data is [{ Status: ContactStatus.Contacted }], "the contact is found, and was contacted by the call");
    var dashboard = (await acme.Dashboards.GetAsync()).OrThrow();
    Expect(dashboard.Stats is { TotalCalls: 1, CompletedCalls: 1, TotalConversations: 1 }, "the dashboard has counted");
    Expect(dashboard.Usage.Figures.CallsThisMonth == 1, "so has the plan");

    // Another user sees nothing of it.
    await using (var globex = callAgent.As(rival))
    {
        Expect(await globex.Contacts.FindAsync(contact.Id) is null, "another user cannot read the contact");
        Expect((await globex.Contacts.DeleteAsync(contact.Id))?.Status == 404, "nor delete it");
        Expect((await globex.Calls.ListAsync()).OrThrow().Data.Count == 0, "nor list the call");
        await globex.Account.EraseAsync();
    }

    // Erase the user with everything it has.
    await acme.Account.EraseAsync();
    Expect(await callAgent.AsAsync(acmeOwner.UserId) is null, "the user is gone");
}
Directory.Delete(folder, recursive: true);
Console.WriteLine("Everything held.");

static void Expect(bool held, string what)
{
    Console.WriteLine($"{(held ? "✓" : "✗")} {what}");
    if (!held)
    {
        Environment.Exit(1);
    }
}
