using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using CallAgent.Client;
using CallAgent.Server;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(CallAgent.Tests.TestServer))]

namespace CallAgent.Tests;

/// <summary>
/// The server under test, on one database for all tests. Every test registers users of its own, so that all run in
/// parallel and in any order. Commands sent to the database can be counted per request.
/// </summary>
public class TestServer : WebApplicationFactory<Program>, IAsyncLifetime
{
    private readonly ConcurrentDictionary<Guid, int> commands = new();
    private readonly ActivityListener listener;

    public TestServer() => listener = CommandCounter.Listen(commands);

    public TestDatabase Database { get; } = TestDatabase.Create();

    /// <summary>Every mail that the server sends.</summary>
    internal Mailbox Mailbox { get; } = new();

    /// <summary>The clock of the server's business; the system's unless a test moves it.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Rates as they are would end tests that make many requests.</summary>
    public double RateLimitFactor { get; init; } = 1_000;

    internal CallAgentHost Host => Services.GetRequiredService<CallAgentHost>();

    /// <summary>Started before the first test: the factory's own start at first use is not made for many at once.</summary>
    public ValueTask InitializeAsync()
    {
        StartServer();
        return ValueTask.CompletedTask;
    }

    /// <summary>A stranger: no credential, no cookies kept, and no redirect followed.</summary>
    public HttpClient Anonymous() => CreateClient(new() { HandleCookies = false, AllowAutoRedirect = false, BaseAddress = ClientOptions.BaseAddress });

    /// <summary>Registers a fresh user and signs its owner in by an access token.</summary>
    public async Task<TestUser> NewUserAsync(Plan plan = Plan.Free)
    {
        var request = NewRegistration();
        var registered = await new CallAgentClient(Anonymous()).Auth.RegisterAsync(request);
        if (plan != Plan.Free)
        {
            await SetPlanAsync(registered.User.Id, plan);
        }
        var token = await new CallAgentClient(Anonymous()).Auth.CreateTokenAsync(new() { Email = request.Email, Password = request.Password });
        var http = Anonymous();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
        return new(registered.User.Id, request, http, token);
    }

    public static Register NewRegistration() => new()
    {
        Email = $"{Guid.CreateVersion7():N}@example.com",
        Password = "password123",
        FirstName = "Ada",
        LastName = "Lovelace",
        CompanyName = "Acme Ltd",
    };

    /// <summary>As the operator would; the cache forgets at once so that tests need not wait.</summary>
    public Task SetPlanAsync(Guid userId, Plan plan) => ChangeUserAsync(userId, user => user.Plan = plan);

    public Task SetStatusAsync(Guid userId, UserStatus status) => ChangeUserAsync(userId, user => user.Status = status);

    /// <summary>
    /// How many commands the database gets while <paramref name="work"/> runs, in which nothing else of this user may.
    /// The least of three runs: every three seconds one request also reads who is signed in.
    /// </summary>
    public async Task<int> CommandsAsync(Guid userId, Func<Task> work)
    {
        var least = int.MaxValue;
        for (var run = 0; run < 3; run++)
        {
            var before = commands.GetValueOrDefault(userId);
            await work();
            least = Math.Min(least, commands.GetValueOrDefault(userId) - before);
        }
        return least;
    }

    /// <summary>Waits until the audit log holds and has sealed all that has happened so far.</summary>
    public async Task SettleAsync()
    {
        await Host.AuditInbox.FlushAsync();
        await Host.AuditSealer.SealAllAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.ConfigureServices(services => services
            .AddSingleton(Clock)
            .AddSingleton(new RequestQuotas(RateLimitFactor))
            .AddSingleton(new RateLimiter(new LocalBuckets(Clock)))
            .AddSingleton(_ => CallAgentHost
            .StartAsync(Settings, new HostParts { Clock = Clock, Configure = Configure, Delivery = Mailbox }, CancellationToken.None)
            .GetAwaiter().GetResult()));
    }

    /// <summary>What the server is told from outside.</summary>
    protected virtual CallAgentSettings Settings => Database.Settings;

    /// <summary>How units of work are opened.</summary>
    protected virtual void Configure(DbContextOptionsBuilder options) => options.AddInterceptors(new CommandCounter(commands));

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            listener.Dispose();
            Database.Dispose();
        }
    }

    private async Task ChangeUserAsync(Guid userId, Action<User> change)
    {
        await using var db = Host.Database.Open(TenantScope.Of(userId));
        change(db.Users.Single());
        await db.SaveChangesAsync();
        foreach (var member in db.Members.ToList())
        {
            Host.Principals.ForgetMember(userId, member.Id);
        }
    }
}

/// <summary>A registered user with its owner signed in.</summary>
public sealed class TestUser(Guid id, Register registration, HttpClient http, Token token)
{
    private static int numbers;

    public Guid Id => id;

    public Register Registration => registration;

    public Token Token => token;

    /// <summary>For requests that the typed client would not make.</summary>
    public HttpClient Http => http;

    public CallAgentClient Api { get; } = new(http);

    /// <summary>A valid number that no other test uses: fictional ones of the 555-01xx kind, under many area codes.</summary>
    public static string NewPhone()
    {
        var n = Interlocked.Increment(ref numbers);
        return $"+1{201 + n / 10_000 % 50:000}{200 + n / 100 % 100 + 100:000}{5000 + n % 100:0000}";
    }

    public Task<Client.Contact> NewContactAsync(string? firstName = "Grace", string? lastName = "Hopper") =>
        Api.Contacts.CreateAsync(new() { PhoneNumber = NewPhone(), FirstName = firstName, LastName = lastName });

    public Task<Client.Campaign> NewCampaignAsync(string name = "Spring") => Api.Campaigns.CreateAsync(new() { Name = name });

    public async Task<Client.Call> NewCallAsync(Guid? campaignId = null) =>
        await Api.Calls.CreateAsync(new() { ContactId = (await NewContactAsync()).Id, CampaignId = campaignId });

    public async Task<Client.Conversation> NewConversationAsync(Guid? campaignId = null)
    {
        var call = await NewCallAsync(campaignId);
        return await Api.Conversations.CreateAsync(new() { CallId = call.Id });
    }
}
