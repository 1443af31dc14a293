using System.Net;
using CallAgent.Client;
using Npgsql;

namespace CallAgent.Bench;

/// <summary>A signed-in user with many contacts, calls and conversations among many small ones, on a server of its own database.</summary>
internal sealed record LargeAccount(RunningServer Server, string Url, string OwnerConnection, string Cookie, IReadOnlyDictionary<string, IReadOnlyList<Guid>> Ids) : IAsyncDisposable
{
    private const string Name = "callagent_bench_pages";
    private const string Role = "callagent_bench_pages_app";
    private const int Sampled = 50;
    private const int FirstContacts = 10;

    /// <summary>How many users there are beside it, each as the account was after its sign-up.</summary>
    public const int Neighbours = 10_000;

    private static readonly string[] Kinds = ["contacts", "campaigns", "calls", "conversations", "imports", "members"];

    // Such as a server in production takes.
    private const string Password = "copper kettles bend at noon";

    /// <summary>Makes the database, the account and its rows, and starts the server at what <paramref name="urlOf"/> makes of the database's address.</summary>
    public static async Task<LargeAccount> CreateAsync(BenchOptions options, Server product, int contacts, Func<NpgsqlConnectionStringBuilder, NpgsqlConnectionStringBuilder> urlOf)
    {
        var admin = new NpgsqlConnectionStringBuilder(DatabaseUrl.Parse("CALLAGENT_BENCH_POSTGRES_URL", options.PostgresUrl).ConnectionString);
        await using (var cluster = NpgsqlDataSource.Create(admin))
        {
            await BenchDatabase.RunAsync(cluster, $"drop database if exists {Name} with (force)");
            await BenchDatabase.RunAsync(cluster, $"create database {Name}");
        }
        admin = new(admin.ConnectionString) { Database = Name, CommandTimeout = 600 };
        var runtime = new NpgsqlConnectionStringBuilder(admin.ConnectionString) { Username = Role, Password = "bench" };
        await DatabaseStart.MigrateAsync(new() { DatabaseUrl = BenchDatabase.Url(runtime), DatabaseAdminUrl = BenchDatabase.Url(admin) }, TimeProvider.System, CancellationToken.None);
        var server = await (product with { Environment = new(product.Environment) { ["DATABASE_URL"] = BenchDatabase.Url(urlOf(runtime)) } }).StartAsync();
        var (user, cookie) = await RegisterAsync(server.Http);
        await using var owner = NpgsqlDataSource.Create(admin);
        await FillAsync(owner, user, contacts);
        return new(server, BenchDatabase.Url(runtime), admin.ConnectionString, cookie, await ReadIdsAsync(owner, user));
    }

