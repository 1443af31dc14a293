using System.Data.Common;
using System.Net.Http.Json;
using CallAgent.Client;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CallAgent.Tests;

/// <summary>
/// Nothing happens without its entry (S-19): every route that changes rows and every address that shows personal data, as
/// the server maps them, so that a new one is checked the day it is added.
/// </summary>
public sealed class AuditWalkTests(TestServer server)
{
    [Fact]
    public async Task Every_route_that_changes_rows_leaves_an_entry()
    {
        var estate = await Estate.CreateAsync(server);

        var (changing, silent) = await WalkAsync(server, estate);

        Assert.Empty(silent);
        Assert.True(changing.Count > 25, $"Only {changing.Count} routes changed anything: {string.Join(", ", changing)}");
        Assert.Empty(await UnknownActionsAsync(estate));
    }

    [Fact]
    public async Task The_walk_notices_a_route_whose_entry_is_missing()
    {
        await using var forgetful = new WeakServer();
        await forgetful.InitializeAsync();
        var estate = await Estate.CreateAsync(forgetful);
        // The database drops the entries of new contacts without a word, which a statement of EF Core's would notice on PostgreSQL.
        await RunAsync(forgetful, TestDatabase.IsPostgres
            ? """
                create function skip() returns trigger language plpgsql as 'begin return null; end';
                create trigger skip before insert on audit_entries for each row when (new.action = 'contact.create') execute function skip()
                """
            : "create trigger skip before insert on audit_entries when new.action = 'contact.create' begin select raise(ignore); end");

        var (_, silent) = await WalkAsync(forgetful, estate);

        Assert.Contains("POST /api/contacts", silent);
    }

    [Fact]
    public async Task Without_room_for_the_entry_nothing_is_written_and_without_the_effect_there_is_no_entry()
    {
        await using var faulty = new WeakServer();
        await faulty.InitializeAsync();
        var estate = await Estate.CreateAsync(faulty);
        var (rows, tried) = (await Snapshot.OfAsync(faulty.Database, estate.User.Id), 0);
        await RefuseAsync(faulty, "audit_entries", "new.kind in ('write', 'sign_in')");
        foreach (var route in Writes(faulty))
        {
            using var answer = await SendAsync(route, estate);
            tried += (int)answer.StatusCode >= 500 ? 1 : 0;
            Assert.False(await ChangedAsync(faulty, estate, rows), $"{route.Name} changed something without an entry: {(int)answer.StatusCode}");
        }
        Assert.True(tried > 20, $"Only {tried} routes ran into the fault.");
        await AllowAsync(faulty, "audit_entries");

        var written = await WrittenAsync(faulty, estate);
        await RefuseAsync(faulty, "contacts", "true");
        await Refusals.RefusedAsync(500, () => estate.User.NewContactAsync());
        Assert.Equal(written, await WrittenAsync(faulty, estate));
        await AllowAsync(faulty, "contacts");
        await estate.User.NewContactAsync();
        Assert.Equal(written + 1, await WrittenAsync(faulty, estate));
    }

