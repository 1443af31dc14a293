using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CallAgent.Tests;

/// <summary>
/// Odd text in every field of every body and every value of a query (S-02): it is kept exactly or refused by the field's name, the
/// same on both databases.
/// </summary>
public sealed class OddTextTests(TestServer server)
{
    private const string Place = "\"the place\"";

    // They end the sign-in that the others go by, or count as tries of a password.
    private static readonly string[] Apart = ["/api/auth/account", "/api/auth/password", "/api/members/leave"];

    [Fact]
    public async Task Text_that_no_database_keeps_is_refused_by_the_fields_name()
    {
        var estate = await Estate.CreateAsync(server);
        var findings = new List<string>();
        foreach (var (route, field, body) in Places(estate))
        {
            foreach (var text in HostileValues.Refused)
            {
                using var answer = await SendAsync(estate, route, body.Replace(Place, text, StringComparison.Ordinal));
                var said = await answer.Content.ReadAsStringAsync();
                var names = (int)answer.StatusCode == 400 ? JsonNode.Parse(said)!["errors"]?.AsObject().Select(e => e.Key) ?? [] : [];
                if (!names.Any(n => n.StartsWith(field, StringComparison.Ordinal)))
                {
                    findings.Add($"{route.Name} {field}={text}: {(int)answer.StatusCode} {said}");
                }
            }
        }

        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    [Fact]
    public async Task Text_that_is_whole_comes_back_exactly_or_is_refused_by_the_fields_name()
    {
        var estate = await Estate.CreateAsync(server);
        var (findings, kept) = (new List<string>(), new HashSet<string>());
        foreach (var (route, field, body) in Places(estate).Where(p => !p.Route.TakesPassword))
        {
            // Several in one, between letters so that nothing is trimmed.
            foreach (var text in HostileValues.Odd.Chunk(4).Select(odd => $"a{string.Join('b', odd)}c"))
            {
                using var answer = await SendAsync(estate, route, body.Replace(Place, JsonSerializer.Serialize(text), StringComparison.Ordinal));
                var said = await answer.Content.ReadAsStringAsync();
                var status = (int)answer.StatusCode;
                if (status >= 500 || (status >= 400 && RawAnswers.FormError(answer, said) is not null))
                {
                    findings.Add($"{route.Name} {field}={text}: {status} {said}");
                }
                if (status is 200 or 201 && await ReadAsync(estate, route, answer, said) is { } record && ValueOf(record, field) is { } read)
                {
                    kept.Add($"{route.Name} {field}");
                    // Lists of tags and stages have a form of their own, into which they are brought.
                    if (read != text && !field.StartsWith("tags", StringComparison.Ordinal))
                    {
                        findings.Add($"{route.Name} {field}: {text} came back as {read}");
                    }
                }
            }
        }

        Assert.True(findings.Count == 0, string.Join('\n', findings));
        foreach (var expected in new[]
        {
            "POST /api/contacts first_name", "PATCH /api/contacts/{id:guid} company", "POST /api/contacts custom_fields.k", "POST /api/campaigns name", "PATCH /api/campaigns/{id:guid} description",
            "POST /api/calls notes", "PATCH /api/calls/{id:guid} notes", "PATCH /api/conversations/{id:guid} collected_data.k", "PATCH /api/auth/profile company_name", "POST /api/api-keys name",
        })
        {
            Assert.Contains(expected, kept);
        }
    }

    [Fact]
    public async Task Odd_text_in_a_query_is_searched_for_or_refused_by_name()
    {
        var estate = await Estate.CreateAsync(server);
        var findings = new List<string>();
        foreach (var route in Routes.Of(server).Where(r => r.IsData && r.Method == "GET" && r.List is not null))
        {
            foreach (var name in route.List!.Filters.Concat(["q", "sort", "cursor", "limit", "unknown"]))
            {
                foreach (var text in new[] { "a\0b", "\0" }.Concat(HostileValues.Odd))
                {
                    using var answer = await estate.User.Http.GetAsync(route.FillOwn(estate, null, $"{name}={Uri.EscapeDataString(text)}").Path);
                    var said = await answer.Content.ReadAsStringAsync();
                    var isRefused = (int)answer.StatusCode == 400 && RawAnswers.FormError(answer, said) is null && JsonNode.Parse(said)!["errors"]![name] is not null;
                    if (!isRefused && ((int)answer.StatusCode != 200 || text.Contains('\0', StringComparison.Ordinal)))
                    {
                        findings.Add($"{route.Name} {name}={text}: {(int)answer.StatusCode} {said}");
                    }
                }
            }
        }

        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    // Every place of every body that takes a text, with the body around it.
    private IEnumerable<(Routes Route, string Field, string Body)> Places(Estate estate)
    {
        foreach (var route in Routes.Of(server).Where(r => r.Body is not null && !Apart.Contains(r.Pattern)))
        {
            foreach (var property in route.Body!.GetProperties())
            {
                var (field, type) = (JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name), Routes.Unwrap(property.PropertyType));
                if (type == typeof(string))
                {
                    yield return (route, field, With(field, "the place"));
                }
                else if (type == typeof(IReadOnlyList<string>))
                {
                    yield return (route, $"{field}[0]", With(field, new JsonArray("the place")));
                }
                else if (type == typeof(IReadOnlyDictionary<string, JsonElement>))
                {
                    yield return (route, $"{field}.k", With(field, new JsonObject { ["k"] = "the place" }));
                }
            }

            string With(string field, JsonNode value)
            {
                var body = route.BodyOf(estate)!;
                body[field] = value;
                if (field != "phone_number" && body["phone_number"] is not null)
                {
                    body["phone_number"] = TestUser.NewPhone();
                }
                return body.ToJsonString();
            }
        }
    }

    // What was changed, read anew.
    private static async Task<JsonNode?> ReadAsync(Estate estate, Routes route, HttpResponseMessage answer, string said)
    {
        var resource = route.Pattern.Split('/')[2];
        if (resource is "api-keys" or "invitations" or "two-factor" or "operator")
        {
            return JsonNode.Parse(said);
        }
        var path = answer.Headers.Location?.ToString() ?? (resource == "auth" ? "/api/auth/profile" : $"/api/{resource}/{estate.Ids[resource]}");
        return await estate.User.Http.GetFromJsonAsync<JsonNode>(path);
    }

    private static string? ValueOf(JsonNode record, string field)
    {
        var value = field.Split('.', '[') switch
        {
            [var list, "0]"] => record[list] is JsonArray { Count: > 0 } items ? items[0] : null,
            [var members, var name] => record[members]?[name],
            _ => record[field],
        };
        return value is JsonValue && value.GetValueKind() == JsonValueKind.String ? (string?)value : null;
    }

    private static Task<HttpResponseMessage> SendAsync(Estate estate, Routes route, string body) => estate.For(route).SendAsync(
        new HttpRequestMessage(new HttpMethod(route.Method), route.FillOwn(estate).Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
}
