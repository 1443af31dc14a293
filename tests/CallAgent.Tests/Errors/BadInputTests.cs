using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using CallAgent.Client;

namespace CallAgent.Tests;

public sealed class BadInputTests(TestServer server)
{
    [Theory]
    [InlineData("{", 400, "body")]
    [InlineData("", 400, "body")]
    [InlineData("[]", 400, "body")]
    [InlineData("null", 400, "body")]
    [InlineData("{}", 400, "phone_number")]
    [InlineData("""{"phone_number":5}""", 400, "phone_number")]
    [InlineData("""{"phone_number":null}""", 400, "phone_number")]
    [InlineData("""{"phone_number":"+14155550132","nope":1}""", 400, "nope")]
    [InlineData("""{"phone_number":"+14155550132","phone_number":"+14155550133"}""", 400, "phone_number")]
    [InlineData("""{"phone_number":"+14155550132","status":"asleep"}""", 400, "status")]
    [InlineData("""{"phone_number":"+14155550132","status":1}""", 400, "status")]
    [InlineData("""{"phone_number":"+14155550132","first_name":"a\u0000b"}""", 400, "first_name")]
    [InlineData("""{"phone_number":"+14155550132","first_name":"\ud800"}""", 400, "first_name")]
    [InlineData("""{"phone_number":"+14155550132","custom_fields":{"a":"\ud800"}}""", 400, "custom_fields.a")]
    [InlineData("""{"phone_number":"+14155550132","custom_fields":{"a":{"b":"\u0000"}}}""", 400, "custom_fields.a")]
    [InlineData("""{"phone_number":"+14155550132","custom_fields":[]}""", 400, "custom_fields")]
    [InlineData("""{"phone_number":"+14155550132","tags":["ok",""]}""", 400, "tags[1]")]
    [InlineData("""{"phone_number":"+14155550132","tags":[null]}""", 400, "tags[0]")]
    [InlineData("""{"phone_number":"+14155550132","email":"no address"}""", 400, "email")]
    public async Task Bad_bodies_name_the_field(string body, int status, string field)
    {
        var user = await server.NewUserAsync();

        var response = await user.Http.PostAsync("/api/contacts", new StringContent(body, Encoding.UTF8, "application/json"));

        var problem = await ProblemAsync(response, status);
        Assert.True(problem.Errors?.ContainsKey(field), $"Expected {field}, got {string.Join(", ", problem.Errors?.Keys ?? [])}");
        Assert.Empty((await user.Api.Contacts.ListAsync()).Data);
    }

    [Theory]
    [InlineData("dashboard?campaign_id=ß", "campaign_id")]
    [InlineData("dashboard?days=soon", "days")]
    [InlineData("contacts?limit=0.0.0.0", "limit")]
    [InlineData("conversations/01a210f2-cb48-762a-b9b8-6b597da4cd6e/turns?limit=many", "limit")]
    [InlineData("campaigns/01a210f2-cb48-762a-b9b8-6b597da4cd6e/script?stage=introduction&contact_id=%00", "contact_id")]
    public async Task Bad_parameters_are_named(string address, string name)
    {
        var user = await server.NewUserAsync();

        var problem = await ProblemAsync(await user.Http.GetAsync($"/api/{address}"), 400);

        Assert.Equal([name], problem.Errors?.Keys ?? []);
    }

