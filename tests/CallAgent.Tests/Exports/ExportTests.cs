using System.Text.Json;
using CallAgent.Client;
using CsCheck;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>What goes out as a file comes back as it was, and no spreadsheet executes it (S-03).</summary>
public sealed class ExportTests(TestServer server)
{
    private static readonly string[] Hard =
    [
        "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "'=1", "''=1", "a\"b", "a,b;c", "two\nlines", "two\r\nlines", "ünï", "日本", "007", "12", "1e5", "true", "null", "{}", "[1]", " x ", "",
        "＝1", "\uFEFFx", "0", "-0", "1.50", "12345678901234567890",
    ];

    [Fact]
    public async Task Contacts_come_back_exactly_through_a_file()
    {
        var text = Gen.OneOf(Gen.OneOfConst(Hard), Gen.String[Gen.Char.AlphaNumeric, 1, 12]);
        var json = Gen.OneOf(text.Select(t => JsonSerializer.SerializeToElement(t)), Gen.OneOfConst("1", "1.50", "-3", "1e5", "true", "false", "null", "[1,\"=x\"]", "{\"a\":{}}", "123456789012345678").Select(j => JsonElement.Parse(j)));
        var tags = Gen.OneOfConst("vip", "a;b", "c|d", "[x", "=e", "+f").Array[0, 3];
        var contact = Gen.Select(text, text, tags, Gen.Dictionary(Gen.OneOfConst("note", "=x", "a b", "seats", " pad ", "x,y"), json)[0, 3], Gen.Enum<ContactStatus>());
        await contact.Array[1, 20].SampleAsync(async sample =>
        {
            var (from, to) = (await server.NewUserAsync(), await server.NewUserAsync());
            foreach (var (first, company, tagList, custom, status) in sample)
            {
                await from.Api.Contacts.CreateAsync(new()
                {
                    PhoneNumber = TestUser.NewPhone(),
                    FirstName = first,
                    Company = company,
                    Tags = tagList,
                    CustomFields = custom,
                    Status = status,
                    LastName = "Hopper",
                });
            }

            var import = await to.ImportAsync(await ImportFiles.ReadAsync(from.Api.Contacts.ExportAsync(query: new() { Sort = "created_at" })));

            Assert.Equal((sample.Length, 0), (import.Counts.Created, import.Counts.Failed));
            Assert.Equal((await from.ContactsAsync()).OrderBy(c => c.PhoneNumber).Select(Describe), (await to.ContactsAsync()).OrderBy(c => c.PhoneNumber).Select(Describe));
            var again = await to.ImportAsync(await ImportFiles.ReadAsync(to.Api.Contacts.ExportAsync()), OnDuplicate.Update);
            Assert.Equal((sample.Length, 0), (again.Counts.Skipped, again.Counts.Updated));
        }, iter: 10, threads: 1);
    }

    [Fact]
    public async Task No_cell_begins_like_a_formula()
    {
        var user = await server.NewUserAsync();
        foreach (var text in Hard.Where(t => t.Trim().Length > 0))
        {
            await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), FirstName = text, Company = text, CustomFields = new Dictionary<string, JsonElement> { [text.Trim()] = JsonSerializer.SerializeToElement(text) } });
        }

        var file = new CsvReader(new StringReader(await ImportFiles.ReadAsync(user.Api.Contacts.ExportAsync())), ',');

        while (await file.ReadAsync(CancellationToken.None) is { } row)
        {
            Assert.All(row.Where(c => c.Length > 0 && "=+-@\t\r\n\uFF1D".Contains(c[0])), c => Assert.Matches(@"^[+-]\d[\d.]*$", c));
        }
    }

    [Fact]
    public async Task The_filters_search_and_order_of_the_list_hold_and_it_has_no_pages()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        await user.ImportAsync(ImportFiles.Numbers(2_500));
        await user.Api.Contacts.UpdateAsync((await user.ContactsAsync())[7].Id, new() { Status = ContactStatus.Lost });

        var all = await RecordsAsync(user.Api.Contacts.ExportAsync(ExportFormat.Jsonl, new() { Sort = "-phone_number" }));
        var lost = await RecordsAsync(user.Api.Contacts.ExportAsync(ExportFormat.Jsonl, new() { Filters = new Dictionary<string, string> { ["status"] = "lost" } }));

        Assert.Equal(2_500, all.Count);
        Assert.Equal(all.Select(c => c.PhoneNumber).OrderDescending(StringComparer.Ordinal), all.Select(c => c.PhoneNumber));
        Assert.Equal("Name7", Assert.Single(lost).FirstName);
        Assert.Equal((await user.Api.Contacts.GetAsync(lost[0].Id)).UpdatedAt, lost[0].UpdatedAt);
        await InvalidAsync("limit", () => user.Api.Contacts.ExportAsync(query: new() { Limit = 5 }));
        await InvalidAsync("nothing", () => user.Api.Contacts.ExportAsync(query: new() { Filters = new Dictionary<string, string> { ["nothing"] = "1" } }));
        await (await user.SendAsync("GET", "/api/contacts/export?format=xlsx")).ProblemAsync(400);
    }

    [Fact]
    public async Task Calls_conversations_and_campaigns_go_out_too()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync("=Spring, \"first\"");
        var conversation = await user.NewConversationAsync(campaign.Id);

        await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = "Hello" });

        var campaigns = await ImportFiles.ReadAsync(user.Api.Campaigns.ExportAsync());
        var calls = await ImportFiles.ReadAsync(user.Api.Calls.ExportAsync());
        var conversations = await ImportFiles.ReadAsync(user.Api.Conversations.ExportAsync(ExportFormat.Jsonl));

        Assert.Contains("\"'=Spring, \"\"first\"\"\"", campaigns, StringComparison.Ordinal);
        Assert.StartsWith("id,user_id,contact_id,campaign_id,phone_number,status", calls, StringComparison.Ordinal);
        Assert.Contains(conversation.CallId.ToString()!, calls, StringComparison.Ordinal);
        var talks = await ImportFiles.ReadAsync(user.Api.Conversations.ExportAsync());
        foreach (var table in new[] { calls, talks })
        {
            Assert.EndsWith(",contact_name,campaign_name", table.Split("\r\n")[0], StringComparison.Ordinal);
            Assert.EndsWith(",Grace Hopper,\"'=Spring, \"\"first\"\"\"\r\n", table, StringComparison.Ordinal);
        }
        var exported = JsonSerializer.Deserialize<Client.Conversation>(conversations, CallAgentJson.Lenient)!;
        Assert.Equal((conversation.Id, "Hello"), (exported.Id, Assert.Single(exported.Transcript!).Text));
    }

    private static async Task<List<Client.Contact>> RecordsAsync(Task<Stream> opened) => [.. (await ImportFiles.ReadAsync(opened))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<Client.Contact>(line, CallAgentJson.Lenient)!)];

    private static string Describe(Client.Contact c) => JsonSerializer.Serialize(new
    {
        c.PhoneNumber,
        c.PhoneValid,
        c.FirstName,
        c.LastName,
        c.Email,
        c.Company,
        c.Status,
        c.Tags,
        Custom = c.CustomFields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => $"{f.Key}={f.Value.GetRawText()}"),
    });
}
