using System.Net;
using System.Text.Json.Nodes;

namespace CallAgent.Tests;

/// <summary>A parameter that a route does not take is refused by its name, on every route.</summary>
public sealed class UnknownParameterTests(TestServer server)
{
    [Fact]
    public async Task Every_route_that_reads_names_what_it_does_not_take()
    {
        var estate = await Estate.CreateAsync(server);
        var routes = Routes.Of(server).Where(r => r is { Method: "GET", IsData: true }).ToList();
        Assert.True(routes.Count > 30, $"Only {routes.Count} routes.");
        foreach (var route in routes)
        {
            using var answer = await estate.User.Http.GetAsync(route.FillOwn(estate, query: "nonsense=1").Path, HttpCompletionOption.ResponseHeadersRead);
            Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{route.Name}: {answer.StatusCode}");
            Assert.NotNull(JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!["nonsense"]);
        }
    }

    [Fact]
    public async Task What_is_misspelt_changes_nothing_and_what_is_known_is_taken_in_any_case()
    {
        var user = await server.NewUserAsync();

        using var refused = await user.Http.PostAsync("/api/contacts?dry_run=true", new StringContent($$"""{"phone_number":"{{TestUser.NewPhone()}}"}""", null, "application/json"));
        // Handlers call what they get from elsewhere so.
        foreach (var name in new[] { "w", "c", "request" })
        {
            using var answer = await user.Http.GetAsync($"/api/dashboard?{name}=1");
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }
        using var taken = await user.Http.GetAsync("/api/dashboard?Days=7");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, taken.StatusCode));
        Assert.Empty((await user.Api.Contacts.ListAsync()).Data);
    }

    [Theory]
    [InlineData("/api/dashboard?days=7&days=8", "days")]
    [InlineData("/api/contacts?limit=7&limit=8", "limit")]
    public async Task What_is_given_twice_is_named(string path, string parameter)
    {
        var user = await server.NewUserAsync();

        using var answer = await user.Http.GetAsync(path);

        Assert.Equal("Is given more than once.", JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]![parameter]![0]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"start_time":"2026-11-01T00:00:00Z"}""", "start_time")]
    [InlineData("{bad", "body")]
    [InlineData("[]", "body")]
    public async Task A_body_that_nobody_reads_is_refused(string body, string field)
    {
        var user = await server.NewUserAsync();
        var path = $"/api/calls/{(await user.NewCallAsync()).Id}/start";

        using var refused = await user.Http.PostAsync(path, new StringContent(body, null, "application/json"));
        using var taken = await user.Http.PostAsync(path, new StringContent("{}", null, "application/json"));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, taken.StatusCode));
        Assert.NotNull(JsonNode.Parse(await refused.Content.ReadAsStringAsync())!["errors"]![field]);
    }
}
