using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>A run tells the truth: every row has one outcome, and the contacts, tokens and counters are what it says.</summary>
public sealed class ImportRunTests(TestServer server)
{
    private const string Numbers = "phone,first name,tags,status\n+14155550100,Ada,vip,interested\n+14155550101,Grace,,\n4155550101,Again,new,\nnone,Nobody,,\n+14155550102,Bad,,happy\n";

    [Theory]
    [InlineData(OnDuplicate.Skip, 1, 0, 2, 2)]
    [InlineData(OnDuplicate.Update, 1, 2, 0, 2)]
    [InlineData(OnDuplicate.Fail, 1, 0, 0, 4)]
    public async Task Duplicates_in_the_file_and_in_the_account_do_as_told(OnDuplicate policy, int created, int updated, int skipped, int failed)
    {
        var user = await server.NewUserAsync();
        await user.Api.Contacts.CreateAsync(new() { PhoneNumber = "+14155550100", FirstName = "Old", Company = "Kept", Tags = ["first"] });

        var import = await user.ImportAsync(Numbers, policy);

        Assert.Equal((ImportState.Completed, created, updated, skipped, failed), (import.State, import.Counts.Created, import.Counts.Updated, import.Counts.Skipped, import.Counts.Failed));
        Assert.Equal(5, import.Counts.Done);
        var contacts = await user.ContactsAsync();
        var isUpdate = policy == OnDuplicate.Update;
        Assert.Equal(isUpdate ? ("Ada", "Kept", "first,vip", ContactStatus.Interested) : ("Old", "Kept", "first", ContactStatus.New), Describe(contacts[0]));
        Assert.Equal((isUpdate ? "Again" : "Grace", null, isUpdate ? "new" : "", ContactStatus.New), Describe(contacts[1]));
        Assert.Equal(2, contacts.Count);
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
    }

    [Fact]
    public async Task Every_row_says_what_became_of_it_and_why()
    {
        var user = await server.NewUserAsync();
        var import = await user.ImportAsync("phone,email\n+14155550100,a@example.com\n+14155550101,nonsense\n12,\n+14155550100,b@example.com\n+14155550102,c@example.com,more\n+14155550103\n");

        var rows = await user.RowsAsync(import.Id);

        Assert.Equal([1, 2, 3, 4, 5, 6], rows.Select(r => r.Number));
        Assert.Equal([RowOutcome.Created, RowOutcome.Failed, RowOutcome.Failed, RowOutcome.Skipped, RowOutcome.Failed, RowOutcome.Failed], rows.Select(r => r.Outcome!.Value));
        Assert.Contains("email", rows[1].Reason);
        Assert.Contains("phone_number", rows[2].Reason);
        Assert.Equal((rows[0].ContactId, "A contact has this number already."), (rows[3].ContactId, rows[3].Reason));
        Assert.Equal("row: Has 3 values where the file has 2 columns.", rows[4].Reason);
        Assert.Equal("row: Has 1 values where the file has 2 columns.", rows[5].Reason);
        Assert.Equal([2, 3, 5, 6], (await user.RowsAsync(import.Id, "failed")).Select(r => r.Number));
        Assert.Equal(2, (await user.Api.Imports.ListRowsAsync(import.Id, new() { Limit = 2 })).Data.Count);
    }

    [Fact]
    public async Task Failed_rows_come_back_as_a_file_that_can_be_mended_and_sent_again()
    {
        var user = await server.NewUserAsync();
        var import = await user.ImportAsync("phone;note\n+14155550100;fine\nnone;=1+1\n");

        var file = await ImportFiles.ReadAsync(user.Api.Imports.OpenFailedRowsAsync(import.Id));

        Assert.Equal("phone;note;import_problem\r\nnone;'=1+1;phone_number: Is not a phone number: 7 to 15 digits, with + and country code or in national form.\r\n", file);
        var mended = await user.ImportAsync(file.Replace("none", "+14155550101", StringComparison.Ordinal));
        Assert.Equal((1, 0), (mended.Counts.Created, mended.Counts.Failed));
        Assert.Equal("=1+1", (await user.ContactsAsync())[1].CustomFields["note"].GetString());
    }

