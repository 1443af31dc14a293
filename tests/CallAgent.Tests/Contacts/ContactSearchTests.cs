using CallAgent.Client;

namespace CallAgent.Tests;

public sealed class ContactSearchTests(TestServer server)
{
    [Theory]
    [InlineData("+1 (415) 555", "grace")]
    [InlineData("14155550132", "grace")]
    [InlineData("4155550132", "grace")]
    [InlineData("0132", "grace")]
    [InlineData("5550132", "")]
    [InlineData("030 901820", "hans")]
    [InlineData("030/9018", "hans")]
    [InlineData("0049 30 901820", "hans")]
    [InlineData("00000", "")]
    [InlineData("müller", "hans")]
    [InlineData("MULLER", "hans")]
    [InlineData("hans acme", "hans")]
    [InlineData("rear-admiral", "")]
    [InlineData("navy.example grace", "grace")]
    [InlineData("Łódź", "stan")]
    [InlineData("李", "wei")]
    [InlineData("ﬁne", "wei")]
    [InlineData("co' or 1=1 --", "")]
    [InlineData("gra ace", "")]
    public async Task Words_accents_digits_and_beginnings_find(string q, string found)
    {
        var user = await server.NewUserAsync();
        await AddAsync("grace", "Hopper", "Navy", "grace@navy.example", "+14155550132");
        await AddAsync("hans", "Müller", "ACME GmbH", null, "+4930901820");
        await AddAsync("stan", "Kowalski", "Łódź S.A.", null, "+48221234567");
        await AddAsync("wei", "李", "Fine Tools", null, "+861012345678");

        var names = (await user.Api.Contacts.ListAsync(new() { Q = q })).Data.Select(c => c.FirstName!);

        Assert.Equal(found.Split(' ', StringSplitOptions.RemoveEmptyEntries), names);

        Task<Client.Contact> AddAsync(string first, string last, string company, string? email, string phone) =>
            user.Api.Contacts.CreateAsync(new() { PhoneNumber = phone, FirstName = first, LastName = last, Company = company, Email = email });
    }

    // Beyond two thousand contacts of a word the search goes along the list instead of looking them up, or puts words together.
    [Fact]
    public async Task Words_of_many_find_what_words_of_few_would()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        var tokens = new Dictionary<Guid, HashSet<string>>();
        await using (var db = server.Host.Database.Open(TenantScope.Of(user.Id)))
        {
            for (var n = 0; n < 4_500; n++)
            {
                var contact = new Contact
                {
                    Id = Guid.CreateVersion7(DateTimeOffset.FromUnixTimeSeconds(1_800_000_000 + n)),
                    PhoneNumber = $"+49152{n:D8}",
                    PhoneValid = true,
                    FirstName = "Grace",
                    LastName = n % 10 == 0 ? "Müller" : n % 7 == 0 ? "Ivanova" : "Hopper",
                    // Two words of half the contacts each, which two contacts have both.
                    Email = (n == 7 || n % 2 == 0 ? "even" : "") + (n == 8 || n % 2 == 1 ? ".uneven" : "") + "@acme.example",
                    Company = n % 3 == 0 ? "Иванов" : "Navy",
                    Tags = n % 4 == 0 ? [$"say \"gra{n % 5}"] : n % 4 == 1 ? ["odder"] : ["odd"],
                    CustomFields = Json.Empty,
                    CreatedAt = DateTimeOffset.UnixEpoch,
                    UpdatedAt = DateTimeOffset.UnixEpoch,
                };
                db.Add(contact);
                ContactTokens.Update(db, contact, []);
                tokens[contact.Id] = ContactTokens.Of(contact);
            }
            await db.SaveChangesAsync();
        }

