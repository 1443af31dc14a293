using System.Net;
using System.Text;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>What an operator's tools may see: how much and how fast, and never whose.</summary>
public sealed class MetricsTests
{
    private const string Token = "a-token-that-is-long-enough";
    private static readonly string[] Expected =
    [
        "http_server_request_duration_seconds_bucket", "http_server_active_requests", "kestrel_active_connections", "dotnet_gc_collections_total",
        "callagent_plan_limit_reached_total", "callagent_jobs_due", "callagent_job_duration_seconds_bucket", "callagent_live_followers",
    ];

    [Fact]
    public async Task They_tell_how_much_and_how_fast_and_never_whose()
    {
        using var database = TestDatabase.Create();
        var metrics = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}");
        await using var server = await ServerProcess.StartAsync(database, ("METRICS_URL", metrics.ToString()), ("METRICS_TOKEN", Token));
        var (registration, secrets) = await WorkAsync(server);

        using var http = new HttpClient { BaseAddress = metrics };
        var text = await UntilAsync(http, "callagent_job_duration_seconds_bucket");

        Assert.All(Expected.Concat(TestDatabase.IsPostgres ? ["db_client_connection_count"] : []), name => Assert.Contains(name, text, StringComparison.Ordinal));
        Assert.Contains("""http_route="/api/contacts/{id:guid}" """.Trim(), text, StringComparison.Ordinal);
        Assert.Matches("""callagent_plan_limit_reached_total\{[^}]*limit="campaigns",plan="free"\} 1\b""", text);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(registration.CompanyName!, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_are_at_their_own_address_or_behind_the_token_and_nowhere_else()
    {
        using var database = TestDatabase.Create();
        var metrics = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}");
        await using var server = await ServerProcess.StartAsync(database, ("METRICS_URL", metrics.ToString()), ("METRICS_TOKEN", Token));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(new(metrics, "/metrics"), null));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(new(metrics, "/health/live"), null));
        Assert.All(["/", "/api/contacts", "/login", "/docs"], path => Assert.Equal(HttpStatusCode.NotFound, StatusAsync(new(metrics, path), null).GetAwaiter().GetResult()));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(new(server.Address, "/metrics"), Token));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(new(server.Address, "/metrics"), null));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(new(server.Address, "/metrics"), Token + "x"));
    }

    [Fact]
    public async Task Where_nothing_goes_without_TLS_the_token_does_not_either()
    {
        using var database = TestDatabase.Create();
        var metrics = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}");
        await using var server = await ServerProcess.StartAsync(database, ("METRICS_URL", metrics.ToString()), ("METRICS_TOKEN", Token),
            ("HTTPS_ONLY", "true"), ("PUBLIC_URL", "https://crm.example"), ("TRUSTED_PROXIES", "127.0.0.0/8"));

        // Refused and not sent on: the token would be readable with every scrape.
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(new(server.Address, "/metrics"), Token));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(new(server.Address, "/metrics"), Token, byTls: true));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(new(server.Address, "/metrics"), Token + "x", byTls: true));
        // Probes and the address that is for metrics alone go on without.
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(new(server.Address, "/health/live"), null));
        Assert.All(["/metrics", "/health/live"], path => Assert.Equal(HttpStatusCode.OK, StatusAsync(new(metrics, path), null).GetAwaiter().GetResult()));
        Assert.All(["/", "/api/contacts"], path => Assert.Equal(HttpStatusCode.NotFound, StatusAsync(new(metrics, path), null).GetAwaiter().GetResult()));
    }

    [Fact]
    public async Task Without_a_setting_there_are_none()
    {
        using var database = TestDatabase.Create();
        await using var server = await ServerProcess.StartAsync(database);

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(new(server.Address, "/metrics"), Token));
    }

    [Theory]
    [InlineData("METRICS_URL", "9464")]
    [InlineData("METRICS_TOKEN", "short")]
    [InlineData("CALLAGENT_DRAIN_SECONDS", "soon")]
    public async Task A_setting_that_cannot_be_used_stops_the_start_and_is_named(string setting, string value)
    {
        using var database = TestDatabase.Create();
        await using var server = ServerProcess.Launch(database, (setting, value));

        Assert.Equal(1, await server.ExitAsync(TimeSpan.FromSeconds(60)));
        Assert.Contains(setting, server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Traces_metrics_and_logs_go_where_the_standard_variables_say()
    {
        using var database = TestDatabase.Create();
        using var receiver = new Receiver();
        await using var server = await ServerProcess.StartAsync(database,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "500"), ("OTEL_BSP_SCHEDULE_DELAY", "200"), ("OTEL_BLRP_SCHEDULE_DELAY", "200"), ("OTEL_SERVICE_NAME", "crm-of-the-test"),
            ("CALLAGENT_DRAIN_SECONDS", "1")); // Which it logs.
        var (_, secrets) = await WorkAsync(server);
        server.Terminate();
        await server.ExitAsync(TimeSpan.FromSeconds(30));

        Assert.Contains("http.server.request.duration", receiver.Of("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains("/api/contacts/{id:guid}", receiver.Of("/v1/traces"), StringComparison.Ordinal);
        Assert.NotEmpty(receiver.Of("/v1/logs"));
        Assert.Contains("crm-of-the-test", receiver.Of("/v1/metrics"), StringComparison.Ordinal);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, receiver.Of("/v1/metrics"), StringComparison.OrdinalIgnoreCase));
        // An address in a trace has ids, and nothing that somebody typed.
        Assert.DoesNotContain("canary", receiver.Of("/v1/traces"), StringComparison.OrdinalIgnoreCase);
    }

    /// <returns>Who it was, and what must not be seen anywhere.</returns>
    private static async Task<(Register Registration, string[] Secrets)> WorkAsync(ServerProcess server)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        var (registration, api) = (TestServer.NewRegistration() with { CompanyName = "Canary Company" }, new CallAgentClient(http));
        var user = (await api.Auth.RegisterAsync(registration)).User;
        var token = await api.Auth.CreateTokenAsync(new() { Email = registration.Email, Password = registration.Password });
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.AccessToken);
        var contact = await api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), FirstName = "Canary" });
        await api.Contacts.GetAsync(contact.Id);
        await api.Contacts.ListAsync(new() { Filters = new Dictionary<string, string> { ["q"] = "canary" } });
        for (var campaign = 0; campaign < 3; campaign++)
        {
            await api.Campaigns.CreateAsync(new() { Name = "Canary" });
        }
        await Refusals.RefusedAsync(403, () => api.Campaigns.CreateAsync(new() { Name = "Canary" }));
        var import = await api.Imports.UploadAsync(new MadeFile(ImportFiles.Lines(10).Prepend("phone,first_name,email,company,Seats\n")), "canary.csv");
        await api.Imports.RunAsync(import.Id);
        using (await EventStream.OpenAsync(http))
        {
            await Task.Delay(1000);
        }
        return (registration, [user.Id.ToString(), registration.Email, contact.Id.ToString(), contact.PhoneNumber, "canary", import.Id.ToString()]);
    }

    private static async Task<string> UntilAsync(HttpClient http, string name)
    {
        for (var patience = 0; ; patience++)
        {
            var text = await http.GetStringAsync("/metrics");
            if (text.Contains(name, StringComparison.Ordinal) || patience > 100)
            {
                return text;
            }
            await Task.Delay(200);
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(Uri address, string? token, bool byTls = false)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        if (byTls)
        {
            http.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        }
        http.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
        return (await http.GetAsync(address)).StatusCode;
    }

    /// <summary>Takes what an OpenTelemetry collector would.</summary>
    private sealed class Receiver : IDisposable
    {
        private readonly HttpListener listener = new();
        private readonly Dictionary<string, StringBuilder> bodies = [];

        public Receiver()
        {
            Address = $"http://127.0.0.1:{ServerProcess.FreePort()}";
            listener.Prefixes.Add(Address + "/");
            listener.Start();
            _ = ReceiveAsync();
        }

        public string Address { get; }

        /// <summary>All that came to a path; texts stand in Protobuf as they are.</summary>
        public string Of(string path)
        {
            lock (bodies)
            {
                return bodies.GetValueOrDefault(path)?.ToString() ?? "";
            }
        }

        public void Dispose() => listener.Close();

        private async Task ReceiveAsync()
        {
            try
            {
                while (true)
                {
                    var context = await listener.GetContextAsync();
                    using var bytes = new MemoryStream();
                    await context.Request.InputStream.CopyToAsync(bytes);
                    lock (bodies)
                    {
                        var path = context.Request.Url!.AbsolutePath;
                        (bodies.TryGetValue(path, out var body) ? body : bodies[path] = new()).Append(Encoding.Latin1.GetString(bytes.ToArray()));
                    }
                    context.Response.Close();
                }
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                // Closed.
            }
        }
    }
}