    /// <summary>Asks for a page as a browser does; only a good page is an answer.</summary>
    public async Task<string> GetAsync(MeasuredPage page, int n)
    {
        var path = page.For(Ids, n);
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } };
        if (!page.IsOpen)
        {
            request.Headers.Add("Cookie", Cookie);
        }
        using var answer = await Server.Http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        var isDead = answer.StatusCode == HttpStatusCode.NotFound && page.Name.EndsWith("(dead link)", StringComparison.Ordinal);
        var isPage = (isDead || answer.StatusCode == HttpStatusCode.OK) && body.Contains("</html>", StringComparison.Ordinal);
        return isPage || (answer.StatusCode == HttpStatusCode.SeeOther && page.Name.EndsWith("(leads on)", StringComparison.Ordinal))
            ? body
            : throw new HttpRequestException($"{path} was answered by {(int)answer.StatusCode}.");
    }

    /// <summary>The same account on another server of the same database, without anything in between.</summary>
    public async Task<LargeAccount> RestartAsync(Server product) =>
        this with { Server = await (product with { Environment = new(product.Environment) { ["DATABASE_URL"] = Url } }).StartAsync() };

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    // Through the API, as far as a person would do it by hand: the account, its campaigns, a file that waits, a call that runs.
    private static async Task<(Guid User, string Cookie)> RegisterAsync(HttpClient http)
    {
        var registered = await new CallAgentClient(http).Auth.RegisterAsync(new() { Email = "olive@company.example", Password = Password, FirstName = "Olive", LastName = "Owner", CompanyName = "Company" });
        var login = new { email = "olive@company.example", password = Password };
        using var answer = await http.SendAsync(new(HttpMethod.Post, "/api/auth/login") { Content = System.Net.Http.Json.JsonContent.Create(login) });
        var cookie = answer.EnsureSuccessStatusCode().Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("callagent_session=", StringComparison.Ordinal)).Split(';')[0];
        var token = await new CallAgentClient(http).Auth.CreateTokenAsync(new() { Email = login.email, Password = login.password });
        var api = CallAgentClient.WithToken(http.BaseAddress!, token.AccessToken);
        Client.Campaign campaign = null!;
        foreach (var sample in Enum.GetValues<SampleType>())
        {
            campaign = await api.Campaigns.CreateSampleAsync(sample);
        }
        var contact = await api.Contacts.CreateAsync(new() { PhoneNumber = "+14155552671", FirstName = "Ada", LastName = "Lovelace", Email = "ada@acme.example", Company = "Acme" });
        var call = await api.Calls.CreateAsync(new() { ContactId = contact.Id, CampaignId = campaign.Id });
        await api.Calls.StartAsync(call.Id);
        var conversation = await api.Conversations.CreateAsync(new() { CallId = call.Id });
        await api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = "Sure, go ahead." });
        for (var n = 1; n < FirstContacts; n++)
        {
            await api.Contacts.CreateAsync(new() { PhoneNumber = $"+1415555{2680 + n}", FirstName = "Alan", LastName = "Turing", Company = "Acme" });
        }
        using var file = new MemoryStream("First name;Phone;Seats\nGrace;+1 415 555 2672;12\nAlan;+1 415 555 2673;8\n"u8.ToArray());
        await api.Imports.UploadAsync(file, "fair.csv");
        await api.ApiKeys.CreateAsync(new() { Name = "Dialer" });
        return (registered.User.Id, cookie);
    }

    // The few rows of the sign-up stand beside those of the script, whose counters would meet theirs.
    private static async Task FillAsync(NpgsqlDataSource owner, Guid user, int contacts)
    {
        await BenchDatabase.RunAsync(owner, $"set bench.account = '{user}'; set bench.neighbours = '{Neighbours}';\n{await ReadScriptAsync("neighbours.sql")}");
        await BenchDatabase.RunAsync(owner, $"""
            set bench.account = '{user}'; set bench.contacts = '{contacts}';
            update users set plan = 'enterprise' where user_id = '{user}';
            delete from counters where user_id = '{user}' and (name like 'contacts%' or name like '%calls%' or name like '%conversations%');
            {await ReadScriptAsync("account.sql")}
            """);
        await BenchDatabase.RunAsync(owner, "vacuum analyze");
        await BenchDatabase.RunAsync(owner, "checkpoint");
    }

    private static async Task<string> ReadScriptAsync(string name)
    {
        using var reader = new StreamReader(typeof(LargeAccount).Assembly.GetManifestResourceStream(name)!);
        return await reader.ReadToEndAsync();
    }

    private static async Task<IReadOnlyDictionary<string, IReadOnlyList<Guid>>> ReadIdsAsync(NpgsqlDataSource owner, Guid user)
    {
        var ids = new Dictionary<string, IReadOnlyList<Guid>> { ["running"] = await ReadAsync("calls", "and status = 'in_progress'") };
        foreach (var kind in Kinds)
        {
            ids[kind] = await ReadAsync(kind, kind == "calls" ? "and status = 'completed'" : "");
        }
        ids["keys"] = await ReadAsync("api_keys", "");
        return ids;

        // Spread over the table, so that not always the same few pages of it are read.
        async Task<IReadOnlyList<Guid>> ReadAsync(string table, string and)
        {
            await using var command = owner.CreateCommand($"select id from {table} where user_id = '{user}' {and} order by md5(id::text) limit {Sampled}");
            await using var rows = await command.ExecuteReaderAsync();
            var found = new List<Guid>();
            while (await rows.ReadAsync())
            {
                found.Add(rows.GetGuid(0));
            }
            return found;
        }
    }
}
