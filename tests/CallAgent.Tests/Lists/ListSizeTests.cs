using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>A large account among many: what a page costs is that of the page.</summary>
public sealed class ListSizeTests(TestServer server)
{
    private const int Many = 10_000;
    private const int Accounts = 200;

    [Fact]
    public async Task Ten_thousand_contacts_among_two_hundred_accounts_are_listed_by_as_many_commands_as_ten()
    {
        var (small, large) = (await server.NewUserAsync(Plan.Enterprise), await server.NewUserAsync(Plan.Enterprise));
        await AddAsync(small.Id, 10);
        await AddAsync(large.Id, Many);
        for (var account = 2; account < Accounts; account++)
        {
            await AddAsync(await NewAccountAsync(), 10);
        }

        var (few, many) = (await CommandsAsync(small), await CommandsAsync(large));

        Assert.Equal(few, many);
        // One for the page; where words are sought, one before that asks whether they are of many.
        string[] byWords = ["?q=", "?tag=", "?company="];
        Assert.All(many.Where(c => c.Path.StartsWith("contacts", StringComparison.Ordinal)), c => Assert.Equal(byWords.Any(w => c.Path.Contains(w, StringComparison.Ordinal)) ? 2 : 1, c.Commands));
        Assert.Equal((10, Many), ((await small.Api.GetUsageAsync()).Figures.Contacts, (await large.Api.GetUsageAsync()).Figures.Contacts));
    }

    private async Task<List<(string Path, int Commands)>> CommandsAsync(TestUser user)
    {
        var cursor = (await user.Api.Contacts.ListAsync(new() { Limit = 5 })).NextCursor;
        var counts = new List<(string, int)>();
        foreach (var path in new[]
        {
            "contacts", "contacts?limit=200", "contacts?q=grace", "contacts?q=grace+name7", "contacts?status=new&sort=last_name", "contacts?tag=even&sort=-updated_at",
            "contacts?company=Navy", "contacts?sort=phone_number", $"contacts?limit=5&cursor={cursor}", "campaigns", "calls", "conversations", "dashboard", "usage",
        })
        {
            await user.Http.GetStringAsync($"/api/{path}");
            counts.Add((path.Split("&cursor")[0], await server.CommandsAsync(user.Id, () => user.Http.GetStringAsync($"/api/{path}"))));
        }
        return counts;
    }

    private async Task<Guid> NewAccountAsync()
    {
        var id = Guid.CreateVersion7();
        await using var db = server.Host.Database.Open(TenantScope.Of(id));
        db.Add(new User { CompanyName = "Acme Ltd", CreatedAt = DateTimeOffset.UnixEpoch, UpdatedAt = DateTimeOffset.UnixEpoch });
        await db.SaveChangesAsync();
        return id;
    }

    // Past the API, whose one contact a request would take minutes, but with words and counters as it does.
    private async Task AddAsync(Guid user, int count)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        foreach (var chunk in Enumerable.Range(0, count).Chunk(1_000))
        {
            await using var db = server.Host.Database.Open(TenantScope.Of(user));
            foreach (var n in chunk)
            {
                var contact = new Contact
                {
                    Id = Guid.CreateVersion7(now.AddSeconds(n)),
                    PhoneNumber = $"+49152{n:D8}",
                    PhoneValid = true,
                    FirstName = "Grace",
                    LastName = $"Name{n % 100}",
                    Company = n % 50 == 0 ? "Navy" : "",
                    Tags = n % 2 == 0 ? ["even"] : [],
                    CustomFields = Json.Empty,
                    CreatedAt = now,
                    UpdatedAt = now.AddSeconds(n),
                };
                db.Add(contact);
                ContactTokens.Update(db, contact, []);
            }
            await db.SaveChangesAsync();
        }
    }
}