    [Theory]
    [InlineData("contacts", """{"tags":"a"}""", "tags")]
    [InlineData("contacts", """{"tags":["a",5]}""", "tags[1]")]
    [InlineData("contacts", """{"custom_fields":[]}""", "custom_fields")]
    [InlineData("contacts", """{"custom_fields":{"a":1e999}}""", "custom_fields.a")]
    [InlineData("contacts", """{"status":"asleep"}""", "status")]
    [InlineData("contacts", """{"status":null}""", "status")]
    [InlineData("calls", """{"scheduled_time":"tomorrow"}""", "scheduled_time")]
    [InlineData("calls", """{"status":["completed"]}""", "status")]
    [InlineData("conversations", """{"collected_data":[]}""", "collected_data")]
    [InlineData("conversations", """{"sentiment_score":"good"}""", "sentiment_score")]
    [InlineData("campaigns", """{"stages":"closing"}""", "stages")]
    [InlineData("campaigns", """{"script_template":{"introduction":{"script":5}}}""", "script_template.introduction.script")]
    [InlineData("campaigns", """{"script_template":{"introduction":{"text":""}}}""", "script_template.introduction.text")]
    [InlineData("campaigns", """{"script_template":{"introduction":{"script":null}}}""", "script_template.introduction.script")]
    [InlineData("campaigns", """{"data_collection_fields":["name","name"]}""", "data_collection_fields[1]")]
    public async Task Bad_changes_name_the_field(string resource, string body, string field)
    {
        var estate = await Estate.CreateAsync(server);
        var response = await estate.User.Http.PatchAsync($"/api/{resource}/{estate.Ids[resource]}", new StringContent(body, Encoding.UTF8, "application/json"));

        var problem = await ProblemAsync(response, 400);
        Assert.Equal([field], problem.Errors?.Keys ?? []);
    }

    [Fact]
    public async Task A_wrong_word_of_a_fixed_choice_is_answered_with_the_choice()
    {
        var user = await server.NewUserAsync();
        var body = new StringContent("""{"phone_number":"+14155550132","status":"asleep"}""", Encoding.UTF8, "application/json");

        var problem = await ProblemAsync(await user.Http.PostAsync("/api/contacts", body), 400);

        Assert.Equal("Must be one of: new, contacted, interested, not_interested, converted, lost.", Assert.Single(problem.Errors!["status"]));
    }

    [Fact]
    public async Task A_stage_without_a_script_and_rules_without_keywords_are_empty_ones()
    {
        var user = await server.NewUserAsync();
        var body = new StringContent(
            """{"name":"Bare","script_template":{"introduction":{},"closing":{"transition_rules":{}}}}""", Encoding.UTF8, "application/json");

        var response = await user.Http.PostAsync("/api/campaigns", body);

        Assert.Equal(System.Net.HttpStatusCode.Created, response.StatusCode);
        var campaign = Assert.Single((await user.Api.Campaigns.ListAsync()).Data);
        Assert.Equal("", campaign.ScriptTemplate["introduction"].Script);
        Assert.Empty(campaign.ScriptTemplate["closing"].TransitionRules!.Keywords);
        Assert.Equal(2, (await user.Api.Campaigns.GetBehaviorAsync(campaign.Id)).Stages.Count(s => campaign.ScriptTemplate.ContainsKey(s.Stage)));
    }

    [Fact]
    public async Task Over_long_deep_and_large_bodies_are_refused()
    {
        var user = await server.NewUserAsync();
        var deep = $$"""{"phone_number":"+14155550132","custom_fields":{"a":{{new string('[', 100)}}{{new string(']', 100)}} } }""";

        await ProblemAsync(await PostAsync($$"""{"phone_number":"+14155550132","first_name":"{{new string('x', 101)}}"}"""), 400);
        await ProblemAsync(await PostAsync(deep), 400);
        await ProblemAsync(await PostAsync($$"""{"phone_number":"+14155550132","tags":[{{string.Join(',', Enumerable.Repeat("\"a\"", 10_000))}}]}"""), 400);

        Task<HttpResponseMessage> PostAsync(string body) => user.Http.PostAsync("/api/contacts", new StringContent(body, Encoding.UTF8, "application/json"));
    }

