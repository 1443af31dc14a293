using CallAgent.Client;
using static CallAgent.Tests.Refusals;

namespace CallAgent.Tests;

/// <summary>An import can be stopped, gone on with, taken back and forgotten.</summary>
public sealed class ImportUndoTests(TestServer server)
{
    [Fact]
    public async Task Undoing_removes_what_was_created_and_restores_what_was_updated()
    {
        var user = await server.NewUserAsync(Plan.Basic);
        var old = await user.Api.Contacts.CreateAsync(new()
        {
            PhoneNumber = "+14155550100",
            FirstName = "Old",
            Email = "old@example.com",
            Tags = ["first"],
            Status = ContactStatus.Interested,
            CustomFields = new Dictionary<string, System.Text.Json.JsonElement> { ["n"] = System.Text.Json.JsonElement.Parse("1.50") },
        });
        // Updated twice, in one batch and over two; one created and then updated in the next batch.
        var rows = $"+14155550100,New,x@example.com,vip,2\n+14155550100,Newer,,,3\n{string.Concat(Enumerable.Range(0, 600).Select(i => $"+1415556{i:0000},N{i},,,\n"))}+14155550100,Newest,,,4\n+14155560005,Other,,late,\n";
        var import = await user.ImportAsync($"phone,first_name,email,tags,custom_fields.n\n{rows}", OnDuplicate.Update);
        Assert.Equal((600, 4, 0), (import.Counts.Created, import.Counts.Updated, import.Counts.Failed));
        Assert.Equal("Newest", (await user.Api.Contacts.GetAsync(old.Id)).FirstName);

        await user.Api.Imports.UndoAsync(import.Id);
        var undone = await user.RestAsync(import.Id);

        Assert.Equal((ImportState.Undone, 601, 0), (undone.State, undone.Counts.Undone, undone.Counts.Kept));
        var left = Assert.Single(await user.ContactsAsync());
        Assert.Equal(ContactSnapshot.Of(old).ToDictionary(f => f.Key, f => f.Value.GetRawText()), ContactSnapshot.Of(left).ToDictionary(f => f.Key, f => f.Value.GetRawText()));
        Assert.Equal(left.Id, Assert.Single((await user.Api.Contacts.ListAsync(new() { Q = "old" })).Data).Id);
        Assert.Empty((await user.Api.Contacts.ListAsync(new() { Q = "newest" })).Data);
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
    }

