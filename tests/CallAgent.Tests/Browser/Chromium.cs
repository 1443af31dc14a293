using CallAgent.Client;
using Microsoft.Playwright;

namespace CallAgent.Tests;

/// <summary>The tests that look through a real browser, one after the other: Chromium of this machine, on a server that listens.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class BrowserTests : ICollectionFixture<Chromium>
{
    public const string Name = "browser";
}

/// <summary>One Chromium and one listening server for all browser tests.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    // Nothing of the browser's own may go out to the network.
    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright playwright = null!;

    public IBrowser Browser { get; private set; } = null!;

    public TestServer Server { get; init; } = new();

    public Uri Address => Server.ClientOptions.BaseAddress;

    public async ValueTask InitializeAsync()
    {
        Server.UseKestrel(0);
        Server.StartServer();
        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? Programs.FirstOrDefault(File.Exists)
                ?? throw new InvalidOperationException("Chromium is missing. Install the package chromium, or run ./dev setup."),
            Args = Arguments,
            ChromiumSandbox = false,
        });
    }

    /// <summary>A window of somebody who is not signed in.</summary>
    public async Task<Window> OpenAsync(WindowOptions? options = null)
    {
        options ??= new();
        var context = await Browser.NewContextAsync(new()
        {
            BaseURL = Address.ToString(),
            ViewportSize = new() { Width = options.Width, Height = options.Height },
            ColorScheme = options.Dark ? ColorScheme.Dark : ColorScheme.Light,
            JavaScriptEnabled = options.Script,
            Locale = options.Locale,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(15_000);
        return new Window(context, await context.NewPageAsync(), options.Script);
    }

    /// <summary>A window of the owner of this user, signed in by a session of its own.</summary>
    public async Task<Window> OpenAsync(TestUser user, WindowOptions? options = null)
    {
        var window = await OpenAsync(options);
        var principal = (await Server.Host.SignIn.WithPasswordAsync(user.Registration.Email, user.Registration.Password)).OrThrow();
        var (token, _) = await Server.Host.SignIn.StartSessionAsync(principal, new("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0", "192.0.2.7"));
        await window.Context.AddCookiesAsync([new() { Name = "callagent_session", Value = token, Url = Address.ToString(), HttpOnly = true, SameSite = SameSiteAttribute.Lax }]);
        return window;
    }

    /// <summary>A window of an operator, signed in at the console by the form, and the operator's name.</summary>
    public async Task<(Window Window, string Name)> OpenConsoleAsync(WindowOptions? options = null, string? name = null)
    {
        name ??= $"operator {Guid.CreateVersion7():N}";
        var token = (await Server.Host.Operators!.Accounts.AddAsync(name)).OrThrow();
        var window = await OpenAsync(options);
        await window.GoAsync("/operator");
        await window.FillAsync("Operator’s token", token);
        await window.ClickAsync("Sign in");
        await window.IsAtAsync("/operator$");
        return (window, name);
    }

    public Task<TestUser> NewUserAsync(Plan plan = Plan.Free) => Server.NewUserAsync(plan);

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        playwright.Dispose();
        await Server.DisposeAsync();
    }
}

/// <summary>How a window looks and what its browser does.</summary>
public sealed record WindowOptions
{
    public int Width { get; init; } = 1280;
    public int Height { get; init; } = 860;
    public bool Dark { get; init; }
    public bool Script { get; init; } = true;
    public string Locale { get; init; } = "en-US";

    public static WindowOptions Phone => new() { Width = 390, Height = 844 };
}
