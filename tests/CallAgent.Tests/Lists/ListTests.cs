using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class ListTests(TestServer server)
{
    public static TheoryData<string> Lists => ["contacts", "campaigns", "calls", "conversations", "api-keys"];

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Unknown_parameters_and_bad_limits_are_named(string list)
    {
        var user = await server.NewUserAsync();

        foreach (var (query, field) in new[] { ("nope=1", "nope"), ("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("sort=nope", "sort"), ("cursor=abc", "cursor") })
        {
            var response = await user.Http.GetAsync($"/api/{list}?{query}");
            Assert.Equal(400, (int)response.StatusCode);
            Assert.Contains($"\"{field}\":", await response.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Every_list_is_one_command_with_one_row_and_with_many_and_a_search_one_more()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        var campaign = await user.NewCampaignAsync();
        await user.NewConversationAsync(campaign.Id);
        await user.Api.ApiKeys.CreateAsync(new() { Name = "k" });
        var few = await CountAsync();
        for (var i = 0; i < 60; i++)
        {
            await user.NewConversationAsync(campaign.Id);
        }

        Assert.Equal(few, await CountAsync());
        Assert.All(few, c => Assert.Equal(c.Path.Contains("?q=", StringComparison.Ordinal) ? 2 : 1, c.Commands));

        async Task<List<(string Path, int Commands)>> CountAsync()
        {
            var counts = new List<(string, int)>();
            foreach (var path in new[]
            {
                "contacts", "contacts?q=grace", "contacts?status=new&sort=last_name", "campaigns", "campaigns?q=spring", "calls", "calls?q=hopper",
                "calls?sort=-scheduled_time", "conversations", "conversations?stage=introduction", "api-keys", "audit", "audit?kind=write", "audit?resource=contact",
            })
            {
                await user.Http.GetStringAsync($"/api/{path}");
                counts.Add((path, await server.CommandsAsync(user.Id, () => user.Http.GetStringAsync($"/api/{path}"))));
            }
            return counts;
        }
    }

    [Theory]
    [InlineData("created_at")]
    [InlineData("-created_at")]
    [InlineData("updated_at")]
    [InlineData("-updated_at")]
    [InlineData("last_name")]
    [InlineData("-last_name")]
    [InlineData("phone_number")]
    public async Task Walking_the_pages_gives_each_row_once_in_order_while_rows_are_inserted(string sort)
    {
        var user = await server.NewUserAsync();
        var there = new List<Guid>();
        for (var i = 0; i < 23; i++)
        {
            there.Add((await user.NewContactAsync(lastName: i % 3 == 0 ? null : $"Name{i % 4}")).Id);
        }
        var seen = new List<Guid>();
        for (var query = new ListQuery { Limit = 4, Sort = sort }; ;)
        {
            var page = await user.Api.Contacts.ListAsync(query);
            seen.AddRange(page.Data.Select(c => c.Id));
            await user.NewContactAsync(lastName: "Inserted");
            if (!page.HasMore)
            {
                break;
            }
            query = query with { Cursor = page.NextCursor };
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(there.Order(), seen.Where(there.Contains).Order());
        if (sort.EndsWith("created_at", StringComparison.Ordinal))
        {
            var known = seen.Where(there.Contains).ToList();
            // Of what was made in the same millisecond the ids decide.
            Assert.Equal(sort[0] == '-' ? there.OrderDescending() : there.Order(), known);
        }
    }

    [Theory]
    [InlineData("grace", 1)]
    [InlineData("GRA", 1)]
    [InlineData("grace hopper", 1)]
    [InlineData("hopper grace", 1)]
    [InlineData("grace turing", 0)]
    [InlineData("rené", 1)]
    [InlineData("rene", 1)]
    [InlineData("navy.example", 1)]
    [InlineData("nothing", 0)]
    [InlineData("%", 0)]
    public async Task Search_finds_contacts_whose_words_begin_with_every_word(string q, int found)
    {
        var user = await server.NewUserAsync();
        await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), FirstName = "Grace", LastName = "Hopper", Email = "g@navy.example" });
        await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), FirstName = "Alan", LastName = "Turing" });
        await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), FirstName = "René", LastName = "Descartes" });

        Assert.Equal(found, (await user.Api.Contacts.ListAsync(new() { Q = q })).Data.Count);
    }

    [Fact]
    public async Task Filters_restrict_and_a_value_that_makes_no_sense_is_named()
    {
        var user = await server.NewUserAsync();
        var contact = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = "+14155550132", Email = "g@navy.example", Company = "Navy", Tags = ["vip"] });
        var invalid = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = "+1234567890", Status = ContactStatus.Lost });

        foreach (var (field, value, expected) in new[]
        {
            ("status", "lost", invalid.Id), ("tag", "VIP", contact.Id), ("phone_number", "+14155550132", contact.Id), ("email", "g@navy.example", contact.Id),
            ("company", "Navy", contact.Id), ("phone_valid", "false", invalid.Id), ("phone_valid", "true", contact.Id),
        })
        {
            Assert.Equal(expected, Assert.Single((await ListAsync(field, value)).Data).Id);
        }
        Assert.Equal(2, (await ListAsync("created_after", "2020-01-01T00:00:00Z")).Data.Count);
        Assert.Empty((await ListAsync("created_before", "2020-01-01T00:00:00Z")).Data);
        await user.Api.Contacts.UpdateAsync(contact.Id, new() { Company = "Fleet" });
        Assert.Equal([invalid.Id, contact.Id], (await ListAsync("updated_after", invalid.UpdatedAt.ToString("O"), "updated_at")).Data.Select(c => c.Id));
        Assert.Equal(contact.Id, Assert.Single((await ListAsync("updated_after", invalid.UpdatedAt.AddMilliseconds(1).ToString("O"), "-updated_at")).Data).Id);
        await InvalidAsync("updated_after", () => ListAsync("updated_after", invalid.UpdatedAt.ToString("O")));
        await InvalidAsync("status", () => ListAsync("status", "asleep"));
        await InvalidAsync("created_after", () => ListAsync("created_after", "yesterday"));

        Task<Page<Client.Contact>> ListAsync(string field, string value, string? sort = null) =>
            user.Api.Contacts.ListAsync(new() { Sort = sort, Filters = new Dictionary<string, string> { [field] = value } });
    }
}
