namespace CallAgent.Tests;

/// <summary>A file of contacts goes in through the page, is tried, run, looked at and taken back.</summary>
[Collection(BrowserTests.Name)]
public sealed class ImportFlowTests(Chromium chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_is_uploaded_tried_run_and_taken_back(bool script)
    {
        var user = await chromium.NewUserAsync();
        await using var window = await chromium.OpenAsync(user, new() { Script = script });
        await UploadAsync(window, $"Vorname;Nachname;Telefon;Plätze\nGrace;Hopper;{TestUser.NewPhone()};12\nAlan;Turing;{TestUser.NewPhone()};3\nNobody;;letters;1\n");
        await window.IsAtAsync("/contacts/imports/");
        Assert.Equal("phone_number", await window.Page.GetByLabel("Telefon").InputValueAsync());
        await window.SeesAsync("Hopper");
        await window.SeesAsync("Nobody · letters · 1");

        await window.ClickAsync("Try it without changing anything");
        await WaitAsync(window, script, "What would happen");
        await WaitAsync(window, script, "The first rows, as they would be");
        Assert.Empty((await user.Api.Contacts.ListAsync()).Data);

        await window.ClickAsync("Import 3 rows");
        await WaitAsync(window, script, "What happened");
        await WaitAsync(window, script, "Completed");
        Assert.Equal(["Alan", "Grace"], (await user.Api.Contacts.ListAsync()).Data.Select(c => c.FirstName).Order());
        await window.SeesAsync("Failed rows as a file");

        await window.ClickAsync("Take it back");
        if (script)
        {
            await window.ClickAsync("Go ahead");
        }
        await WaitAsync(window, script, "Undone");
        Assert.Empty((await user.Api.Contacts.ListAsync()).Data);
    }

    [Fact]
    public async Task A_file_that_makes_no_sense_is_refused_and_changes_nothing()
    {
        var user = await chromium.NewUserAsync();
        await using var window = (await chromium.OpenAsync(user)).Expect("status of 400");
        await UploadAsync(window, "\0\u0001\u0002 no text");

        await Microsoft.Playwright.Assertions.Expect(window.Page.Locator(".note-bad")).ToBeVisibleAsync();
        Assert.Empty((await user.Api.Imports.ListAsync()).Data);
    }

    private static async Task UploadAsync(Window window, string text)
    {
        await window.GoAsync("/contacts/import");
        await window.Page.GetByLabel("File").SetInputFilesAsync(new Microsoft.Playwright.FilePayload
        {
            Name = "people.csv",
            MimeType = "text/csv",
            Buffer = System.Text.Encoding.UTF8.GetBytes(text),
        });
        await window.ClickAsync("Upload and look");
    }

    // With script the page follows by itself; without, one reloads it.
    private static async Task WaitAsync(Window window, bool script, string text)
    {
        for (var tries = 0; !script && tries < 100 && await window.Page.GetByText(text).CountAsync() == 0; tries++)
        {
            await Task.Delay(100);
            await window.Page.ReloadAsync();
        }
        await window.SeesAsync(text);
    }
}