    [Fact]
    public async Task Every_address_that_shows_personal_data_leaves_an_entry()
    {
        var estate = await Estate.CreateAsync(server);
        const string Word = "Quuxley";
        await estate.User.Api.Contacts.UpdateAsync(estate.Ids["contacts"], new() { FirstName = Word });
        await estate.User.Api.Calls.UpdateAsync(estate.Ids["calls"], new() { Notes = Word });
        await estate.User.Api.Conversations.AppendTurnAsync(estate.Ids["conversations"], new() { Speaker = Speaker.Contact, Text = $"I am {Word}" });
        var (showing, silent) = (new List<string>(), new List<string>());
        foreach (var (http, path) in Addresses(server, estate))
        {
            await server.SettleAsync();
            var reads = await CountAsync(server, estate, e => e.Kind == AuditKind.Read);
            using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", path.StartsWith("/api", StringComparison.Ordinal) ? "*/*" : "text/html" } } };
            using var answer = await http.SendAsync(request);
            if ((await answer.Content.ReadAsStringAsync()).Contains(Word, StringComparison.Ordinal))
            {
                showing.Add(path);
                await server.SettleAsync();
                if (await CountAsync(server, estate, e => e.Kind == AuditKind.Read) == reads)
                {
                    silent.Add(path);
                }
            }
        }

        Assert.Empty(silent);
        Assert.True(showing.Count > 15, $"Only {showing.Count} addresses show it: {string.Join(", ", showing)}");
    }

    [Fact]
    public void Every_entity_is_noted_or_follows_from_one_that_is()
    {
        using var db = new SqliteDesignTime().CreateDbContext([]);

        Assert.All(db.Model.GetEntityTypes(), e => Assert.True(AuditedType.Of(e.ClrType) is not null ^ AuditedType.Derived.Contains(e.ClrType), e.ClrType.Name));
    }

    [Fact]
    public void Every_field_that_holds_a_secret_is_hidden()
    {
        string[] hidden = [.. AuditedType.All.SelectMany(t => t.Fields.Where(f => f.IsHidden), (t, f) => $"{t.Resource}.{f.Name}")];

        Assert.Superset(new HashSet<string> { "member.PasswordHash", "member.TotpSecret", "api_key.Hash", "session.Hash", "token.Hash", "invitation.Hash", "mailed_link.Hash" }, hidden.ToHashSet());
    }

    // What ends the account or the caller's sign-in comes last, and what removes things before that.
    private static IEnumerable<Routes> Writes(TestServer server) => Routes.Of(server)
        .Where(r => r is { IsData: true } && r.Method is not "GET" && r.Pattern is not ("/api/auth/account" or "/api/members/leave"))
        .OrderBy(r => r switch { { Pattern: "/api/auth/logout" or "/api/auth/password" or "/api/sessions" } => 3, { Method: "DELETE" } => 2, { TakesPassword: true } => 1, _ => 0 });

    // The routes that changed rows, and those of them that left no entry.
    private static async Task<(List<string> Changing, List<string> Silent)> WalkAsync(TestServer server, Estate estate)
    {
        var (changing, silent) = (new List<string>(), new List<string>());
        foreach (var route in Writes(server))
        {
            var (rows, written) = (await Snapshot.OfAsync(server.Database, estate.User.Id), await WrittenAsync(server, estate));
            using var answer = await SendAsync(route, estate);
            if (await ChangedAsync(server, estate, rows))
            {
                changing.Add(route.Name);
                silent.AddRange(await WrittenAsync(server, estate) == written ? [route.Name] : []);
            }
            await ImportsDoneAsync(server, estate);
        }
        return (changing, silent);
    }

    private static Task<HttpResponseMessage> SendAsync(Routes route, Estate estate)
    {
        var request = route.FillOwn(estate, route.BodyOf(estate));
        // Sessions are a browser's; everything else is done by the token.
        var http = route.Pattern is "/api/auth/logout" or "/api/auth/step-up" ? estate.Credentials[2] : estate.User.Http;
        return http.SendAsync(new(new(request.Method), request.Path) { Content = request.Body is null ? null : JsonContent.Create(request.Body) });
    }

    private static IEnumerable<(HttpClient Http, string Path)> Addresses(TestServer server, Estate estate) =>
    [
        .. Routes.Of(server).Where(r => r is { IsData: true, Method: "GET" }).Select(r => (estate.User.Http, r.FillOwn(estate).Path)),
        .. PageWalk.Of(server).Where(p => p is { Method: "GET", IsOpen: false } && !p.IsStream()).Select(p => (estate.Credentials[2], p.For(estate))),
    ];

    // What one route began behind its answer is not the next one's doing.
    private static async Task ImportsDoneAsync(TestServer server, Estate estate)
    {
        await using var db = server.Host.Database.Open(TenantScope.Of(estate.User.Id));
        while (await db.Imports.AnyAsync(i => i.State == ImportState.Running || i.State == ImportState.Cancelling || i.State == ImportState.Undoing))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<bool> ChangedAsync(TestServer server, Estate estate, Dictionary<string, string> before)
    {
        var after = await Snapshot.OfAsync(server.Database, estate.User.Id);
        return before.Any(t => after[t.Key] != t.Value);
    }

    private static Task<int> WrittenAsync(TestServer server, Estate estate) => CountAsync(server, estate, e => e.Kind == AuditKind.Write || e.Kind == AuditKind.SignIn);

    private static async Task<int> CountAsync(TestServer server, Estate estate, System.Linq.Expressions.Expression<Func<AuditEntry, bool>> which)
    {
        await using var db = server.Host.Database.Open(TenantScope.Of(estate.User.Id));
        return await db.AuditEntries.CountAsync(which);
    }

    private async Task<List<string>> UnknownActionsAsync(Estate estate)
    {
        await using var db = server.Host.Database.Open(TenantScope.Of(estate.User.Id));
        var said = await db.AuditEntries.Select(e => new { e.Action, e.Kind }).Distinct().ToListAsync();
        return [.. said.Where(a => !AuditActions.All.TryGetValue(a.Action, out var kind) || kind != a.Kind).Select(a => $"{a.Kind} {a.Action}")];
    }

    // The database itself refuses, whichever way the row comes.
    private static Task RefuseAsync(TestServer server, string table, string condition) => RunAsync(server, TestDatabase.IsPostgres
        ? $"""
            create function refuse_{table}() returns trigger language plpgsql as 'begin raise exception ''A fault.''; end';
            create trigger refuse before insert on {table} for each row when ({condition}) execute function refuse_{table}()
            """
        : $"create trigger refuse_{table} before insert on {table} when {condition} begin select raise(abort, 'A fault.'); end");

    private static Task AllowAsync(TestServer server, string table) =>
        RunAsync(server, TestDatabase.IsPostgres ? $"drop trigger refuse on {table}" : $"drop trigger refuse_{table}");

    private static async Task RunAsync(TestServer server, string sql)
    {
        await using DbConnection connection = TestDatabase.IsPostgres ? server.Database.ConnectAsOwner() : new SqliteConnection($"Data Source={server.Database.SqlitePath}");
        if (connection is SqliteConnection)
        {
            await connection.OpenAsync();
        }
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