        foreach (var q in new[] { "grace", "gra", "GRÁ muller", "grace ива", "gra hop nav", "grace hopper muller", "even uneven", "uneven gra even", "even exa", "49152", "0007", "gra1", "grace_", "grace %", "odd", "nobody grace" })
        {
            var words = q.All(char.IsAsciiDigit) ? [q] : Text.Words(q).ToArray();
            Guid[] expected = [.. tokens.Where(t => words.All(w => t.Value.Any(token => token.StartsWith(w, StringComparison.Ordinal)))).Select(t => t.Key).OrderDescending().Take(200)];

            var found = await user.Api.Contacts.ListAsync(new() { Q = q, Limit = 200 });

            Assert.True(expected.SequenceEqual(found.Data.Select(c => c.Id)), $"{q}: {found.Data.Count} of {expected.Length}");
        }
        foreach (var (q, field, value, words) in new[]
        {
            ("", "tag", "odd", new[] { "tag:odd" }), ("", "tag", "odder", ["tag:odder"]), ("hop", "tag", "odd", ["tag:odd", "hopper"]), ("muller", "tag", "odder", ["tag:odder", "muller"]),
            ("", "tag", "od", ["nobody's"]), ("", "company", "Navy", ["navy"]), ("gra", "company", "Иванов", ["grace", "иванов"]), ("", "company", "Nav", ["nobody's"]),
        })
        {
            Guid[] expected = [.. tokens.Where(t => words.All(t.Value.Contains)).Select(t => t.Key).OrderDescending().Take(200)];

            var found = await user.Api.Contacts.ListAsync(new() { Q = q.Length == 0 ? null : q, Limit = 200, Filters = new Dictionary<string, string> { [field] = value } });

            Assert.True(expected.SequenceEqual(found.Data.Select(c => c.Id)), $"{q} {field}={value}: {found.Data.Count} of {expected.Length}");
        }
    }

    [Fact]
    public async Task Search_follows_changes()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync(lastName: "Murray");

        await user.Api.Contacts.UpdateAsync(contact.Id, new() { LastName = "Hopper", PhoneNumber = "+14155550177" });

        Assert.Empty((await user.Api.Contacts.ListAsync(new() { Q = "murray" })).Data);
        Assert.Single((await user.Api.Contacts.ListAsync(new() { Q = "hopper" })).Data);
        Assert.Single((await user.Api.Contacts.ListAsync(new() { Q = "415 555 0177" })).Data);
    }

    [Fact]
    public async Task Calls_and_conversations_are_found_by_their_contact()
    {
        var user = await server.NewUserAsync();
        var conversation = await user.NewConversationAsync();

        Assert.Equal(conversation.CallId, Assert.Single((await user.Api.Calls.ListAsync(new() { Q = "hop" })).Data).Id);
        Assert.Equal(conversation.Id, Assert.Single((await user.Api.Conversations.ListAsync(new() { Q = "grace hopper" })).Data).Id);
        Assert.Empty((await user.Api.Calls.ListAsync(new() { Q = "turing" })).Data);
    }

    [Fact]
    public async Task Filters_of_time_hold_before_the_epoch_and_far_ahead()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();

        foreach (var (field, time, found) in new[]
        {
            ("created_after", "1900-01-01T00:00:00Z", 1), ("created_before", "1900-01-01T00:00:00Z", 0), ("created_after", "1969-12-31T23:59:59Z", 1),
            ("created_before", "9998-12-31T23:59:59Z", 1), ("created_after", "9998-12-31T23:59:59Z", 0),
            ("created_after", contact.CreatedAt.ToString("O"), 1), ("created_before", contact.CreatedAt.ToString("O"), 0),
        })
        {
            var page = await user.Api.Contacts.ListAsync(new() { Filters = new Dictionary<string, string> { [field] = time } });
            Assert.True(found == page.Data.Count, $"{field}={time}: {page.Data.Count}");
        }
    }

    [Fact]
    public async Task Filters_and_search_hold_together()
    {
        var user = await server.NewUserAsync();
        var (one, two) = (await user.NewContactAsync(), await user.NewContactAsync());
        await user.Api.Contacts.UpdateAsync(two.Id, new() { Status = ContactStatus.Lost, Tags = new(["vip"]) });

        var page = await user.Api.Contacts.ListAsync(
            new() { Q = "grace", Filters = new Dictionary<string, string> { ["status"] = "lost", ["tag"] = "vip" } });

        Assert.Equal(two.Id, Assert.Single(page.Data).Id);
        Assert.NotEqual(one.Id, two.Id);
    }
}
