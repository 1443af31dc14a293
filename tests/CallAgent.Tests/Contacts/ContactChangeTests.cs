using System.Text.Json;
using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

public sealed class ContactChangeTests(TestServer server)
{
    [Fact]
    public async Task What_a_patch_leaves_out_stays_and_null_clears()
    {
        var user = await server.NewUserAsync();
        var contact = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), FirstName = "Grace", Email = "g@navy.example", Tags = ["vip"] });

        var changed = await user.Api.Contacts.UpdateAsync(contact.Id, new() { Email = null, Status = ContactStatus.Interested, Company = "Navy" });

        Assert.Equal(("Grace", null, "Navy", ContactStatus.Interested), (changed.FirstName, changed.Email, changed.Company, changed.Status));
        Assert.Equal((contact.PhoneNumber, contact.CreatedAt), (changed.PhoneNumber, changed.CreatedAt));
        Assert.Equal(["vip"], changed.Tags);
        Assert.True(changed.UpdatedAt >= contact.UpdatedAt);
    }

    [Theory]
    [InlineData("""{"phone_number":null}""", "phone_number")]
    [InlineData("""{"phone_number":""}""", "phone_number")]
    [InlineData("""{"status":null}""", "status")]
    [InlineData("""{"tags":null}""", "tags")]
    [InlineData("""{"custom_fields":null}""", "custom_fields")]
    [InlineData("""{"email":"a@"}""", "email")]
    [InlineData("""{"created_at":"2026-01-01T00:00:00Z"}""", "created_at")]
    public async Task What_cannot_be_so_is_refused_and_nothing_changes(string body, string field)
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();

        var problem = await (await user.SendAsync("PATCH", $"/api/contacts/{contact.Id}", body)).ProblemAsync(400);

        Assert.Contains(field, problem.Errors!.Keys);
        Assert.Equal(contact.UpdatedAt, (await user.Api.Contacts.GetAsync(contact.Id)).UpdatedAt);
    }

    [Fact]
    public async Task One_number_belongs_to_one_contact_of_a_user_however_it_is_written()
    {
        var (user, other) = (await server.NewUserAsync(), await server.NewUserAsync());
        var first = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = "+1 415 555 0132" });
        var second = await user.NewContactAsync();

        foreach (var refused in new[]
        {
            await RefusedAsync(409, () => user.Api.Contacts.CreateAsync(new() { PhoneNumber = "(415) 555-0132" })),
            await RefusedAsync(409, () => user.Api.Contacts.UpdateAsync(second.Id, new() { PhoneNumber = "415.555.0132" })),
        })
        {
            Assert.Equal(("/problems/phone-number-taken", first.Id.ToString()), (refused.Type, refused.Extensions!["contact_id"]!.ToString()));
        }

        Assert.Equal(2, (await user.Api.GetUsageAsync()).Figures.Contacts);
        await other.Api.Contacts.CreateAsync(new() { PhoneNumber = "+14155550132" });
    }

    [Fact]
    public async Task Of_many_contacts_with_one_number_sent_at_once_one_is_added()
    {
        var user = await server.NewUserAsync();
        var body = $$"""{"phone_number":"{{TestUser.NewPhone()}}"}""";

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => user.SendAsync("POST", "/api/contacts", body)));

        Assert.Single(answers, a => (int)a.StatusCode == 201);
        Assert.Equal(15, answers.Count(a => (int)a.StatusCode == 409));
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
    }

    [Fact]
    public async Task National_numbers_are_read_in_the_users_region()
    {
        var user = await server.NewUserAsync();
        await user.Api.Auth.UpdateProfileAsync(new() { Settings = new UpdateSettings { DefaultRegion = "DE" } });

        var contact = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = "030 / 901820" });

        Assert.Equal(("+4930901820", true), (contact.PhoneNumber, contact.PhoneValid));
    }

    [Fact]
    public async Task Changes_sent_at_once_are_all_made()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => user.Api.Contacts.AddTagAsync(contact.Id, $"t{i}")));

        Assert.Equal(12, (await user.Api.Contacts.GetAsync(contact.Id)).Tags.Count);
    }

    [Fact]
    public async Task Tags_are_added_once_in_one_spelling_and_taken_off_again()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();

        Assert.Equal(["key-account"], (await user.Api.Contacts.AddTagAsync(contact.Id, "Key  Account ")).Tags);
        Assert.Equal(["key-account"], (await user.Api.Contacts.AddTagAsync(contact.Id, "KEY-ACCOUNT")).Tags);
        Assert.Empty((await user.Api.Contacts.RemoveTagAsync(contact.Id, "Key Account")).Tags);
        Assert.Empty((await user.Api.Contacts.RemoveTagAsync(contact.Id, "never there")).Tags);
        await InvalidAsync("tag", () => user.Api.Contacts.AddTagAsync(contact.Id, "a,b"));
        await InvalidAsync("tag", () => user.Api.Contacts.AddTagAsync(contact.Id, new string('x', 51)));
        await RefusedAsync(404, () => user.Api.Contacts.AddTagAsync(Guid.NewGuid(), "x"));
    }

    [Fact]
    public async Task A_contact_has_at_most_fifty_tags()
    {
        var user = await server.NewUserAsync();
        var contact = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), Tags = [.. Enumerable.Range(0, 50).Select(i => $"t{i}")] });

        await InvalidAsync("tags", () => user.Api.Contacts.AddTagAsync(contact.Id, "one more"));
        await InvalidAsync("tags", () => user.Api.Contacts.CreateAsync(
            new() { PhoneNumber = TestUser.NewPhone(), Tags = [.. Enumerable.Range(0, 51).Select(i => $"t{i}")] }));
    }

    [Fact]
    public async Task Custom_fields_are_bounded_in_number_and_size_and_replaced_as_a_whole()
    {
        var user = await server.NewUserAsync();
        var contact = await CreateAsync(Fields(100, "x"));

        var changed = await user.Api.Contacts.UpdateAsync(contact.Id, new() { CustomFields = new(Fields(1, "y")) });

        Assert.Equal("y", Assert.Single(changed.CustomFields).Value.GetString());
        await InvalidAsync("custom_fields", () => CreateAsync(Fields(101, "x")));
        await InvalidAsync("custom_fields", () => CreateAsync(Fields(1, new string('x', 17_000))));
        await InvalidAsync("custom_fields", () => user.Api.Contacts.UpdateAsync(contact.Id, new() { CustomFields = new(Fields(101, "x")) }));
        await InvalidAsync("custom_fields", () => CreateAsync(new() { [""] = JsonSerializer.SerializeToElement(1) }));

        Task<Client.Contact> CreateAsync(Dictionary<string, JsonElement> fields) =>
            user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), CustomFields = fields });

        static Dictionary<string, JsonElement> Fields(int count, string value) =>
            Enumerable.Range(0, count).ToDictionary(i => $"f{i}", _ => JsonSerializer.SerializeToElement(value));
    }
}
