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
        await showcase.HireAsync(chromium.Server);
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
            await ShootStatesAsync(chromium, user, kind, options);
        }
        await ShootConsoleAsync(chromium, user);
        await ShootBeginningsAsync(chromium);
        await ShootRefusalsAsync(chromium, user);
    }

    // The operator's pages, and what a page of a user looks like to an operator.
    private static async Task ShootConsoleAsync(Chromium chromium, TestUser user)
    {
        await FillConsoleAsync(chromium, user);
        foreach (var (kind, options) in Kinds)
        {
            var (window, _) = await chromium.OpenConsoleAsync(options, $"Margaret Hamilton, {kind}");
            await using var console = window.Expect("status of 40");
            foreach (var page in PageWalk.OfConsole(chromium.Server).Where(p => p.Method == "GET"))
            {
                var path = page.For(new Dictionary<string, Guid> { ["users"] = user.Id });
                await ShootAsync(console, path, kind, page.Pattern.Trim('/').Replace(":guid", "", StringComparison.Ordinal).Replace('/', '-'));
            }
            await console.GoAsync($"/operator/users/{user.Id}");
            await console.FillAsync("Reason", "Ticket 4711: the import of the spring fair stops half way");
            await console.ClickAsync("Go in");
            await console.IsAtAsync("/dashboard$");
            await ShootAsync(console, null, kind, "operator-inside");
            await ShootAsync(console, "/settings/keys", kind, "operator-inside-refused");
            await using var owner = await chromium.OpenAsync(user, options);
            await ShootAsync(owner, "/settings/audit", kind, "operator-inside-seen-by-the-user");
            await ShootAsync(console, $"/operator/users/{user.Id}", kind, "operator-user-inside");
            await chromium.Server.Host.Operators!.Impersonations.EndAsync(user.Id, null);
            await ShootAsync(console, "/contacts", kind, "operator-over");
        }
    }

    private static async Task FillConsoleAsync(Chromium chromium, TestUser user)
    {
        foreach (var (company, plan) in new[] { ("Northwind Logistics", Plan.Basic), ("Bluebird Dental", Plan.Free), ("Harbor & Sons", Plan.Enterprise) })
        {
            var other = await chromium.NewUserAsync(plan);
            await other.Api.Auth.UpdateProfileAsync(new() { CompanyName = company });
            await other.NewCallAsync((await other.NewCampaignAsync()).Id);
            if (plan == Plan.Free)
            {
                await chromium.Server.SetStatusAsync(other.Id, UserStatus.Suspended);
            }
        }
        await using var db = chromium.Server.Host.Database.Open(TenantScope.Of(user.Id));
        var admin = db.Members.Single(m => m.Role == MemberRole.Admin);
        admin.TotpConfirmedAt = chromium.Server.Clock.GetUtcNow();
        await db.SaveChangesAsync();
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
        var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "Screenshots" });
        var http = chromium.Server.Anonymous();
        http.DefaultRequestHeaders.Add("X-API-Key", key.Key);
        return new TestUser(user.Id, user.Registration, http, user.Token);
    }

    // Pages that a link or a step leads to.
    private static async Task ShootStatesAsync(Chromium chromium, TestUser user, string kind, WindowOptions options)
    {
        await using var stranger = (await chromium.OpenAsync(options)).Expect("status of 4");
        foreach (var link in await MailedLinks.AllAsync(chromium.Server))
        {
            await ShootAsync(stranger, link, kind, link.Split('?')[0].Trim('/') + "-open");
        }
        await stranger.GoAsync("/sign-up");
        await stranger.FillAsync("Password", "Meridian2026");
        await ShootAsync(stranger, null, kind, "sign-up-weak");
        await ShootSecondFactorAsync(chromium, stranger, kind, options);
        await using var window = (await chromium.OpenAsync(user, options)).Expect("status of 40");
        await window.GoAsync("/settings/keys/new");
        await window.FillAsync("What it is for", "Voice agent");
        await window.Page.GetByLabel("Only this:").CheckAsync();
        await ShootAsync(window, null, kind, "settings-keys-new-scopes");
        await window.ClickAsync("Make key");
        await ShootAsync(window, null, kind, "settings-keys-new-refused");
        await window.Page.GetByLabel("Read contacts").CheckAsync();
        await window.ClickAsync("Make key");
        await window.SeesAsync("is ready");
        await ShootAsync(window, null, kind, "settings-keys-made");
        await window.FollowAsync("I have kept it");
        await window.FollowAsync("Voice agent");
        await window.ClickAsync("Revoke key");
        await window.ClickAsync("Go ahead");
        await window.SeesAsync("The key is revoked.");
    }

    private static async Task ShootSecondFactorAsync(Chromium chromium, Window stranger, string kind, WindowOptions options)
    {
        var user = await chromium.NewUserAsync();
        await using var window = (await chromium.OpenAsync(user, options)).Expect("status of 40");
        await window.GoAsync("/settings/security/two-factor");
        await window.FillAsync("Your password", user.Registration.Password);
        await window.ClickAsync("Set it up");
        var secret = OtpNet.Base32Encoding.ToBytes(await window.Page.Locator("copy-text[data-copy]").GetAttributeAsync("data-copy"));
        await ShootAsync(window, null, kind, "two-factor-set-up");
        await window.FillAsync("Code", new OtpNet.Totp(secret).ComputeTotp(chromium.Server.Clock.GetUtcNow().UtcDateTime));
        await window.ClickAsync("Turn it on");
        await window.SeesAsync("is on");
        await ShootAsync(window, null, kind, "two-factor-codes");
        await ShootAsync(window, "/settings/security/two-factor", kind, "two-factor-on");
        await stranger.GoAsync("/sign-in");
        await stranger.FillAsync("E-mail", user.Registration.Email);
        await stranger.FillAsync("Password", user.Registration.Password);
        await stranger.ClickAsync("Sign in");
        await stranger.Page.GetByText("Your phone is not at hand?").ClickAsync();
        await ShootAsync(stranger, null, kind, "sign-in-code");
        for (var n = 0; n < 6; n++)
        {
            await stranger.FillAsync("Code", "000000");
            await stranger.ClickAsync("Sign in");
        }
        await ShootAsync(stranger, null, kind, "sign-in-too-many");
    }

    // Without a path, what the window shows now.
    private static async Task ShootAsync(Window window, string? path, string kind, string name)
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "shots", kind);
        Directory.CreateDirectory(folder);
        if (path is not null)
        {
            await window.GoAsync(path);
        }
        await window.Page.WaitForTimeoutAsync(250);
        await window.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png") });
    }
}
