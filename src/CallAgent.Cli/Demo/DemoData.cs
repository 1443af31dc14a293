using CallAgent.Client;

namespace CallAgent.Cli;

/// <summary>What the demo's companies are and whom they call. Numbers are fictional ones of the 555-01xx kind.</summary>
internal sealed record DemoData(Register Registration, SampleType[] Campaigns, CreateContact[] Contacts)
{
    public const string Password = "password123";

    public static DemoData Acme { get; } = new(
        new() { Email = "owner@acme.example", Password = Password, FirstName = "Ada", LastName = "Lovelace", CompanyName = "Acme Ltd" },
        [SampleType.Sales, SampleType.Survey],
        [
            Contact("+14155550101", "Grace", "Hopper", "Harbor Freight Lines", "vip", "west"),
            Contact("+14155550102", "Alan", "Turing", "Bletchley Bakery", "west"),
            Contact("+14155550103", "Katherine", "Johnson", "Orbit Logistics", "vip"),
            Contact("+14155550104", "Edsger", "Dijkstra", "Shortest Path Couriers", "west"),
            Contact("+14155550105", "Barbara", "Liskov", "Substitute Staffing"),
            Contact("+14155550106", "Donald", "Knuth", "Literate Press", "renewal"),
            Contact("+14155550107", "Radia", "Perlman", "Spanning Tree Nurseries", "renewal"),
            Contact("+14155550108", "Tony", "Hoare", "Quick Sort Laundry"),
            Contact("+14155550109", "Margaret", "Hamilton", "Apollo Insurance", "vip", "renewal"),
            Contact("+14155550110", "Dennis", "Ritchie", "Sea Level Charters"),
            Contact("+442079460958", "Ada", "Byron", "Analytical Engines", "uk"),
            Contact("+442079460959", "Charles", "Babbage", "Difference & Co", "uk"),
        ]);

    public static DemoData Globex { get; } = new(
        new() { Email = "owner@globex.example", Password = Password, FirstName = "Hank", LastName = "Scorpio", CompanyName = "Globex Corp" },
        [SampleType.Support],
        [
            Contact("+12125550111", "Joan", "Clarke", "Enigma Travel", "priority"),
            Contact("+12125550112", "Ken", "Thompson", "Unixworks"),
            Contact("+12125550113", "Frances", "Allen", "Parallel Kitchens", "priority"),
            Contact("+12125550114", "John", "Backus", "Formula Paints"),
            Contact("+12125550115", "Jean", "Bartik", "Eniac Elevators"),
            Contact("+12125550116", "Niklaus", "Wirth", "Pascal Plumbing"),
            // The same person may be both companies' contact; neither can tell.
            Contact("+14155550101", "Grace", "Hopper", "Harbor Freight Lines"),
        ]);

    /// <summary>What is said in a demo call, line by line.</summary>
    public static IReadOnlyList<AppendTurn> Talk(CreateContact contact) =>
    [
        new() { Speaker = Speaker.Agent, Text = $"Hello {contact.FirstName}, have you got two minutes?" },
        new() { Speaker = Speaker.Contact, Text = "Yes, go ahead. That sounds interesting, tell me more.", SentimentScore = 0.5 },
        new() { Speaker = Speaker.Agent, Text = "What do you use today?" },
        new()
        {
            Speaker = Speaker.Contact,
            Text = $"A spreadsheet, and it is a problem. My name is {contact.FirstName} {contact.LastName}, "
                + $"mail me at {contact.FirstName!.ToLowerInvariant()}@{contact.Company!.Split(' ')[0].ToLowerInvariant()}.example.",
            SentimentScore = 0.3,
        },
        new() { Speaker = Speaker.Contact, Text = "How much is it? Send me an offer, please.", SentimentScore = 0.7 },
    ];

    private static CreateContact Contact(string phone, string first, string last, string company, params string[] tags) =>
        new() { PhoneNumber = phone, FirstName = first, LastName = last, Company = company, Tags = tags };
}
