using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>What one request came to. Without a status the connection failed.</summary>
internal sealed record Answer(string Request, TimeSpan At, TimeSpan Took, HttpStatusCode? Status, bool HasRetryAfter, string Body)
{
    public bool IsGood => Status is { } status && (int)status < 300;

    public override string ToString() => $"{At.TotalSeconds:0.00} s: {Request} took {Took.TotalSeconds:0.000} s, {Status?.ToString() ?? "failed"} {(IsGood ? "" : Body)}";
}

/// <summary>Clients that create, read, list and change contacts of one user without a pause until they are stopped.</summary>
internal sealed class Load : IAsyncDisposable
{
    private static readonly string Text = new('x', 400);

    private readonly CancellationTokenSource stop = new();
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Uri address;
    private readonly string key;
    private readonly Task running;

    private Load(Uri address, string key, int writers, int readers)
    {
        (this.address, this.key) = (address, key);
        running = Task.WhenAll(Enumerable.Range(0, writers).Select(_ => RunAsync(WriteAsync)).Concat(Enumerable.Range(0, readers).Select(_ => RunAsync(ReadAsync))));
    }

    public ConcurrentQueue<Answer> Answers { get; } = new();

    /// <summary>Ids of contacts whose creation was acknowledged.</summary>
    public ConcurrentQueue<Guid> Acknowledged { get; } = new();

    public TimeSpan Now => clock.Elapsed;

    /// <summary>Registers a user, without limits unless told otherwise, and answers a key of its.</summary>
    public static async Task<string> NewKeyAsync(TestDatabase database, Uri address, Plan plan = Plan.Enterprise)
    {
        var registration = TestServer.NewRegistration();
        var anonymous = new CallAgentClient(new HttpClient { BaseAddress = address });
        await anonymous.Auth.RegisterAsync(registration);
        await using (var operators = Operators.Open(database.Settings))
        {
            (await operators.SetPlanAsync(registration.Email, plan)).OrThrow();
        }
        await Task.Delay(TimeSpan.FromSeconds(4)); // The plan is remembered for three.
        var token = await anonymous.Auth.CreateTokenAsync(new() { Email = registration.Email, Password = registration.Password });
        return (await CallAgentClient.WithToken(address, token.AccessToken).ApiKeys.CreateAsync(new() { Name = "Load" })).Key;
    }

    /// <summary>Somebody else at a page: signed in by a token, for keys follow no events.</summary>
    public static async Task<HttpClient> NewPersonAsync(Uri address)
    {
        var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        var (registration, api) = (TestServer.NewRegistration(), new CallAgentClient(http));
        await api.Auth.RegisterAsync(registration);
        var token = await api.Auth.CreateTokenAsync(new() { Email = registration.Email, Password = registration.Password });
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.AccessToken);
        return http;
    }

    public static Load Start(Uri address, string key, int writers, int readers) => new(address, key, writers, readers);

    /// <summary>A few clients of the same user.</summary>
    public Load Again() => new(address, key, 2, 2);

    /// <summary>Ends all clients after their current request.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await running;
    }

    /// <summary>Acknowledged contacts that are not there.</summary>
    public async Task<List<Guid>> LostAsync(Uri server)
    {
        var there = new HashSet<Guid>();
        await foreach (var contact in CallAgentClient.WithApiKey(server, key).Contacts.AllAsync(new() { Limit = 200 }))
        {
            there.Add(contact.Id);
        }
        return Acknowledged.Where(id => !there.Contains(id)).ToList();
    }

    /// <summary>Sends one request by itself.</summary>
    public Task<Answer> SendAsync(HttpClient http, HttpMethod method, string path, object? body = null) => AskAsync(http, method, path, body);

    public HttpClient NewClient()
    {
        var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
        http.DefaultRequestHeaders.Add("X-API-Key", key);
        return http;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
    }

    private async Task RunAsync(Func<HttpClient, Task> work)
    {
        await Task.Yield();
        using var http = NewClient();
        while (!stop.IsCancellationRequested)
        {
            await work(http);
        }
    }

    private async Task WriteAsync(HttpClient http)
    {
        var created = await KeepAsync(http, HttpMethod.Post, "/api/contacts", new { phone_number = TestUser.NewPhone(), custom_fields = new { note = Text } });
        if (!created.IsGood)
        {
            await Task.Delay(20);
            return;
        }
        var id = JsonDocument.Parse(created.Body).RootElement.GetProperty("id").GetGuid();
        Acknowledged.Enqueue(id);
        await KeepAsync(http, HttpMethod.Get, $"/api/contacts/{id}");
        await KeepAsync(http, HttpMethod.Patch, $"/api/contacts/{id}", new { first_name = "Changed" });
    }

    private async Task ReadAsync(HttpClient http)
    {
        if (!(await KeepAsync(http, HttpMethod.Get, "/api/contacts?limit=5")).IsGood)
        {
            await Task.Delay(20);
        }
    }

    private async Task<Answer> KeepAsync(HttpClient http, HttpMethod method, string path, object? body = null)
    {
        var answer = await AskAsync(http, method, path, body);
        // Of good ones the figures are enough.
        Answers.Enqueue(answer.IsGood ? answer with { Body = "" } : answer);
        return answer;
    }

    private async Task<Answer> AskAsync(HttpClient http, HttpMethod method, string path, object? body)
    {
        var (at, name) = (clock.Elapsed, $"{method} {path}");
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
            using var response = await http.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            return new(name, at, clock.Elapsed - at, response.StatusCode, response.Headers.RetryAfter is not null, text);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return new(name, at, clock.Elapsed - at, null, false, e.GetBaseException().Message);
        }
    }
}
