using CallAgent.Client;
using Microsoft.Extensions.Time.Testing;

namespace CallAgent.Tests;

/// <summary>A company as it looks after a month of work: what screenshots show. The same at every run.</summary>
internal sealed class Showcase(TestUser user, FakeTimeProvider clock)
{
    private const int Days = 34;

    private static readonly string[] FirstNames = ["Grace", "Alan", "Edsger", "Barbara", "Donald", "Margaret", "Tim", "Radia", "Ken", "Katherine", "Linus", "Frances", "John", "Adele", "Niklaus", "Hedy"];
    private static readonly string[] LastNames = ["Hopper", "Turing", "Dijkstra", "Liskov", "Knuth", "Hamilton", "Lee", "Perlman", "Thompson", "Johnson", "Allen", "Backus", "Goldberg", "Wirth", "Lamarr", "Ritchie"];
    private static readonly string[] Companies = ["Northwind Logistics", "Bluebird Dental", "Harbor & Sons", "Acorn Insurance", "Lumen Energy", "Pine Street Legal", "Orchard Foods", "Summit Cycling"];
    private static readonly string[] Said =
    [
        "Sure, go ahead, but I only have a few minutes.", "We do most of it by hand today, and it costs us a day every week.",
        "What would it cost for twelve people?", "Send me something in writing at {0}.", "Sounds good. Let us talk again on Thursday.",
    ];

    private readonly Random random = new(7);

    /// <summary>What a page for one row shows.</summary>
    public Dictionary<string, Guid> Ids { get; } = [];

    public async Task FillAsync()
    {
        var campaigns = new List<Client.Campaign>();
        foreach (var type in Enum.GetValues<SampleType>())
        {
            campaigns.Add(await user.Api.Campaigns.CreateSampleAsync(type));
        }
        await user.Api.Campaigns.UpdateAsync(campaigns[1].Id, new() { IsActive = false });
        var contacts = new List<Client.Contact>();
        for (var day = 0; day < Days; day++)
        {
            for (var n = 0; n < 4 + day % 3; n++)
            {
                contacts.Add(await AddContactAsync(contacts.Count));
            }
            for (var n = 0; n < 6 + day % 7 * 2 - day % 2; n++)
            {
                await CallAsync(contacts[random.Next(contacts.Count)], campaigns[n % 4 == 0 ? 2 : 0]);
            }
            if (day < Days - 1)
            {
                clock.Advance(TimeSpan.FromDays(1) - (clock.GetUtcNow() - new DateTimeOffset(clock.GetUtcNow().Date.AddHours(9), TimeSpan.Zero)));
            }
        }
        await RememberAsync(campaigns, contacts);
    }

    private async Task<Client.Contact> AddContactAsync(int n)
    {
        var (first, last) = (FirstNames[n % FirstNames.Length], LastNames[(n + n / FirstNames.Length * 5) % LastNames.Length]);
        return await user.Api.Contacts.CreateAsync(new()
        {
            PhoneNumber = TestUser.NewPhone(),
            FirstName = first,
            LastName = last,
            Email = $"{first}.{last}{(n < 16 ? "" : n)}@{Companies[n % Companies.Length].Split(' ')[0]}.example".ToLowerInvariant(),
            Company = Companies[n % Companies.Length],
            Tags = n % 3 == 0 ? ["vip", "spring"] : n % 3 == 1 ? ["spring"] : [],
            CustomFields = new Dictionary<string, System.Text.Json.JsonElement> { ["seats"] = System.Text.Json.JsonSerializer.SerializeToElement(4 + n % 9 * 3) },
        });
    }

    private async Task CallAsync(Client.Contact contact, Client.Campaign campaign)
    {
        clock.Advance(TimeSpan.FromMinutes(random.Next(4, 18)));
        var call = await user.Api.Calls.CreateAsync(new() { ContactId = contact.Id, CampaignId = campaign.Id });
        await user.Api.Calls.StartAsync(call.Id);
        if (random.Next(10) is var luck && luck < 3)
        {
            await user.Api.Calls.FailAsync(call.Id, new() { Reason = luck == 0 ? "busy" : "no_answer" });
            return;
        }
        await TalkAsync(contact, call);
        await user.Api.Calls.EndAsync(call.Id, new());
        var outcomes = new[] { ContactStatus.Contacted, ContactStatus.Interested, ContactStatus.Interested, ContactStatus.Converted, ContactStatus.NotInterested, ContactStatus.Lost };
        await user.Api.Contacts.UpdateAsync(contact.Id, new() { Status = outcomes[random.Next(outcomes.Length)] });
    }

    private async Task TalkAsync(Client.Contact contact, Client.Call call)
    {
        var conversation = await user.Api.Conversations.CreateAsync(new() { CallId = call.Id });
        var line = "Hello, have you got two minutes?";
        foreach (var words in Said.Take(random.Next(2, Said.Length + 1)))
        {
            clock.Advance(TimeSpan.FromSeconds(random.Next(10, 40)));
            await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Agent, Text = line.Split('\n')[0] });
            clock.Advance(TimeSpan.FromSeconds(random.Next(5, 30)));
            var turn = await user.Api.Conversations.AppendTurnAsync(conversation.Id, new()
            {
                Speaker = Speaker.Contact,
                Text = string.Format(System.Globalization.CultureInfo.InvariantCulture, words, contact.Email),
                SentimentScore = Math.Round(random.NextDouble() * 1.4 - 0.5, 2),
            });
            line = turn.Script.Length > 0 ? turn.Script : line;
        }
        (Ids["conversations"], Ids["calls-over"]) = (conversation.Id, call.Id);
    }

    // Today: a call in the middle, some to come, one that is late.
    private async Task RememberAsync(List<Client.Campaign> campaigns, List<Client.Contact> contacts)
    {
        // The browser's clock is the real one; a timer must not have run for hours.
        if (TimeProvider.System.GetUtcNow().AddMinutes(-3) is var real && real > clock.GetUtcNow())
        {
            clock.SetUtcNow(real);
        }
        var now = clock.GetUtcNow();
        foreach (var (contact, minutes) in new[] { (contacts[3], -50), (contacts[8], 25), (contacts[11], 90), (contacts[15], 60 * 22) })
        {
            await user.Api.Calls.CreateAsync(new() { ContactId = contact.Id, CampaignId = campaigns[0].Id, ScheduledTime = now.AddMinutes(minutes) });
        }
        var call = await user.Api.Calls.CreateAsync(new() { ContactId = contacts[0].Id, CampaignId = campaigns[0].Id });
        await user.Api.Calls.StartAsync(call.Id);
        await TalkAsync(contacts[0], call);
        (Ids["calls"], Ids["contacts"], Ids["campaigns"]) = (call.Id, contacts[0].Id, campaigns[0].Id);
        var lines = Enumerable.Range(0, 12).Select(n => $"{FirstNames[n]};{LastNames[^(n + 1)]};{(n == 4 ? "call the office" : TestUser.NewPhone())};{Companies[n % Companies.Length]};{n * 4 + 3}");
        using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($"First name;Last name;Phone;Company;Seats\n{string.Join('\n', lines)}\n"));
        Ids["imports"] = (await user.Api.Imports.UploadAsync(file, "spring-fair.csv")).Id;
    }
}