    [Fact]
    public async Task Mapping_and_options_decide_what_is_stored()
    {
        var user = await server.NewUserAsync();
        var import = await user.UploadAsync("Wer,Wohin,Sitze,Egal,Gruppe\n\"Hopper, Grace\",030 901820,12,x,\"b;c\"\n");

        var changed = await user.Api.Imports.UpdateAsync(import.Id, new()
        {
            Mapping = new Dictionary<string, string> { ["Wer"] = "full_name", ["Wohin"] = "phone_number", ["Sitze"] = "custom_fields.seats", ["Egal"] = "ignore", ["Gruppe"] = "tags" },
            DefaultRegion = "de",
            Tags = new(["Fair 2026"]),
            Status = ContactStatus.Contacted,
        });
        var preview = await user.Api.Imports.PreviewAsync(import.Id);
        await user.RunAsync(import.Id);

        Assert.Equal(("DE", "fair-2026"), (changed.DefaultRegion, changed.Tags.Single()));
        var contact = Assert.Single(await user.ContactsAsync());
        var seen = Assert.Single(preview.Rows).Contact!;
        Assert.Equal(("+4930901820", "Grace", "Hopper", "fair-2026,b,c", ContactStatus.Contacted, 12),
            (contact.PhoneNumber, contact.FirstName, contact.LastName, string.Join(',', contact.Tags), contact.Status, contact.CustomFields["seats"].GetInt32()));
        Assert.Equal((contact.PhoneNumber, contact.FirstName, string.Join(',', contact.Tags)), (seen.PhoneNumber, seen.FirstName, string.Join(',', seen.Tags)));
        Assert.Equal(contact.Id, Assert.Single((await user.Api.Contacts.ListAsync(new() { Q = "hopp" })).Data).Id);
        Assert.Equal(contact.Id, Assert.Single((await user.Api.Contacts.ListAsync(new() { Filters = new Dictionary<string, string> { ["tag"] = "fair-2026" } })).Data).Id);
        var entry = Assert.Single((await user.Api.Contacts.GetTimelineAsync(contact.Id)).Data);
        Assert.Equal((TimelineKind.ContactCreated, "Ada Lovelace", import.Id.ToString()), (entry.Kind, entry.Actor, entry.Details["import_id"].GetString()));
    }

    [Fact]
    public async Task A_wrong_mapping_is_refused_by_the_name_of_the_column()
    {
        var user = await server.NewUserAsync();
        var import = await user.UploadAsync("phone,other\n+14155550100,x\n");

        await InvalidAsync("mapping.nowhere", () => MapAsync("nowhere", "ignore"));
        await InvalidAsync("mapping.other", () => MapAsync("other", "shoe_size"));
        await InvalidAsync("mapping.other", () => MapAsync("other", "phone_number"));
        await InvalidAsync("default_region", () => user.Api.Imports.UpdateAsync(import.Id, new() { DefaultRegion = "XX" }));
        await MapAsync("phone", "ignore");
        await InvalidAsync("mapping", () => user.Api.Imports.RunAsync(import.Id));

        Task<Client.Import> MapAsync(string column, string field) =>
            user.Api.Imports.UpdateAsync(import.Id, new() { Mapping = new Dictionary<string, string> { [column] = field } });
    }

    [Fact]
    public async Task The_preview_shows_twenty_rows_with_all_their_problems_and_changes_nothing()
    {
        var user = await server.NewUserAsync();
        var import = await user.UploadAsync("phone,email,status\nnone,nonsense,happy\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"+14155550{100 + i},,\n")));
        var before = await Snapshot.OfAsync(server.Database, user.Id);

        var rows = (await user.Api.Imports.PreviewAsync(import.Id)).Rows;

        Assert.Equal(20, rows.Count);
        Assert.Equal((RowOutcome.Failed, true), (rows[0].Outcome, rows[0].Contact is null));
        Assert.Equal(["email", "phone_number", "status"], rows[0].Problems.Keys.Order());
        Assert.Equal(["none", "nonsense", "happy"], rows[0].Cells);
        Assert.All(rows.Skip(1), r => Assert.Equal((RowOutcome.Created, 0), (r.Outcome, r.Problems.Count)));
        Assert.Equal(before, await Snapshot.OfAsync(server.Database, user.Id));
    }

    [Theory]
    [InlineData(OnDuplicate.Skip)]
    [InlineData(OnDuplicate.Update)]
    [InlineData(OnDuplicate.Fail)]
    public async Task A_dry_run_says_what_the_run_then_does_and_changes_nothing(OnDuplicate policy)
    {
        var user = await server.NewUserAsync();
        for (var i = 0; i < 60; i++)
        {
            await user.Api.Contacts.CreateAsync(new() { PhoneNumber = ImportFiles.Line(i).Split(',')[0] });
        }
        // More than a batch, numbers from before, numbers twice in and across batches, wrong ones, and more than the plan has room for.
        var lines = ImportFiles.Lines(80).Concat(ImportFiles.Lines(70)).Concat(Enumerable.Range(0, 500).Select(_ => "none,x,,,\n")).Concat(ImportFiles.Lines(130).Select(l => l.Replace("Acme", "Other", StringComparison.Ordinal)));
        var import = await user.UploadAsync("phone,first_name,email,company,Seats\n" + string.Concat(lines));
        await user.Api.Imports.UpdateAsync(import.Id, new() { OnDuplicate = policy });
        var before = await Snapshot.OfAsync(server.Database, user.Id);

        var tried = await user.RunAsync(import.Id, dryRun: true);
        var after = await Snapshot.OfAsync(server.Database, user.Id);
        var expected = (await user.RowsAsync(import.Id)).ConvertAll(r => (r.Number, r.Outcome, r.Reason));
        var run = await user.RunAsync(import.Id);

        Assert.Equal((ImportState.Uploaded, true), (tried.State, tried.DryRun));
        Assert.All(before.Where(t => t.Key is not ("imports" or "import_rows" or "jobs")), t => Assert.Equal(t.Value, after[t.Key]));
        Assert.Equal(tried.Counts, run.Counts);
        Assert.Equal(expected, (await user.RowsAsync(import.Id)).ConvertAll(r => (r.Number, r.Outcome, r.Reason)));
        Assert.Equal((100, ""), ((await user.ContactsAsync()).Count, await Ledger.DifferencesAsync(server, user.Id)));
    }

    [Fact]
    public async Task Of_a_file_that_does_not_fit_the_plan_exactly_the_first_rows_are_created()
    {
        var user = await server.NewUserAsync();
        await user.NewContactAsync();

        var import = await user.ImportAsync(ImportFiles.Numbers(150));

        Assert.Equal((99, 51), (import.Counts.Created, import.Counts.Failed));
        Assert.All(await user.RowsAsync(import.Id, "failed"), r => Assert.Contains("The free plan allows 100 contacts; 100 are used.", r.Reason));
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
    }

    [Fact]
    public async Task The_limit_is_exact_while_contacts_are_created_beside_the_import()
    {
        var user = await server.NewUserAsync(Plan.Basic);
        var import = await user.UploadAsync(ImportFiles.Numbers(1_500));
        await user.Api.Imports.RunAsync(import.Id);
        var (own, refused) = (0, 0);

        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            try
            {
                await user.NewContactAsync();
                Interlocked.Increment(ref own);
            }
            catch (CallAgentException e) when (e.Problem.Type == "/problems/plan-limit-reached")
            {
                Interlocked.Increment(ref refused);
            }
        });
        var done = await user.RestAsync(import.Id);

