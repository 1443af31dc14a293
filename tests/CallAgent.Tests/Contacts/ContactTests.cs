using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class ContactTests(TestServer server)
{
    [Fact]
    public async Task A_contact_comes_back_as_it_was_created()
    {
        var user = await server.NewUserAsync();
        var created = await user.Api.Contacts.CreateAsync(new()
        {
            PhoneNumber = "(415) 555-0132",
            FirstName = " Grace ",
            LastName = "Hopper",
            Email = "grace@navy.example",
            Company = "Navy",
            Tags = ["VIP client", "vip  client", "rear-admiral"],
            CustomFields = new Dictionary<string, System.Text.Json.JsonElement> { ["rank"] = System.Text.Json.JsonSerializer.SerializeToElement(8) },
        });

        var read = await user.Api.Contacts.GetAsync(created.Id);

        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(created), System.Text.Json.JsonSerializer.Serialize(read));
        Assert.Equal("+14155550132", read.PhoneNumber);
        Assert.True(read.PhoneValid);
        Assert.Equal("Grace", read.FirstName);
        Assert.Equal(["vip-client", "rear-admiral"], read.Tags);
        Assert.Equal(8, read.CustomFields["rank"].GetInt32());
        Assert.Equal(user.Id, read.UserId);
        Assert.Equal(ContactStatus.New, read.Status);
    }

    [Fact]
    public async Task The_published_example_number_is_kept_and_flagged()
    {
        var user = await server.NewUserAsync();

        var contact = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = "+1234567890" });

        Assert.Equal("+1234567890", contact.PhoneNumber);
        Assert.False(contact.PhoneValid);
    }

    [Theory]
    [InlineData("call me")]
    [InlineData("12345")]
    [InlineData("+1234567890123456")]
    [InlineData("")]
    [InlineData("+49 30 1234 abc")]
    public async Task What_cannot_be_a_number_is_refused(string text)
    {
        var user = await server.NewUserAsync();

        await InvalidAsync("phone_number", () => user.Api.Contacts.CreateAsync(new() { PhoneNumber = text }));
    }

    [Theory]
    [InlineData("+1\u00a0415\u00a0555\u00a00132", "+14155550132")]
    [InlineData("+1 415\u2011555\u20130132", "+14155550132")]
    [InlineData("\u202a+14155550132\u202c", "+14155550132")]
    [InlineData("(415) 555-0132", "+14155550132")]
    [InlineData("0049 30 7654321", "+49307654321")]
    public void Numbers_are_read_as_people_and_their_programs_write_them(string text, string number) =>
        Assert.Equal(new ParsedPhone(number, true), Phone.Parse(text, "US"));

    [Theory]
    [InlineData("+14155550132", true)]
    [InlineData(" 14155550132", true)]
    [InlineData("4155550132", true)]
    [InlineData("(415) 555-0132", true)]
    [InlineData("14155550132", true)]
    [InlineData("+14155550133", false)]
    [InlineData("+49 14155550132", false)]
    [InlineData("5550132", false)]
    [InlineData("00 1 415 555 0132", true)]
    public async Task A_number_is_looked_up_in_full_or_without_its_country(string text, bool isFound)
    {
        var user = await server.NewUserAsync();
        await user.Api.Contacts.CreateAsync(new() { PhoneNumber = "+14155550132" });

        var found = await user.Api.Contacts.ListAsync(new() { Filters = new Dictionary<string, string> { ["phone_number"] = text } });

        Assert.Equal(isFound ? 1 : 0, found.Data.Count);
    }

    [Fact]
    public async Task Addresses_and_companies_are_looked_up_whatever_their_case_and_what_is_no_value_is_said()
    {
        var user = await server.NewUserAsync();
        await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), Email = "Grace@Navy.example", Company = "Straße & Söhne" });

        Assert.Single((await ListAsync(("email", "grace@NAVY.example"))).Data);
        Assert.Single((await ListAsync(("company", "straße & söhne"))).Data);
        Assert.Single((await user.Api.Contacts.ListAsync(new() { Q = "strasse" })).Data);
        Assert.Empty((await user.Api.Contacts.ListAsync(new() { Q = "%'?" })).Data);
        await InvalidAsync("phone_number", () => ListAsync(("phone_number", "garbage")));
        await InvalidAsync("phone_number", () => ListAsync(("phone_number", "0132")));
        Assert.Single((await user.Api.Contacts.ListAsync(new() { Q = " " })).Data);
        foreach (var (number, sought) in new[] { ("+390612345678", "06 1234 5678"), ("+376312345", "312 345"), ("+4930901820", "030 901820") })
        {
            var contact = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = number });
            Assert.Equal(contact.Id, Assert.Single((await ListAsync(("phone_number", sought))).Data).Id);
        }
        var refused = await RefusedAsync(400, () => ListAsync(("status", "NEW")));
        Assert.Contains("new, contacted", refused.Errors!["status"][0], StringComparison.Ordinal);

        Task<Page<Client.Contact>> ListAsync((string Field, string Value) filter) =>
            user.Api.Contacts.ListAsync(new() { Filters = new Dictionary<string, string> { [filter.Field] = filter.Value } });
    }

    [Fact]
    public async Task A_slash_in_the_address_of_a_tag_is_a_slash()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();

        await (await user.SendAsync("PUT", $"/api/contacts/{contact.Id}/tags/a%2Fb")).ProblemAsync(400);

        Assert.Empty((await user.Api.Contacts.GetAsync(contact.Id)).Tags);
    }

    [Fact]
    public async Task A_page_of_contacts_is_one_query()
    {
        var user = await server.NewUserAsync();
        for (var i = 0; i < 5; i++)
        {
            await user.NewContactAsync();
        }
        await user.Api.Contacts.ListAsync();

        var commands = await server.CommandsAsync(user.Id, () => user.Api.Contacts.ListAsync(new() { Limit = 2 }));

        Assert.Equal(1, commands);
    }

    [Fact]
    public async Task Another_user_cannot_read_a_contact()
    {
        var (user, stranger) = (await server.NewUserAsync(), await server.NewUserAsync());
        var contact = await user.NewContactAsync();

        await RefusedAsync(404, () => stranger.Api.Contacts.GetAsync(contact.Id));
    }
}