    [Fact]
    public async Task What_somebody_has_changed_or_called_since_is_kept_and_said()
    {
        var user = await server.NewUserAsync();
        var old = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = "+14155550104", FirstName = "Old" });
        var import = await user.ImportAsync("phone,first_name\n+14155550100,a\n+14155550101,b\n+14155550102,c\n+14155550103,d\n+14155550104,e\n", OnDuplicate.Update);
        var contacts = (await user.ContactsAsync()).ToDictionary(c => c.PhoneNumber[^1]);
        await user.Api.Contacts.UpdateAsync(contacts['0'].Id, new() { LastName = "Changed" });
        await user.Api.Calls.CreateAsync(new() { ContactId = contacts['1'].Id });
        await user.Api.Contacts.DeleteAsync(contacts['2'].Id);
        await user.Api.Contacts.UpdateAsync(old.Id, new() { Company = "Changed" });

        await user.Api.Imports.UndoAsync(import.Id);
        var undone = await user.RestAsync(import.Id);

        Assert.Equal((1, 4), (undone.Counts.Undone, undone.Counts.Kept));
        var rows = await user.RowsAsync(import.Id);
        Assert.Equal(
            ["Kept: the contact was changed since.", "Kept: the contact has calls or conversations.", "Kept: the contact was deleted since.", null, "Kept: the contact was changed since."],
            rows.Select(r => r.Reason));
        Assert.Equal([RowUndo.Kept, RowUndo.Kept, RowUndo.Kept, RowUndo.Undone, RowUndo.Kept], rows.Select(r => r.Undo!.Value));
        Assert.Equal("014", string.Concat((await user.ContactsAsync()).Select(c => c.PhoneNumber[^1]).Order()));
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
    }

    [Fact]
    public async Task A_cancelled_import_stops_in_order_and_can_go_on_or_be_taken_back()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        var rows = 6_000;
        var import = await CancelledAsync(user, rows);
        while (import.State == ImportState.Completed)
        {
            // It was done before it was to stop, on a machine that let it run alone; a longer one will not be.
            Assert.True(rows < 400_000, "No import could be stopped in time.");
            await user.Api.Imports.UndoAsync(import.Id);
            await user.RestAsync(import.Id);
            import = await CancelledAsync(user, rows *= 4);
        }

        var cancelled = await user.RestAsync(import.Id);

        Assert.Equal(ImportState.Cancelled, cancelled.State);
        Assert.InRange(cancelled.Counts.Done, 0, rows - 1);
        Assert.Equal(cancelled.Counts.Created, (await user.Api.GetUsageAsync()).Figures.Contacts);
        var done = await user.RunAsync(import.Id);
        Assert.Equal((ImportState.Completed, rows, 0), (done.State, done.Counts.Created, done.Counts.Skipped));
        await user.Api.Imports.UndoAsync(import.Id);
        Assert.Equal(rows, (await user.RestAsync(import.Id)).Counts.Undone);
        Assert.Equal((0, ""), ((await user.Api.GetUsageAsync()).Figures.Contacts, await Ledger.DifferencesAsync(server, user.Id)));
    }

    /// <summary>An import that was started and told to stop at once, or one that was completed before that.</summary>
    private static async Task<Client.Import> CancelledAsync(TestUser user, int rows)
    {
        var import = await user.UploadAsync(ImportFiles.Numbers(rows));
        await user.Api.Imports.RunAsync(import.Id);
        try
        {
            await user.Api.Imports.CancelAsync(import.Id);
        }
        catch (CallAgentException e) when (e.Status == 409)
        {
            Assert.Equal(ImportState.Completed, (await user.Api.Imports.GetAsync(import.Id)).State);
        }
        return await user.Api.Imports.GetAsync(import.Id);
    }

    [Fact]
    public async Task What_does_not_fit_the_state_is_refused()
    {
        var user = await server.NewUserAsync();
        var import = await user.UploadAsync("phone\n+14155550100\n");
        await RefusedAsync(409, () => user.Api.Imports.CancelAsync(import.Id));
        await RefusedAsync(409, () => user.Api.Imports.UndoAsync(import.Id));

        await user.RunAsync(import.Id);

        await RefusedAsync(409, () => user.Api.Imports.RunAsync(import.Id));
        await RefusedAsync(409, () => user.Api.Imports.UpdateAsync(import.Id, new() { OnDuplicate = OnDuplicate.Fail }));
        await RefusedAsync(409, () => user.Api.Imports.CancelAsync(import.Id));
    }

    [Fact]
    public async Task A_deleted_import_leaves_no_row_and_all_its_contacts()
    {
        var user = await server.NewUserAsync(Plan.Enterprise);
        var import = await user.ImportAsync(ImportFiles.Numbers(6_000));

        await user.Api.Imports.DeleteAsync(import.Id);

        await RefusedAsync(404, () => user.Api.Imports.GetAsync(import.Id));
        var counts = await Snapshot.CountAsync(server.Database, user.Id);
        Assert.Equal((0, 0, 6_000), (counts["imports"], counts["import_rows"], counts["contacts"]));
        await using (var unit = server.Host.Database.Open(TenantScope.Of(user.Id)))
        {
            Assert.DoesNotContain(unit.Jobs.ToList(), j => j.PayloadId == import.Id);
        }
        Assert.Equal("", await Ledger.DifferencesAsync(server, user.Id));
    }

    [Fact]
    public async Task An_import_is_forgotten_after_its_time_and_a_broken_upload_soon()
    {
        var user = await server.NewUserAsync();
        var import = await user.ImportAsync("phone\n+14155550100\n");
        var unit = server.Host.Database.Open(TenantScope.Of(user.Id));
        await using (unit)
        {
            var job = unit.Jobs.Single(j => j.PayloadId == import.Id);
            Assert.Equal((ImportExpiry.Name, import.ExpiresAt), (job.Queue, job.DueAt));
            job.DueAt = DateTimeOffset.UnixEpoch;
            await unit.SaveChangesAsync();
        }

        for (var i = 0; i < 100 && (await user.Api.Imports.ListAsync()).Data.Count > 0; i++)
        {
            await Task.Delay(100);
        }

        Assert.Empty((await user.Api.Imports.ListAsync()).Data);
        Assert.Single(await user.ContactsAsync());
    }
}
