using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CallAgent.Client;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CallAgent.Tests;

/// <summary>
/// Lists, searches, counts and logs never mix (T-02): one user's word stands in every text that the API takes, and
/// everything that another user can read is read.
/// </summary>
public sealed class CanaryTests
{
    // Texts that the API does not take as they are: fixed words, hashes, addresses of other forms.
    internal static readonly string[] FixedColumns =
    [
        "users.phone_number", "users.plan", "users.status", "users.default_region", "users.time_zone",
        "members.email", "members.role", "members.totp_secret", "recovery_codes.hash", "invitations.role", "mailed_tokens.hash", "mailed_tokens.purpose", "invitations.hash", "members.password_hash", "sessions.hash", "refresh_tokens.hash", "api_keys.hash", "api_keys.prefix", "api_keys.scopes", "api_keys.allowed_addresses", "sessions.address",
        "contacts.phone_number", "contacts.status", "calls.phone_number", "calls.status", "calls.counted_in", "conversations.counted_in", "turns.speaker", "timeline_entries.kind",
        "counters.name", "counters.period",
        "imports.encoding", "imports.delimiter", "imports.state", "imports.default_region", "imports.on_duplicate", "imports.status", "imports.problem",
        "imports.actor", "audit_entries.kind", "audit_entries.action", "audit_entries.actor_kind", "audit_entries.address", "audit_entries.request_id",
        "import_rows.outcome", "import_rows.reason", "import_rows.undo", "jobs.queue",
    ];

