using System.Net;
using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>Who did what, as the API tells it.</summary>
public sealed class AuditTests(TestServer server)
{
    [Fact]
    public async Task A_change_names_who_what_where_and_the_fields_before_and_after()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"/api/contacts/{contact.Id}") { Content = new StringContent("{\"first_name\":\"Ada\",\"company\":\"Navy\"}", null, "application/json") };
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        Assert.Equal(HttpStatusCode.OK, (await user.Http.SendAsync(request)).StatusCode);

        var entry = (await ListAsync(user, ("action", "contact.update"))).Single();

        Assert.Equal((AuditKind.Write, "contact", contact.Id), (entry.Kind, entry.Resource, entry.ResourceId));
        Assert.Equal((AuditActorKind.Member, "Ada Lovelace"), (entry.ActorKind, entry.ActorName));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", entry.RequestId);
        Assert.Equal(["company", "first_name"], entry.Changes.Keys.Order());
        Assert.Equal(("Grace", "Ada"), (entry.Changes["first_name"].From?.GetString(), entry.Changes["first_name"].To?.GetString()));
        Assert.Equal((null, "Navy"), (entry.Changes["company"].From?.GetString(), entry.Changes["company"].To?.GetString()));
        Assert.Equal(contact.PhoneNumber, (await ListAsync(user, ("action", "contact.create"))).Single().Changes["phone_number"].To?.GetString());
    }

    [Fact]
    public async Task A_deletion_tells_what_there_was_and_of_all_that_went_with_it()
    {
        var user = await server.NewUserAsync();
        var talk = await user.NewConversationAsync();

        await user.Api.Contacts.DeleteAsync(talk.ContactId);

        var gone = await ListAsync(user, ("kind", "write"));
        Assert.Equal(["call.delete", "contact.delete", "conversation.delete"], gone.Take(3).Select(e => e.Action).Order());
        Assert.Equal("Hopper", gone.Single(e => e.Action == "contact.delete").Changes["last_name"].From?.GetString());
    }

    [Fact]
    public async Task A_key_an_operator_and_a_stranger_are_told_apart()
    {
        var user = await server.NewUserAsync();
        var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "Dialer" });
        var machine = server.Anonymous();
        machine.DefaultRequestHeaders.Add("X-API-Key", key.Key);
        await new CallAgentClient(machine).Campaigns.CreateAsync(new() { Name = "By machine" });
        await using var operators = Operators.Open(server.Database.Settings);
        Assert.Null((await operators.SetPlanAsync(user.Registration.Email, Plan.Basic)).Problem);
        await RefusedAsync(401, () => new CallAgentClient(server.Anonymous()).Auth.LoginAsync(new() { Email = user.Registration.Email, Password = "guess" }));
        await server.SettleAsync();

        var made = (await ListAsync(user, ("action", "campaign.create"))).Single();
        Assert.Equal((AuditActorKind.ApiKey, key.Id, "Dialer"), (made.ActorKind, made.ActorId, made.ActorName));
        var plan = (await ListAsync(user, ("actor", "operator"))).Single();
        Assert.Equal(("account.update", "free", "basic"), (plan.Action, plan.Changes["plan"].From?.GetString(), plan.Changes["plan"].To?.GetString()));
        var failed = (await ListAsync(user, ("action", "sign_in.fail"))).Single();
        Assert.Equal((AuditActorKind.Stranger, AuditKind.SignIn), (failed.ActorKind, failed.Kind));
    }

    [Fact]
    public async Task Filters_leave_exactly_what_they_name_and_pages_give_each_entry_once()
    {
        var user = await server.NewUserAsync();
        var (one, _) = (await user.NewContactAsync(), await user.NewContactAsync());
        await user.Api.Contacts.GetAsync(one.Id);
        await user.Api.Contacts.UpdateAsync(one.Id, new() { FirstName = "Ada" });
        await server.SettleAsync();

        Assert.Equal(["contact.create", "contact.read", "contact.update"], (await ListAsync(user, ("resource_id", one.Id.ToString()))).Select(e => e.Action).Order());
        Assert.All(await ListAsync(user, ("kind", "sign_in")), e => Assert.Equal(AuditKind.SignIn, e.Kind));
        Assert.All(await ListAsync(user, ("resource", "contact")), e => Assert.Equal("contact", e.Resource));
        var all = await ListAsync(user);
        var middle = all[all.Count / 2].OccurredAt;
        string time = middle.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(all.Count(e => e.OccurredAt < middle), (await ListAsync(user, ("to", time))).Count);
        Assert.Empty(await ListAsync(user, ("actor_id", Guid.NewGuid().ToString())));
        var walked = new List<Guid>();
        await foreach (var entry in user.Api.Audit.AllAsync(new() { Limit = 2 }))
        {
            walked.Add(entry.Id);
        }
        Assert.Equal(walked.Count, walked.Distinct().Count());
        Assert.Empty(all.Select(e => e.Id).Except(walked));
        await InvalidAsync("kind", () => user.Api.Audit.ListAsync(new() { Filters = new Dictionary<string, string> { ["kind"] = "gossip" } }));
        await InvalidAsync("resource", () => user.Api.Audit.ListAsync(new() { Filters = new Dictionary<string, string> { ["resource"] = "weather" } }));
    }

    [Fact]
    public async Task The_log_is_for_those_who_manage_and_exporting_it_is_an_entry()
    {
        var user = await server.NewUserAsync();
        await user.NewContactAsync();
        var agent = await PageClient.OfMemberAsync(server, user, MemberRole.Agent);
        Assert.Equal(HttpStatusCode.Forbidden, (await agent.GetAsync("/settings/audit")).Status);

        using var csv = new StreamReader(await user.Api.Audit.ExportAsync());
        using var jsonl = new StreamReader(await user.Api.Audit.ExportAsync(ExportFormat.Jsonl, new() { Filters = new Dictionary<string, string> { ["resource"] = "contact" } }));
        await server.SettleAsync();

        Assert.StartsWith("\uFEFFid,occurred_at,kind,action", "\uFEFF" + await csv.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Contains("\"action\":\"contact.create\"", (await jsonl.ReadToEndAsync()).Split('\n')[0], StringComparison.Ordinal);
        Assert.Equal(2, (await ListAsync(user, ("action", "audit.export"))).Count);
        var denied = (await ListAsync(user, ("kind", "denied"))).Single();
        Assert.Equal(("access.deny", "GET /settings/audit", AuditActorKind.Member), (denied.Action, denied.Details["asked"].GetString(), denied.ActorKind));
    }

    [Fact]
    public async Task Another_users_record_and_one_that_never_was_leave_the_same_entry_with_who_asked_and_none_with_the_other()
    {
        var (user, stranger) = (await server.NewUserAsync(), await server.NewUserAsync());
        var contact = await user.NewContactAsync();
        var never = Guid.CreateVersion7();
        await RefusedAsync(404, () => stranger.Api.Contacts.GetAsync(contact.Id));
        await RefusedAsync(404, () => stranger.Api.Contacts.GetAsync(never));
        await server.SettleAsync();

        var misses = await ListAsync(stranger, ("action", "record.miss"));
        Assert.Equal(new Guid?[] { contact.Id, never }.Order(), misses.Select(e => e.ResourceId).Order());
        Assert.Equal(misses[0].Details["asked"].GetRawText(), misses[1].Details["asked"].GetRawText());
        Assert.Empty(await ListAsync(user, ("kind", "denied")));
    }

    [Fact]
    public async Task The_same_thing_read_many_times_within_a_moment_is_one_entry_that_says_how_often()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();
        await server.SettleAsync();
        for (var i = 0; i < 40; i++)
        {
            await user.Api.Contacts.GetAsync(contact.Id);
        }
        await server.SettleAsync();

        var reads = await ListAsync(user, ("action", "contact.read"));

        Assert.True(reads.Count < 40, $"{reads.Count} entries.");
        Assert.Equal(40, reads.Sum(e => e.Details.TryGetValue("times", out var times) ? times.GetInt32() : 1));
    }

    [Fact]
    public async Task The_page_shows_entries_with_what_changed_and_that_the_log_is_whole()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();
        await user.Api.Contacts.UpdateAsync(contact.Id, new() { FirstName = "Ada" });
        await server.SettleAsync();
        var page = await PageClient.OfAsync(server, user);

        var all = await page.GetAsync("/settings/audit");
        var one = await page.GetAsync($"/settings/audit?resource_id={contact.Id}&kind=write&from=2020-01-01&to=2099-01-01");

        Assert.Contains("Intact up to", all.Document.QuerySelector(".note-good")?.TextContent, StringComparison.Ordinal);
        Assert.Equal(["Changed a contact", "Created a contact"], one.Document.QuerySelectorAll(".audit-what summary").Select(s => s.TextContent.Trim()));
        Assert.Equal(("Grace", "Ada"), (one.Document.QuerySelector(".audit-what del")?.TextContent, one.Document.QuerySelector(".audit-what ins")?.TextContent));
        Assert.Contains($"resource_id={contact.Id}", one.Document.QuerySelector("a[href^='/api/audit/export']")?.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await page.GetAsync("/settings/audit?from=yesterday")).Status);
    }

    private static async Task<IReadOnlyList<Client.AuditEntry>> ListAsync(TestUser user, params (string Field, string Value)[] filters) =>
        (await user.Api.Audit.ListAsync(new() { Limit = 200, Filters = filters.ToDictionary(f => f.Field, f => f.Value) })).Data;
}
