using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CallAgent.Tests;

/// <summary>
/// A browser window whose test fails when the page logs an error, breaks the content security policy, or gets an answer of
/// 500 or more, even if all else looks right.
/// </summary>
public sealed class Window : IAsyncDisposable
{
    private readonly List<string> complaints = [];
    private readonly List<string> expected = [];
    private readonly bool hasScript;

    internal Window(IBrowserContext context, IPage page, bool hasScript)
    {
        (Context, Page, this.hasScript) = (context, page, hasScript);
        Watch(page);
        context.Page += (_, another) => Watch(another);
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    /// <summary>What the browser had to complain about so far and was not expected.</summary>
    public IReadOnlyList<string> Complaints => [.. complaints.Where(c => !expected.Any(e => c.Contains(e, StringComparison.Ordinal)))];

    /// <summary>A complaint with these words belongs to the test, such as <c>status of 404</c>.</summary>
    public Window Expect(string words)
    {
        expected.Add(words);
        return this;
    }

    /// <summary>Opens a page and waits until its elements work: their scripts come after the page, on a busy machine long after.</summary>
    public async Task<IResponse> GoAsync(string path)
    {
        var response = await Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load }) ?? throw new InvalidOperationException($"{path} did not answer.");
        await WorksAsync();
        return response;
    }

    /// <summary>Fills a field by its label.</summary>
    public Task FillAsync(string label, string value) => Page.GetByLabel(label, new() { Exact = true }).FillAsync(value);

    public Task ClickAsync(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).ClickAsync();

    public Task FollowAsync(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true }).First.ClickAsync();

    public Task PressAsync(params string[] keys) => keys.Aggregate(Task.CompletedTask, async (before, key) =>
    {
        await before;
        await Page.Keyboard.PressAsync(key);
    });

    public Task SeesAsync(string text) => Assertions.Expect(Page.GetByText(text).First).ToBeVisibleAsync();

    public async Task IsAtAsync(string pathPattern)
    {
        await Assertions.Expect(Page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex(pathPattern));
        await WorksAsync();
    }

    /// <summary>axe finds nothing on the page as it is now. Where there is no script, neither is axe.</summary>
    public async Task BreaksNoRuleAsync(bool script = true) =>
        Assert.Empty(script ? (await Page.RunAxe()).Violations.Select(v => $"{Page.Url}: {v.Id} {v.Nodes[0].Html}") : []);

    public async ValueTask DisposeAsync()
    {
        await Context.DisposeAsync();
        Assert.Empty(Complaints);
    }

    private Task WorksAsync() => hasScript ? Assertions.Expect(Page.Locator(":not(:defined)")).ToHaveCountAsync(0) : Task.CompletedTask;

    private void Watch(IPage page)
    {
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                complaints.Add($"{page.Url}: {message.Text}");
            }
        };
        page.PageError += (_, error) => complaints.Add($"{page.Url}: {error}");
        page.Response += (_, response) =>
        {
            if (response.Status >= 500)
            {
                complaints.Add($"{response.Url}: status of {response.Status}");
            }
        };
    }
}