    [Fact]
    public async Task Nobody_reads_anothers_words_and_the_log_holds_none()
    {
        var log = new LogKeeper();
        await using var server = new LoggedServer(log);
        var (victim, stranger) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));
        await WriteEverywhereAsync(server, victim);

        Assert.Empty((await Snapshot.TextColumnsWithoutAsync(server.Database, victim.User.Id, victim.Canary)).Except(FixedColumns));
        Assert.Empty(await CrawlAsync(server, stranger, victim));
        var own = (await CrawlAsync(server, victim, victim)).Select(f => f.Split('?')[0]).ToHashSet();
        Assert.True(own.Count > 15, $"The crawl finds one's own words at {own.Count} addresses only: {string.Join(", ", own)}");

        await FailInManyWaysAsync(server, victim);
        string[] factor = [victim.TotpSecret, .. victim.RecoveryCodes];
        var mailed = await Task.WhenAll(
            server.Mailbox.TokenAsync(victim.User.Registration.Email, "confirm"), server.Mailbox.TokenAsync($"{victim.Canary}@example.com", "invites"),
            server.Mailbox.TokenAsync($"new.{victim.Canary}@example.com", "confirm"), server.Mailbox.TokenAsync(victim.User.Registration.Email, "new password"));
        Assert.Empty(log.Containing([victim.Canary, .. mailed, .. factor, .. Secrets(victim), .. Secrets(stranger)]));
    }

    [Fact]
    public async Task The_crawl_and_the_log_check_notice_a_leak()
    {
        var log = new LogKeeper();
        await using var server = new WeakServer { WithoutFilter = true };
        var (victim, stranger) = (await Estate.CreateAsync(server), await Estate.CreateAsync(server));

        var findings = await CrawlAsync(server, stranger, victim);
        log.CreateLogger("").LogInformation("{Word}", victim.Canary);

        // On PostgreSQL row-level security alone holds.
        Assert.Equal(TestDatabase.IsPostgres, findings.Count == 0);
        Assert.Single(log.Containing([victim.Canary]));
    }

    // Every member of every body that is free text, at the addresses of the user's own rows.
    internal static async Task WriteEverywhereAsync(TestServer server, Estate estate)
    {
        foreach (var route in Routes.Of(server).Where(r => r is { IsData: true, Body: not null, TakesPassword: false }))
        {
            var body = route.BodyOf(estate)!;
            foreach (var text in Texts(body).ToList())
            {
                text.ReplaceWith(JsonValue.Create((text.Parent is JsonObject ? text.GetPropertyName() : null) switch
                {
                    "email" => $"{estate.Canary}@example.com",
                    "recording_url" => $"https://example.com/{estate.Canary}",
                    _ => $"{text.GetValue<string>()} {estate.Canary}",
                }));
            }
            var request = route.FillOwn(estate, body);
            using var answer = await estate.User.Http.SendAsync(new(new(request.Method), request.Path) { Content = JsonContent.Create(body) });
            var said = await answer.Content.ReadAsStringAsync();
            Assert.True((int)answer.StatusCode is < 300 or 409, $"{route.Name}: {said}");
        }
        await estate.User.Api.Calls.FailAsync((await estate.User.NewCallAsync()).Id, new() { Reason = estate.Canary });
        await estate.User.Api.Calls.UpdateAsync(estate.Ids["calls"], new() { RecordingUrl = $"https://example.com/{estate.Canary}" });
        await estate.User.Api.Calls.StartAsync((await estate.User.NewCallAsync()).Id);
        var conversation = await estate.User.Api.Conversations.CreateAsync(new() { CallId = estate.Ids["calls"] });
        await estate.User.Api.Conversations.UpdateAsync(conversation.Id, new() { Stage = estate.Canary });
        await estate.User.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Agent, Text = estate.Canary, ClientId = estate.Canary });
    }

    private static IEnumerable<JsonValue> Texts(JsonNode? node) => node switch
    {
        JsonObject o => o.Where(m => m.Key is not ("phone_number" or "stage" or "stages" or "settings" or "speaker" or "type" or "status" or "mapping" or "default_region" or "on_duplicate"
            or "role" or "scopes" or "allowed_addresses" or "ids")
            && !m.Key.EndsWith("_id", StringComparison.Ordinal) && !m.Key.EndsWith("_time", StringComparison.Ordinal)).SelectMany(m => Texts(m.Value)),
        JsonArray a => a.SelectMany(Texts),
        JsonValue v when v.GetValueKind() == System.Text.Json.JsonValueKind.String => [v],
        _ => [],
    };

    /// <summary>Where the victim's word comes back to <paramref name="reader"/>: every address that can be read, in every way it can be asked.</summary>
    private static async Task<List<string>> CrawlAsync(TestServer server, Estate reader, Estate victim)
    {
        var findings = new List<string>();
        foreach (var route in Routes.Of(server).Where(r => r is { Method: "GET", IsData: true } && !r.Pattern.StartsWith("/api/audit", StringComparison.Ordinal)))
        {
            string[] ways = ["", .. Ways(route, reader, victim)];
            foreach (var request in ways.Select(way => route.FillOwn(reader, null, way)))
            {
                findings.AddRange(await ReadPagesAsync(reader.User.Http, request.Path, victim.Canary));
            }
        }
        var rendered = await reader.User.Api.Campaigns.RenderScriptAsync(reader.Ids["campaigns"], new()
        {
            Stage = "introduction",
            Context = new Dictionary<string, System.Text.Json.JsonElement> { ["contact_id"] = System.Text.Json.JsonSerializer.SerializeToElement(victim.Ids["contacts"]) },
        });
        var turn = await reader.User.Api.Conversations.AppendTurnAsync(reader.Ids["conversations"], new() { Speaker = Speaker.Contact, Text = "Who else?" });
        await server.SettleAsync();
        await foreach (var entry in reader.User.Api.Audit.AllAsync(new() { Limit = 200 }))
        {
            // What somebody looked for stands in the log of whoever looked.
            var told = System.Text.Json.JsonSerializer.Serialize(entry.Kind == AuditKind.Read ? entry with { Details = new Dictionary<string, System.Text.Json.JsonElement>() } : entry, CallAgentJson.Lenient);
            findings.AddRange(told.Contains(victim.Canary, StringComparison.OrdinalIgnoreCase) ? ["/api/audit"] : []);
        }
        return [.. findings, .. new[] { rendered.Script, turn.Script }.Where(t => t.Contains(victim.Canary, StringComparison.Ordinal))];
    }

    private static IEnumerable<string> Ways(Routes route, Estate reader, Estate victim)
    {
        if (route.List is not { } list)
        {
            return [];
        }
        var sorts = list.Sorts.SelectMany(s => new[] { $"sort={s}&limit=1", $"sort=-{s}&limit=1" });
        var filters = list.Filters.SelectMany(f => new[] { victim.Canary, victim.Ids.GetValueOrDefault(f).ToString(), reader.Ids.GetValueOrDefault(f).ToString() }, (f, value) => $"{f}={value}");
        return [.. sorts, .. filters, .. list.CanSearch ? new[] { $"q={victim.Canary}", $"q={victim.Canary[..8]}" } : []];
    }

    private static async Task<List<string>> ReadPagesAsync(HttpClient http, string path, string word)
    {
        var findings = new List<string>();
        for (string? next = path; next is not null;)
        {
            using var answer = await http.GetAsync(next);
            var body = await answer.Content.ReadAsStringAsync();
            if (body.Contains(word, StringComparison.OrdinalIgnoreCase))
            {
                findings.Add(next);
            }
            next = answer.Content.Headers.ContentType?.MediaType == "application/json" && JsonNode.Parse(body) is JsonObject page && page["next_cursor"] is { } cursor
                ? $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={cursor}"
                : null;
        }
        return findings;
    }

    private static async Task FailInManyWaysAsync(TestServer server, Estate estate)
    {
        var api = new CallAgentClient(server.Anonymous());
        await Refusals.RefusedAsync(401, () => api.Auth.LoginAsync(new() { Email = estate.User.Registration.Email, Password = estate.Canary }));
        await Refusals.RefusedAsync(409, () => api.Auth.RegisterAsync(estate.User.Registration));
        await api.Auth.ForgotPasswordAsync(new() { Email = estate.User.Registration.Email });
        await api.Auth.ForgotPasswordAsync(new() { Email = $"{estate.Canary}@example.com" });
        await Refusals.InvalidAsync("token", () => api.Auth.ResetPasswordAsync(new() { Token = estate.Canary, NewPassword = estate.User.Registration.Password }));
        await Refusals.RefusedAsync(400, () => estate.User.Api.Contacts.CreateAsync(new() { PhoneNumber = estate.Canary[..30] }));
        using var malformed = new StringContent($"{{\"{estate.Canary}\":", System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(400, (int)(await estate.User.Http.PostAsync("/api/contacts", malformed)).StatusCode);
        using var header = new HttpRequestMessage(HttpMethod.Get, "/api/contacts") { Headers = { { "X-API-Key", estate.Canary } } };
        Assert.Equal(401, (int)(await server.Anonymous().SendAsync(header)).StatusCode);
    }

    private static IEnumerable<string> Secrets(Estate estate) =>
        [estate.User.Registration.Password, estate.User.Token.AccessToken, estate.User.Token.RefreshToken, .. estate.Credentials
            .SelectMany(c => c.DefaultRequestHeaders).Where(h => h.Key is "X-API-Key").SelectMany(h => h.Value)];

    private sealed class LoggedServer(LogKeeper log) : TestServer
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services => services.AddSingleton<ILoggerProvider>(log));
        }
    }

    /// <summary>Keeps every line that the server logs.</summary>
    private sealed class LogKeeper : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> lines = new();

        public IEnumerable<string> Containing(IEnumerable<string> words) =>
            lines.Where(line => words.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase)));

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
