namespace CallAgent.Tests;

/// <summary>The page of one import: what will be and what was, row by row.</summary>
public sealed class ImportPageTests(TestServer server)
{
    [Fact]
    public async Task Each_outcome_leads_to_its_rows_and_these_to_their_contacts()
    {
        var user = await server.NewUserAsync();
        var known = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone() });
        var fresh = TestUser.NewPhone();
        var import = await user.ImportAsync($"phone,first_name,email\n{fresh},Grace,grace@navy.example\n{known.PhoneNumber},Known,\nletters,Alan,no address\n");
        var path = $"/contacts/imports/{import.Id}";
        var page = await PageClient.OfAsync(server, user);

        // What failed is shown at once, in words.
        var failed = await page.GetAsync(path);
        Assert.Contains("Phone number: Is not a phone number", failed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("phone_number:", failed.Text, StringComparison.Ordinal);
        Assert.Equal(["created", "skipped", "failed"], failed.Document.QuerySelectorAll("a.tile").Select(a => a.GetAttribute("href")!.Split('=')[1]));

        var skipped = await page.GetAsync(path + "?outcome=skipped");
        Assert.Contains("A contact has this number already.", skipped.Text, StringComparison.Ordinal);
        Assert.NotNull(skipped.Document.QuerySelector($".failed-rows a[href='/contacts/{known.Id}']"));

        var created = await page.GetAsync(path + "?outcome=created");
        Assert.Contains(fresh, created.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("letters", created.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("letters", (await page.GetAsync(path + "?outcome=updated")).Text, StringComparison.Ordinal);
        // Neither a word that is no outcome nor a cursor that is none breaks the page.
        Assert.Contains("letters", (await page.GetAsync(path + "?outcome=nonsense")).Text, StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await page.GetAsync(path + "?outcome=created&cursor=nonsense")).Status);
    }

    [Fact]
    public async Task No_row_leads_to_a_contact_that_is_gone()
    {
        var user = await server.NewUserAsync();
        var number = TestUser.NewPhone();
        var import = await user.ImportAsync($"phone,first_name\n{number},Grace\n{number},Again\n{TestUser.NewPhone()},Alan\n");
        var page = await PageClient.OfAsync(server, user);
        Assert.Equal(["Grace", "Alan"], await LinksAsync("created"));
        Assert.Equal(["Grace"], await LinksAsync("skipped"));

        var alan = (await user.Api.Contacts.ListAsync(new() { Q = "Alan" })).Data.Single();
        await user.Api.Contacts.DeleteAsync(alan.Id);
        Assert.Equal(["Grace"], await LinksAsync("created"));
        await user.Api.Imports.UndoAsync(import.Id);
        await user.RestAsync(import.Id);

        Assert.Empty(await LinksAsync("created"));
        Assert.Empty(await LinksAsync("skipped"));

        async Task<IEnumerable<string>> LinksAsync(string outcome) =>
            (await page.GetAsync($"/contacts/imports/{import.Id}?outcome={outcome}")).Document.QuerySelectorAll(".failed-rows a").Select(a => a.TextContent.Trim());
    }

    [Fact]
    public async Task Rows_go_on_page_by_page()
    {
        var user = await server.NewUserAsync();
        var import = await user.ImportAsync(ImportFiles.Numbers(45));
        var page = await PageClient.OfAsync(server, user);
        var seen = new List<string>();
        for (var next = $"/contacts/imports/{import.Id}?outcome=created"; next is not null;)
        {
            var shown = await page.GetAsync(next);
            seen.AddRange(shown.Document.QuerySelectorAll(".failed-rows td.num").Select(c => c.TextContent.Trim()));
            next = shown.Document.QuerySelector("a[rel=next]")?.GetAttribute("href");
        }

        Assert.Equal(Enumerable.Range(1, 45).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)), seen);
    }

    [Fact]
    public async Task The_preview_marks_numbers_to_mend_and_says_why_rows_are_skipped()
    {
        var user = await server.NewUserAsync();
        var known = await user.NewContactAsync();
        var import = await user.UploadAsync($"phone,first_name\n+1234567890,Doubtful\n{TestUser.NewPhone()},Sound\n{known.PhoneNumber},Known\n");

        var shown = await (await PageClient.OfAsync(server, user)).GetAsync($"/contacts/imports/{import.Id}");

        var rows = shown.Document.QuerySelectorAll("section[aria-labelledby=preview] tbody tr").Select(r => r.TextContent.Contains("To mend", StringComparison.Ordinal));
        Assert.Equal([true, false, false], rows);
        Assert.Equal([null, null, "A contact has this number already."], (await user.Api.Imports.PreviewAsync(import.Id)).Rows.Select(r => r.Reason));
        Assert.Contains("A contact has this number already.", shown.Text, StringComparison.Ordinal);
    }
}
