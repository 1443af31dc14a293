using System.Diagnostics;
using System.Net;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>A server that is told to stop leaves without anybody noticing.</summary>
public sealed class ShutdownTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_turns_red_first_and_serves_until_it_has_drained()
    {
        using var database = TestDatabase.Create();
        await using var server = await ServerProcess.StartAsync(database, ("CALLAGENT_DRAIN_SECONDS", "30"));
        using var http = new HttpClient { BaseAddress = server.Address };

        server.Terminate();

        using var ready = await UntilAsync(() => http.GetAsync("/health/ready"), answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.Contains("/problems/draining", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(ready.Headers.ConnectionClose);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live")).StatusCode);
        Assert.Equal(Plan.Free, (await new CallAgentClient(http).Auth.RegisterAsync(TestServer.NewRegistration())).User.Plan);
        Assert.Equal(0, await server.ExitAsync(Patience));
    }

    [Fact]
    public async Task Streams_of_events_come_to_an_orderly_end()
    {
        using var database = TestDatabase.Create();
        await using var server = await ServerProcess.StartAsync(database, ("CALLAGENT_DRAIN_SECONDS", "1"));
        using var http = await SignInAsync(server);
        using var events = await EventStream.OpenAsync(http);

        server.Terminate();

        // A torn connection would be an exception here, and not an end.
        Assert.True(await events.EndsAsync(Patience));
        Assert.Equal(0, await server.ExitAsync(Patience));
    }

    [Fact]
    public async Task Work_in_the_background_is_given_back_at_once()
    {
        using var database = TestDatabase.Create();
        await using var server = await ServerProcess.StartAsync(database);
        var api = CallAgentClient.WithApiKey(server.Address, await Load.NewKeyAsync(database, server.Address));
        var import = await api.Imports.UploadAsync(new MadeFile(ImportFiles.Lines(30_000).Prepend("phone,first_name,email,company,Seats\n")), "left.csv");
        await api.Imports.RunAsync(import.Id);
        await UntilAsync(() => api.Imports.GetAsync(import.Id), now => now.Counts.Done > 0);

        server.Terminate();
        Assert.Equal(0, await server.ExitAsync(Patience));

        // Within its lease, which a killed server would have kept from us.
        await using var other = await CallAgentHost.StartAsync(database.Settings);
        Assert.NotNull(await other.Jobs.TakeAsync("imports", CancellationToken.None));
    }

    private static async Task<HttpClient> SignInAsync(ServerProcess server)
    {
        var http = new HttpClient { BaseAddress = server.Address, Timeout = Timeout.InfiniteTimeSpan };
        var registration = TestServer.NewRegistration();
        await new CallAgentClient(http).Auth.RegisterAsync(registration);
        var token = await new CallAgentClient(http).Auth.CreateTokenAsync(new() { Email = registration.Email, Password = registration.Password });
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.AccessToken);
        return http;
    }

    private static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Func<T, bool> isIt)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < Patience; await Task.Delay(20))
        {
            if (await ask() is var answer && isIt(answer))
            {
                return answer;
            }
        }
        throw new TimeoutException("It did not come to that.");
    }
}
