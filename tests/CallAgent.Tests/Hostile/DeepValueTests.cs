using System.Net;
using System.Text.Json;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>What is taken in can be told again wherever it stands within something else: lists, timeline, audit log, exports.</summary>
public sealed class DeepValueTests(TestServer server)
{
    [Fact]
    public async Task The_deepest_value_that_is_taken_can_be_read_everywhere()
    {
        var user = await server.NewUserAsync();
        var deepest = Fields(15);
        var contact = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), CustomFields = deepest });
        await user.Api.Contacts.UpdateAsync(contact.Id, new() { CustomFields = new(Fields(14)) });
        var conversation = await user.NewConversationAsync();
        await user.Api.Conversations.CollectAsync(conversation.Id, new() { Fields = deepest });
        await server.SettleAsync();

        foreach (var path in new[]
        {
            "/api/contacts", $"/api/contacts/{contact.Id}/timeline", "/api/conversations", "/api/audit", "/api/audit/export?format=jsonl", "/settings/audit",
            "/api/contacts/export?format=jsonl", "/api/account/export", $"/contacts/{contact.Id}",
        })
        {
            using var answer = await user.Http.GetAsync(path);
            Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{path}: {answer.StatusCode}");
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(40)]
    [InlineData(60)]
    public async Task A_deeper_one_is_refused_by_its_name(int levels)
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();
        var conversation = await user.NewConversationAsync();
        var deep = Fields(levels);

        await InvalidAsync("custom_fields", () => user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), CustomFields = deep }));
        await InvalidAsync("custom_fields", () => user.Api.Contacts.UpdateAsync(contact.Id, new() { CustomFields = new(deep) }));
        await InvalidAsync("collected_data", () => user.Api.Conversations.CreateAsync(new() { ContactId = contact.Id, CollectedData = deep }));
        await InvalidAsync("collected_data", () => user.Api.Conversations.UpdateAsync(conversation.Id, new() { CollectedData = new(deep) }));
        await InvalidAsync("fields", () => user.Api.Conversations.CollectAsync(conversation.Id, new() { Fields = deep }));
    }

    // Lists within lists.
    private static Dictionary<string, JsonElement> Fields(int levels) =>
        new() { ["a"] = JsonDocument.Parse(new string('[', levels) + "1" + new string(']', levels)).RootElement };
}
