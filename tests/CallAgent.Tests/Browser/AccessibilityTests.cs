using Deque.AxeCore.Playwright;

namespace CallAgent.Tests;

/// <summary>axe-core finds nothing on any page, in either theme, on a desk and on a phone.</summary>
[Collection(BrowserTests.Name)]
public sealed class AccessibilityTests(Chromium chromium)
{
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task No_page_breaks_a_rule_of_accessibility(bool dark, bool phone)
    {
        var options = (phone ? WindowOptions.Phone : new()) with { Dark = dark };
        var estate = await Estate.CreateAsync(chromium.Server);
        var findings = new List<string>();
        await using var stranger = await chromium.OpenAsync(options);
        await using var owner = await chromium.OpenAsync(estate.User, options);
        foreach (var page in PageWalk.Of(chromium.Server).Where(p => p.Method == "GET" && !p.IsStream()))
        {
            findings.AddRange(await FindAsync(page.IsOpen ? stranger : owner, page.For(estate)));
        }
        var (console, _) = await chromium.OpenConsoleAsync(options);
        await using var operators = console;
        foreach (var page in PageWalk.OfConsole(chromium.Server).Where(p => p.Method == "GET"))
        {
            findings.AddRange(await FindAsync(console, page.For(estate)));
        }
        await console.GoAsync($"/operator/users/{estate.User.Id}");
        await console.FillAsync("Reason", "A long reason that takes more room than there is on a phone, as reasons do when somebody is thorough");
        await console.ClickAsync("Go in");
        await console.IsAtAsync("/dashboard$");
        findings.AddRange(await FindAsync(console, "/contacts"));
        findings.AddRange(await FindAsync(stranger.Expect("status of 404"), "/nowhere"));
        foreach (var link in await MailedLinks.AllAsync(chromium.Server))
        {
            findings.AddRange(await FindAsync(stranger, link));
        }

        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    [Fact]
    public async Task The_check_notices_a_rule_that_is_broken()
    {
        await using var window = await chromium.OpenAsync();
        await window.GoAsync("/sign-in");
        await window.Page.EvaluateAsync("document.querySelectorAll('label').forEach(l => l.remove())");

        Assert.Contains((await window.Page.RunAxe()).Violations, v => v.Id == "label");
    }

    private static async Task<IEnumerable<string>> FindAsync(Window window, string path)
    {
        await window.GoAsync(path);
        var result = await window.Page.RunAxe();
        return result.Violations.Select(v => $"{path}: {v.Id} ({v.Help}): {string.Join(" ; ", v.Nodes.Take(3).Select(n => n.Html))}");
    }
}
