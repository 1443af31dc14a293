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
