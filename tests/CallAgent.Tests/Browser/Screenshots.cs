using CallAgent.Client;
using Microsoft.Extensions.Time.Testing;

namespace CallAgent.Tests;

/// <summary>A picture of every page, wide, on a phone and in the dark; made by <c>./dev shots</c>, for people to look at.</summary>
public sealed class Screenshots
{
    private static readonly (string Name, WindowOptions Options)[] Kinds =
    [
        ("wide", new() { Width = 1360, Height = 900 }),
        ("dark", new() { Width = 1360, Height = 900, Dark = true }),
        ("phone", WindowOptions.Phone),
    ];

    [Fact]
    [Trait("kind", "shots")]
    public async Task Every_page_is_photographed()
    {
        // The month ends now, so that pages that ask the browser's clock agree with it.
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(-33).Date.AddHours(9));
        await using var chromium = new Chromium { Server = new TestServer { Clock = clock } };
        await chromium.InitializeAsync();
        var user = await NewUserAsync(chromium);
        var showcase = new Showcase(user, clock);
        await showcase.FillAsync();
        foreach (var (kind, options) in Kinds)
        {
            await using var window = await chromium.OpenAsync(user, options);
            await using var stranger = (await chromium.OpenAsync(options)).Expect("status of 404");
            foreach (var page in PageWalk.Of(chromium.Server).Where(p => p.Method == "GET" && !p.IsStream()))
            {
                var name = page.Pattern == "/" ? "landing" : page.Pattern.Trim('/').Replace(":guid", "", StringComparison.Ordinal).Replace('/', '-');
                await ShootAsync(page.IsOpen ? stranger : window, page.For(showcase.Ids), kind, name);
            }
            await ShootAsync(stranger, "/nowhere", kind, "not-found");
            await ShootAsync(window, $"/contacts/imports/{showcase.Ids["imports-done"]}", kind, "import-report");
            await ShootAsync(window, $"/calls/{showcase.Ids["calls-over"]}", kind, "call-over");
        }
        await ShootBeginningsAsync(chromium);
        await ShootRefusalsAsync(chromium, user);
    }

    // What somebody sees who has nothing yet.
    private static async Task ShootBeginningsAsync(Chromium chromium)
    {
        var beginner = await chromium.NewUserAsync();
        foreach (var (kind, options) in Kinds)
        {
            await using var window = await chromium.OpenAsync(beginner, options);
            foreach (var page in new[] { "welcome", "dashboard", "contacts", "campaigns", "calls", "conversations" })
            {
                await ShootAsync(window, $"/{page}", kind, $"empty-{page}");
            }
        }
    }

    // Last, because the database is broken for it.
    private static async Task ShootRefusalsAsync(Chromium chromium, TestUser user)
    {
        var viewer = await Members.AddAsync(chromium.Server, user.Id, MemberRole.Viewer);
        foreach (var (kind, options) in Kinds)
        {
            await using var window = (await chromium.OpenAsync(options)).Expect("status of");
            await window.GoAsync("/sign-in");
            await window.FillAsync("E-mail", viewer);
            await window.FillAsync("Password", Members.Password);
            await window.ClickAsync("Sign in");
            await window.IsAtAsync("/dashboard");
            await ShootAsync(window, "/campaigns/new", kind, "forbidden");
            await ShootAsync(window, $"/contacts/{Guid.CreateVersion7()}", kind, "not-found-signed-in");
            await using var database = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={chromium.Server.Database.SqlitePath};Pooling=false");
            await database.OpenAsync();
            await using var command = database.CreateCommand();
            command.CommandText = "alter table campaigns rename to lost";
            await command.ExecuteNonQueryAsync();
            await ShootAsync(window, "/campaigns", kind, "failed");
            command.CommandText = "alter table lost rename to campaigns";
            await command.ExecuteNonQueryAsync();
        }
    }

    // By an API key: it does not expire while the clock is moved.
    private static async Task<TestUser> NewUserAsync(Chromium chromium)
    {
        var user = await chromium.NewUserAsync(Plan.Professional);
        await user.Api.Auth.UpdateProfileAsync(new() { CompanyName = "Meridian Outreach" });
        await user.Api.ApiKeys.CreateAsync(new() { Name = "Dialer in the office" });
        var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "Screenshots" });
        var http = chromium.Server.Anonymous();
        http.DefaultRequestHeaders.Add("X-API-Key", key.Key);
        return new TestUser(user.Id, user.Registration, http, user.Token);
    }

    private static async Task ShootAsync(Window window, string path, string kind, string name)
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "shots", kind);
        Directory.CreateDirectory(folder);
        await window.GoAsync(path);
        await window.Page.WaitForTimeoutAsync(250);
        await window.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
    }
}
