using System.Text.Json;
using AngleSharp.Html.Dom;
using CallAgent.Client;

namespace CallAgent.Tests;

public sealed class ContactPageTests(TestServer server)
{
    [Fact]
    public async Task The_list_takes_as_many_commands_however_long_it_is()
    {
        var user = await server.NewUserAsync();
        for (var i = 0; i < 8; i++)
        {
            await user.Api.Contacts.AddTagAsync((await user.NewContactAsync()).Id, "vip");
        }

        // Where the page's feed begins, whether the tag is one of many, and the page of contacts; beside all contacts the counters of the statuses.
        Assert.Equal(3, await server.CommandsAsync(user.Id, () => user.PageAsync("/contacts?tag=vip&sort=last_name")));
        Assert.Equal(3, await server.CommandsAsync(user.Id, () => user.PageAsync("/contacts?sort=last_name")));
    }

    [Fact]
    public async Task Filters_are_chips_that_can_be_taken_away_and_the_export_has_them_too()
    {
        var user = await server.NewUserAsync();
        var (vip, other) = (await user.NewContactAsync("Grace"), await user.NewContactAsync("Ada"));
        await user.Api.Contacts.UpdateAsync(vip.Id, new() { Tags = new(["vip"]), Status = ContactStatus.Interested });

        var page = await user.PageAsync("/contacts?status=interested&tag=vip&q=gra&since=2020-02-01");

        Assert.Equal([$"/contacts/{vip.Id}"], RowsOf(page));
        Assert.DoesNotContain(other.Id.ToString(), page.Body!.InnerHtml);
        var chips = page.QuerySelectorAll("#filters a.chip.on").ToDictionary(c => c.TextContent.Split(',')[0], c => c.GetAttribute("href")!);
        Assert.Equal(["Added since 2/1/2020", "Tag: vip"], chips.Keys.Order());
        Assert.DoesNotContain("tag=", chips["Tag: vip"]);
        Assert.Contains("status=interested", chips["Tag: vip"]);
        var export = page.QuerySelector("a[href^='/api/contacts/export?format=csv']")!.GetAttribute("href")!;
        Assert.All(new[] { "status=interested", "tag=vip", "q=gra", "created_after=2020-02-01T00%3A00%3A00.0000000Z" }, part => Assert.Contains(part, export));
    }

    [Fact]
    public async Task A_day_that_is_none_is_named()
    {
        var user = await server.NewUserAsync();

        Assert.Contains("Since", (await user.PageAsync("/contacts?since=yesterday", 400)).QuerySelector(".error-list")!.TextContent);
    }

    [Fact]
    public async Task Heads_sort_one_way_and_then_the_other()
    {
        var user = await server.NewUserAsync();
        await user.NewContactAsync(lastName: "Zuse");
        await user.NewContactAsync(lastName: "Allen");

        var page = await user.PageAsync("/contacts?sort=last_name");

        var head = page.QuerySelector("th[aria-sort='ascending'] a")!;
        Assert.Equal(("Name", "/contacts?sort=-last_name"), (head.TextContent.Trim(), head.GetAttribute("href")));
        Assert.Contains("Allen", page.QuerySelector("tbody .row-link")!.TextContent);
        Assert.Equal("Added", (await user.PageAsync("/contacts")).QuerySelector("th[aria-sort='descending']")!.TextContent.Trim());
    }