        Assert.Equal((200, 1_000), (own + refused, own + done.Counts.Created));
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
    }

    [Fact]
    public async Task A_number_taken_by_somebody_at_the_same_moment_is_a_duplicate_and_nothing_is_lost()
    {
        var user = await server.NewUserAsync(Plan.Professional);
        var import = await user.UploadAsync(ImportFiles.Numbers(2_000));
        await user.Api.Imports.RunAsync(import.Id);
        var own = 0;

        await Parallel.ForAsync(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (i, cancellation) =>
        {
            try
            {
                await user.Api.Contacts.CreateAsync(new() { PhoneNumber = ImportFiles.Line(1_999 - i * 10).Split(',')[0] }, cancellation);
                Interlocked.Increment(ref own);
            }
            catch (CallAgentException e) when (e.Problem.Type == "/problems/phone-number-taken")
            {
                // The import was faster.
            }
        });
        var done = await user.RestAsync(import.Id);

        Assert.Equal((ImportState.Completed, 2_000), (done.State, done.Counts.Created + own));
        Assert.Equal((own, 0), (done.Counts.Skipped, done.Counts.Failed));
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
    }

    [Fact]
    public async Task In_process_a_run_is_awaited()
    {
        var user = await server.NewUserAsync();
        await using var workspace = (await server.Host.AsAsync(user.Id))!;
        var import = (await workspace.Imports.UploadAsync(new MadeFile(["phone\n", "+14155550100\n"]), "a.csv")).OrThrow();

        var done = (await workspace.Imports.RunAsync(import.Id)).OrThrow();

        Assert.Equal((ImportState.Completed, 1), (done.State, done.Counts.Created));
    }

    [Fact]
    public async Task Another_user_sees_no_import_and_nothing_of_it()
    {
        var (user, stranger) = (await server.NewUserAsync(), (await server.NewUserAsync()).Api.Imports);
        var import = await user.ImportAsync("phone\n+14155550100\n");

        await RefusedAsync(404, () => stranger.GetAsync(import.Id));
        await RefusedAsync(404, () => stranger.RunAsync(import.Id));
        await RefusedAsync(404, () => stranger.ListRowsAsync(import.Id));
        await RefusedAsync(404, () => stranger.OpenFailedRowsAsync(import.Id));
        await RefusedAsync(404, () => stranger.UndoAsync(import.Id));
        await RefusedAsync(404, async () => await stranger.WatchAsync(import.Id).GetAsyncEnumerator().MoveNextAsync());
        Assert.Empty((await stranger.ListAsync()).Data);
    }

    private static (string?, string?, string, ContactStatus) Describe(Client.Contact c) => (c.FirstName, c.Company, string.Join(',', c.Tags), c.Status);
}
