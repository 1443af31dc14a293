using System.Text.Json.Nodes;
using CallAgent.Client;
using CallAgent.Server;

namespace CallAgent.Tests;

/// <summary>Every answer of the document is shown by an example that has the form of its schema.</summary>
public sealed class AnswerExampleTests(TestServer server)
{
    private const string Json = "application/json";

    [Fact]
    public async Task Every_JSON_answer_has_an_example_with_all_fields_of_its_schema()
    {
        var document = await DocumentAsync();
        var answers = AnswersOf(document).Where(a => a.Type == Json).ToList();

        Assert.True(answers.Count > 80, $"Only {answers.Count} answers were found.");
        Assert.Empty(answers.SelectMany(a => FaultsOf(document, a)));
    }

    [Fact]
    public async Task Events_are_shown_as_they_are_sent()
    {
        var document = await DocumentAsync();
        var events = AnswersOf(document).Where(a => a.Type == "text/event-stream").ToList();

        Assert.NotEmpty(events);
        foreach (var answer in events)
        {
            var lines = ((string?)answer.Media["example"])!.Split('\n');
            Assert.Equal("event: import", lines[0]);
            var data = JsonNode.Parse(lines[1]["data: ".Length..]);
            Assert.Empty(ExampleForm.Faults(document, answer.Media["schema"]!, data, answer.Name));
        }
    }

    [Fact]
    public async Task Every_answer_of_a_success_says_what_it_is()
    {
        var document = await DocumentAsync();
        var silent = from path in document["paths"]!.AsObject()
                     from operation in path.Value!.AsObject()
                     from response in operation.Value!["responses"]!.AsObject()
                     where response.Key is "200" or "201" or "202" && response.Value!["content"] is not JsonObject { Count: > 0 }
                     select $"{operation.Key} {path.Key} {response.Key}";

        Assert.Empty(silent);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("script_template/introduction/transition_rules/min_turns")]
    public async Task An_example_that_lacks_a_field_is_found(string path)
    {
        var document = await DocumentAsync();
        var answer = AnswersOf(document).Single(a => a.Name == "get /api/campaigns/{id} 200");
        Assert.Empty(FaultsOf(document, answer));
        var parts = path.Split('/');
        var parent = parts[..^1].Aggregate(answer.Media["example"]!, (node, part) => node[part]!).AsObject();

        Assert.True(parent.Remove(parts[^1]));

        Assert.Contains(path.Replace('/', '.'), Assert.Single(FaultsOf(document, answer)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_an_example_and_one_of_another_form_are_found()
    {
        var document = await DocumentAsync();
        var answer = AnswersOf(document).Single(a => a.Name == "get /api/usage 200");

        answer.Media["example"]!["limits"]!["contacts"] = "many";
        Assert.Contains("limits.contacts", Assert.Single(FaultsOf(document, answer)), StringComparison.Ordinal);

        answer.Media.Remove("example");
        Assert.Contains("no example", Assert.Single(FaultsOf(document, answer)), StringComparison.Ordinal);
        Assert.Null(AnswerExamples.Of(typeof(AnswerExampleTests), CallAgentJson.Strict));
        Assert.Null(AnswerExamples.Of(typeof(Page<AnswerExampleTests>), CallAgentJson.Strict));
    }

    private static IEnumerable<string> FaultsOf(JsonNode document, Answer answer) => answer.Media["example"] is { } example
        ? ExampleForm.Faults(document, answer.Media["schema"]!, example, answer.Name)
        : [$"{answer.Name} has no example."];

    private static IEnumerable<Answer> AnswersOf(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        from response in operation.Value!["responses"]!.AsObject()
        where response.Key.StartsWith('2')
        from media in response.Value!["content"] as JsonObject ?? []
        select new Answer($"{operation.Key} {path.Key} {response.Key}", media.Key, media.Value!.AsObject());

    private async Task<JsonNode> DocumentAsync() => JsonNode.Parse(await server.Anonymous().GetStringAsync("/openapi/v1.json"))!;

    private sealed record Answer(string Name, string Type, JsonObject Media);
}
