using System.Net.Http.Json;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>Whoever got no answer sends again, also to a server that was killed meanwhile (T-21).</summary>
public sealed class IdempotencyKillTests
{
    private const int Contacts = 60;
    private const int Writers = 6;

    [Fact]
    public async Task What_is_sent_again_after_a_kill_is_done_once()
    {
        using var database = TestDatabase.Create();
        var owner = TestServer.NewRegistration();
        var requests = new Queue<(string Key, string Phone)>(Enumerable.Range(0, Contacts).Select(n => ($"request-{n}", TestUser.NewPhone())));
        var done = new HashSet<string>();
        var random = new Random(21);
        for (var life = 0; life < 4; life++)
        {
            await using var server = await ServerProcess.StartAsync(database);
            using var http = await SignInAsync(server, owner, isNew: life == 0);
            var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => WriteAsync(http, requests, done)));
            await Task.Delay(random.Next(50, 400));
            await server.KillAsync();
            await writing;
        }
        await using var last = await ServerProcess.StartAsync(database);
        using var client = await SignInAsync(last, owner, isNew: false);
        await WriteAsync(client, requests, done);
        Assert.Equal(Contacts, done.Count);
        Assert.Equal(Contacts, (await new CallAgentClient(client).GetUsageAsync()).Figures.Contacts);
    }

    // A request that got no answer is sent again in the next life; one that was answered is not.
    private static async Task WriteAsync(HttpClient http, Queue<(string Key, string Phone)> requests, HashSet<string> done)
    {
        while (true)
        {
            (string Key, string Phone) next;
            lock (requests)
            {
                if (!requests.TryDequeue(out next))
                {
                    return;
                }
            }
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/contacts") { Content = JsonContent.Create(new { phone_number = next.Phone }) };
                request.Headers.Add("Idempotency-Key", next.Key);
                using var answer = await http.SendAsync(request);
                Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                lock (done)
                {
                    Assert.True(done.Add(next.Key));
                }
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                lock (requests)
                {
                    requests.Enqueue(next);
                }
                return;
            }
        }
    }

    private static async Task<HttpClient> SignInAsync(ServerProcess server, Register owner, bool isNew)
    {
        var http = new HttpClient { BaseAddress = server.Address };
        var api = new CallAgentClient(http);
        if (isNew)
        {
            await api.Auth.RegisterAsync(owner);
        }
        var token = await api.Auth.CreateTokenAsync(new() { Email = owner.Email, Password = owner.Password });
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.AccessToken);
        return http;
    }
}