    [Fact]
    public async Task Columns_are_chosen_and_kept_in_a_cookie_custom_fields_too()
    {
        var user = await server.NewUserAsync();
        var fields = new Dictionary<string, JsonElement> { ["a.b %;, c"] = JsonSerializer.SerializeToElement(true) };
        await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), CustomFields = fields });
        Assert.Contains("field:a.b %;, c", (await user.PageAsync("/contacts")).QuerySelectorAll("input[name=column]").Select(i => i.GetAttribute("value")));

        var answer = await user.Http.PostAsync("/contacts/columns", new FormUrlEncodedContent(
            [new("column", "email"), new("column", "field:a.b %;, c"), new("column", "nonsense"), new("return", "//evil.example")]));

        Assert.Equal("/contacts", answer.Headers.Location!.ToString());
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("contact_columns", StringComparison.Ordinal)).Split(';')[0];
        var page = await user.PageAsync("/contacts", cookie: cookie);
        Assert.Equal(["", "Name", "E-mail", "a.b %;, c"], page.QuerySelectorAll("thead th").Select(h => h.TextContent.Trim()));
        Assert.Equal("Yes", page.QuerySelector("tbody td:last-child")!.TextContent);
    }

    [Fact]
    public async Task A_contact_is_added_with_typed_custom_fields_and_shown()
    {
        var user = await server.NewUserAsync();

        var answer = await user.SendFormAsync("/contacts/new", ("phone_number", "+1 415 555 0132"), ("first_name", "Grace"), ("tags", "VIP, key account"),
            ("field_name_0", "seats"), ("field_kind_0", "number"), ("field_text_0", "12.50"), ("field_name_1", "active"), ("field_kind_1", "yes_no"), ("field_text_1", "Yes"),
            ("field_name_2", ""), ("field_kind_2", "text"), ("field_text_2", ""));

        var contact = Assert.Single((await user.Api.Contacts.ListAsync()).Data);
        Assert.Equal($"/contacts/{contact.Id}", answer.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Equal(["vip", "key-account"], contact.Tags);
        Assert.Equal(("12.50", JsonValueKind.True), (contact.CustomFields["seats"].GetRawText(), contact.CustomFields["active"].ValueKind));
    }

    [Fact]
    public async Task What_is_wrong_stands_at_its_field_and_nothing_typed_is_lost()
    {
        var user = await server.NewUserAsync();

        var page = await ReadAsync(await user.SendFormAsync("/contacts/new", ("phone_number", "call me"), ("first_name", "Grace"),
            ("field_name_0", "seats"), ("field_kind_0", "text"), ("field_text_0", "12")), 400);
        var kind = await ReadAsync(await user.SendFormAsync("/contacts/new", ("phone_number", "call me"), ("email", "@"),
            ("field_name_0", "seats"), ("field_kind_0", "number"), ("field_text_0", "a dozen"), ("field_name_1", ""), ("field_kind_1", "text"), ("field_text_1", "lost")), 400);

        Assert.Contains("Is not a phone number", page.QuerySelector("#field-phone_number-error")!.TextContent);
        Assert.Equal(["call me", "Grace", "seats", "12"], new[] { "phone_number", "first_name", "field_name_0", "field_text_0" }.Select(n => ValueOf(page, n)));
        Assert.Contains("Is not a number", kind.QuerySelector("#field_text_0-error")!.TextContent);
        var empty = await ReadAsync(await user.SendFormAsync("/contacts/new", ("phone_number", ""), ("email", "@")), 400);
        Assert.Equal(2, empty.QuerySelectorAll("#field-phone_number-error, #field-email-error").Length);
        Assert.Contains("Is not a phone number", kind.QuerySelector("#field-phone_number-error")!.TextContent);
        Assert.Contains("Is not an e-mail address", kind.QuerySelector("#field-email-error")!.TextContent);
        Assert.Contains("Needs a name", kind.QuerySelector("#field_name_1-error")!.TextContent);
        Assert.Equal("lost", ValueOf(kind, "field_text_1"));
        Assert.Empty((await user.Api.Contacts.ListAsync()).Data);
    }

    [Fact]
    public async Task One_asks_for_more_rows_or_to_add_another()
    {
        var user = await server.NewUserAsync();

        var more = await ReadAsync(await user.SendFormAsync("/contacts/new", ("first_name", "Grace"), ("more", "1"), ("field_name_0", ""), ("field_kind_0", "text"), ("field_text_0", "")));
        var again = await user.SendFormAsync("/contacts/new", ("phone_number", TestUser.NewPhone()), ("another", "1"));

        Assert.Equal((3, "Grace"), (more.QuerySelectorAll(".custom-row").Length, ValueOf(more, "first_name")));
        Assert.Equal("/contacts/new", again.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Single((await user.Api.Contacts.ListAsync()).Data);
    }

    [Fact]
    public async Task The_form_of_a_contact_gives_every_field_back_as_it_was()
    {
        var user = await server.NewUserAsync();
        var contact = await user.Api.Contacts.CreateAsync(new()
        {
            PhoneNumber = TestUser.NewPhone(),
            LastName = "Hopper",
            Tags = ["vip"],
            CustomFields = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>("""{"n":1e30,"t":" 007 ","b":false,"tree":{"a":[1,null]},"none":null}"""),
        });
        var page = await user.PageAsync($"/contacts/{contact.Id}/edit");
        var fields = ((IHtmlFormElement)page.QuerySelector("main form.card")!).Elements
            .Where(e => e is IHtmlInputElement or IHtmlSelectElement).Select(e => (e.GetAttribute("name")!, e is IHtmlSelectElement s ? s.Value ?? "" : ((IHtmlInputElement)e).Value));

        await user.SendFormAsync($"/contacts/{contact.Id}/edit", [.. fields]);

        Assert.Equal(contact.UpdatedAt, (await user.Api.Contacts.GetAsync(contact.Id)).UpdatedAt);
    }

    [Fact]
    public async Task Selected_contacts_are_changed_and_deleted_by_a_plain_form()
    {
        var user = await server.NewUserAsync();
        var (one, two) = (await user.NewContactAsync(), await user.NewContactAsync());
        var ids = new[] { ("id", one.Id.ToString()), ("id", two.Id.ToString()) };

        await user.SendFormAsync("/contacts/bulk", [.. ids, ("action", "add_tag"), ("tag", "Spring, VIP")]);
        await user.SendFormAsync("/contacts/bulk", [.. ids, ("action", "status"), ("status", "lost"), ("return", "/contacts?status=lost")]);
        var asked = await ReadAsync(await user.SendFormAsync("/contacts/bulk", [.. ids, ("action", "delete")]));

        Assert.Equal(["spring", "vip"], (await user.Api.Contacts.GetAsync(two.Id)).Tags);
        Assert.Equal(ContactStatus.Lost, (await user.Api.Contacts.GetAsync(one.Id)).Status);
        Assert.Equal("Delete 2 contacts?", asked.QuerySelector("h1")!.TextContent);
        await user.SendFormAsync("/contacts/bulk", [.. ids, ("action", "delete"), ("sure", "true")]);
        Assert.Empty((await user.Api.Contacts.ListAsync()).Data);
        Assert.Contains("Nothing to do", (await ReadAsync(await user.SendFormAsync("/contacts/bulk", [.. ids, ("action", "status"), ("status", "")]), 400)).QuerySelector("h1")!.TextContent);
        Assert.Contains("No contact is selected", (await ReadAsync(await user.SendFormAsync("/contacts/bulk", ("action", "delete")), 400)).QuerySelector("h1")!.TextContent);
    }

    [Fact]
    public async Task What_was_noted_in_its_calls_stands_under_them()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();
        var whole = string.Join(' ', Enumerable.Repeat("Wants an offer by Friday.", 20));
        foreach (var notes in new[] { null, "Prefers mornings.", whole })
        {
            var call = await user.Api.Calls.CreateAsync(new() { ContactId = contact.Id });
            await user.Api.Calls.UpdateAsync(call.Id, new() { Notes = notes });
        }

        var rows = (await user.PageAsync($"/contacts/{contact.Id}?tab=calls")).QuerySelectorAll(".call-row");

        Assert.Equal(3, rows.Length);
        Assert.Equal(whole, rows[0].QuerySelector("details > p")!.TextContent);
        Assert.InRange(rows[0].QuerySelector("summary [dir]")!.TextContent.Length, 100, 170);
        Assert.Equal("Prefers mornings.", rows[1].QuerySelector("p")!.TextContent);
        Assert.Null(rows[2].QuerySelector("p, details"));
    }

    [Fact]
    public async Task Who_may_only_read_is_offered_no_change()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();
        var email = await Members.AddAsync(server, user.Id, MemberRole.Viewer);
        var token = await new CallAgentClient(server.Anonymous()).Auth.CreateTokenAsync(new() { Email = email, Password = Members.Password });

        foreach (var path in new[] { "/contacts", "/contacts/board", $"/contacts/{contact.Id}" })
        {
            var page = await user.PageAsync(path, token: token.AccessToken);
            var offers = page.QuerySelectorAll("inline-edit, #bulk, .lane-menu, form[action*='/tags'], a[href$='/edit'], a[href$='/delete'], a[href='/contacts/new']");
            Assert.DoesNotContain(offers, e => e.Closest("dialog") is null);
        }
    }

    private static string ValueOf(IHtmlDocument page, string name) => ((IHtmlInputElement)page.QuerySelector($"[name={name}]")!).Value;

    private static IEnumerable<string> RowsOf(IHtmlDocument page) => page.QuerySelectorAll("tbody .row-link").Select(a => a.GetAttribute("href")!);

    private static Task<IHtmlDocument> ReadAsync(HttpResponseMessage answer, int status = 200) => answer.ReadPageAsync(status);
}