    [Fact]
    public async Task Wrong_addresses_methods_and_types_have_their_own_answers()
    {
        var user = await server.NewUserAsync();

        await ProblemAsync(await user.Http.GetAsync("/api/nowhere"), 404);
        await ProblemAsync(await user.Http.PostAsync("/api/nowhere", null), 404);
        await ProblemAsync(await user.Http.GetAsync("/api/contacts/no-id"), 404);
        await ProblemAsync(await user.Http.PutAsync("/api/contacts", null), 405);
        await ProblemAsync(await user.Http.PostAsync("/api/contacts", new StringContent("a=b", Encoding.UTF8, "application/x-www-form-urlencoded")), 415);
        Assert.Equal("/problems/unsupported-media-type", (await ProblemAsync(await user.Http.PostAsync("/api/contacts", new StringContent("{}")), 415)).Type);
        Assert.Equal(["body"], (await ProblemAsync(await user.Http.DeleteAsync("/api/auth/account"), 400)).Errors!.Keys);
        await ProblemAsync(await server.Anonymous().GetAsync("/api/contacts"), 401);
        await ProblemAsync(await user.Http.GetAsync("/api/contacts?limit=1&limit=2"), 400);
        await ProblemAsync(await user.Http.GetAsync("/api/contacts?limit=1e9"), 400);
    }

    [Fact]
    public async Task No_hostile_value_in_any_field_of_any_route_is_answered_by_a_failure()
    {
        var estate = await Estate.CreateAsync(server);
        var findings = new List<string>();
        foreach (var route in Routes.Of(server).Where(r => r.Body is not null && r.Pattern is not "/api/auth/account"))
        {
            foreach (var (field, value) in Hostile(route.Body!))
            {
                var body = route.BodyOf(estate)!;
                body[field] = value is null ? null : System.Text.Json.Nodes.JsonNode.Parse(value);
                var attack = route.Attacks(estate, estate).FirstOrDefault();
                using var message = new HttpRequestMessage(new HttpMethod(route.Method), attack?.WithForeign.Path ?? route.Pattern) { Content = JsonContent.Create(body) };
                using var response = await estate.For(route).SendAsync(message);
                if ((int)response.StatusCode >= 500 || ((int)response.StatusCode >= 400 && response.Content.Headers.ContentType?.MediaType != "application/problem+json"))
                {
                    findings.Add($"{route.Method} {route.Pattern} {field}={value?[..Math.Min(value.Length, 30)]}: {(int)response.StatusCode}");
                }
            }
        }

        Assert.Empty(findings);
    }

    [Fact]
    public async Task Odd_text_comes_back_exactly()
    {
        var user = await server.NewUserAsync();
        foreach (var text in new[] { "ق\u202Eabc", "e\u0301\u0327", "👩‍👩‍👧", "'; drop table contacts; --", "<script>alert(1)</script>", "\u2028", "{{ 7 | times: 7 }}", "\\\"%_" })
        {
            var contact = await user.Api.Contacts.CreateAsync(new()
            {
                PhoneNumber = TestUser.NewPhone(),
                FirstName = $"a{text}b",
                CustomFields = new Dictionary<string, JsonElement> { [$"k{text}"] = JsonSerializer.SerializeToElement(text) },
            });
            var read = await user.Api.Contacts.GetAsync(contact.Id);
            Assert.Equal($"a{text}b", read.FirstName);
            Assert.Equal(text, read.CustomFields[$"k{text}"].GetString());
        }
    }

    private static IEnumerable<(string Field, string? Value)> Hostile(Type body) =>
        from property in body.GetProperties()
        from value in new[]
        {
            null, "0", "-1", "1e400", "99999999999999999999", "\"\"", "\" \"", "\"\\u0000\"", "true", "[]", "{}", "[[]]", "{\"a\":null}", "[null]", "[\"\"]",
            $"\"{new string('x', 30_000)}\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59Z\"", "\"{{\"", "\"00000000-0000-0000-0000-000000000000\"",
            "{\"introduction\":null}", "{\"introduction\":{}}", "{\"introduction\":{\"script\":\"\",\"transition_rules\":{}}}", "{\"introduction\":{\"script\":\"{% for\"}}",
        }
        select (JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), value);

    private static async Task<ProblemDetails> ProblemAsync(HttpResponseMessage response, int status)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"Expected {status}, got {(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonSerializer.Deserialize<ProblemDetails>(text, CallAgentJson.Lenient)!;
        Assert.StartsWith("/problems/", problem.Type);
        Assert.Equal(status, problem.Status);
        Assert.DoesNotContain("Exception", text);
        return problem;
    }
}
