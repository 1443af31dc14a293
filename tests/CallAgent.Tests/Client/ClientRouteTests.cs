using System.Text.Json;
using System.Text.RegularExpressions;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>The typed client reaches every route of the API; a route without a method of it fails here.</summary>
public sealed class ClientRouteTests(TestServer server)
{
    [Fact]
    public async Task Every_route_has_a_method_of_the_client()
    {
        var calls = await RecordAsync();
        var routes = Routes.Of(server).ToList();

        Assert.True(routes.Count > 90, $"Only {routes.Count} routes were found.");
        Assert.Empty(routes.Where(route => !calls.Any(call => Reaches(call, route))).Select(route => route.Name));
    }

    [Fact]
    public async Task Every_method_of_the_client_reaches_a_route_with_the_body_that_it_takes()
    {
        var routes = Routes.Of(server).ToList();
        foreach (var call in await RecordAsync())
        {
            var route = routes.SingleOrDefault(r => Reaches(call, r));
            Assert.True(route is not null, $"{call} reaches no route.");
            if (route.Body is not null)
            {
                // Strictly, as the server reads it: what is unknown or missing throws.
                Assert.NotNull(JsonSerializer.Deserialize(call.Body ?? throw new InvalidOperationException($"{call} sends no body."), route.Body, CallAgentJson.Strict));
            }
        }
    }

    [Fact]
    public async Task A_route_that_no_method_reaches_is_found()
    {
        var calls = await RecordAsync();
        var route = Routes.Of(server).Single(r => r.Name == "POST /api/calls/{id:guid}/start");

        Assert.Equal("CallsClient.StartAsync", Assert.Single(calls, call => Reaches(call, route)).Name);
        Assert.DoesNotContain(calls, call => Reaches(call, route with { Pattern = "/api/calls/{id:guid}/pause" }));
        Assert.DoesNotContain(calls, call => Reaches(call, route with { Method = "PUT" }));
    }

    private static bool Reaches(ClientCall call, Routes route) => call.Method == route.Method
        && Regex.IsMatch(call.Path, $"^{Regex.Replace(route.Pattern, @"\{\w+(:guid)?\}", p => p.Groups[1].Success ? ClientCalls.Id.ToString() : "[^/]+")}$");

    private static async Task<List<ClientCall>> RecordAsync()
    {
        var calls = new ClientCalls();
        await calls.RecordAsync(new CallAgentClient(calls.Http));
        await calls.RecordAsync(new OperatorClient(calls.Http));
        return calls.All;
    }
}
