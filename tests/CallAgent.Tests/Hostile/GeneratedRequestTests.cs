using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CallAgent.Tests;

/// <summary>
/// Requests made from the OpenAPI document (R-19): none fails, and every refusal has the one form and shows nothing of the
/// inside. <c>CALLAGENT_TEST_SEED</c> repeats a run.
/// </summary>
public sealed partial class GeneratedRequestTests(GeneratedRequestTests.OwnServer server) : IClassFixture<GeneratedRequestTests.OwnServer>
{
    private const int RequestsPerAccount = 300;
    private const int LongestSeconds = 60;
    private const int UsualSeed = 20261125;

    /// <summary>Apart from the other tests, whose sign-ins it would slow down.</summary>
    public sealed class OwnServer : TestServer;

    [Fact]
    public Task No_generated_request_fails_or_is_refused_in_another_form() => RunAsync(1_500, UsualSeed);

    [Fact]
    [Trait("kind", "long")]
    public Task None_of_20000_generated_requests_fails_or_is_refused_in_another_form() => RunAsync(20_000, Random.Shared.Next());

    [Theory]
    [InlineData(500, "application/problem+json", """{"type":"/problems/internal-error","title":"x","status":500,"trace_id":"1"}""")]
    [InlineData(404, "text/html", "<h1>Not found</h1>")]
    [InlineData(400, "application/problem+json", """{"type":"/problems/x","title":"x","status":400,"trace_id":"1"}""")]
    [InlineData(409, "application/problem+json", """{"type":"/problems/x","title":"x","status":409,"trace_id":"1","detail":"violates ix_contacts_phone"}""")]
    [InlineData(409, "application/problem+json", """{"type":"/problems/x","title":"x","status":409,"trace_id":"1","detail":"Npgsql.PostgresException"}""")]
    [InlineData(200, "application/json", "{")]
    public void The_check_notices_what_it_looks_for(int status, string type, string text)
    {
        using var answer = new HttpResponseMessage((System.Net.HttpStatusCode)status) { Content = new StringContent(text, new System.Net.Http.Headers.MediaTypeHeaderValue(type)) };

        Assert.NotNull(FindingOf(answer, text));
    }

    private async Task RunAsync(int count, int usualSeed)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CALLAGENT_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : usualSeed;
        var random = new Random(seed);
        var maker = new RequestMaker(JsonNode.Parse(await server.Anonymous().GetStringAsync("/openapi/v1.json"))!, random);
        var (findings, granted, statuses) = (new List<string>(), new HashSet<string>(), new SortedDictionary<int, int>());
        Estate? own = null, foreign = null;
        for (var n = 0; n < count; n++)
        {
            if (n % RequestsPerAccount == 0)
            {
                (foreign, own) = (own ?? await Estate.CreateAsync(server), await Estate.CreateAsync(server));
            }
            var (request, operation) = maker.Make(own!, foreign!);
            using (request)
            {
                var (status, finding) = await SendAsync(own!.Credentials[random.Next(4) > 0 ? 0 : random.Next(own.Credentials.Count)], request);
                statuses[status] = statuses.GetValueOrDefault(status) + 1;
                if (status is >= 200 and < 400)
                {
                    granted.Add(operation);
                }
                if (finding is not null)
                {
                    findings.Add($"{n}: {request.Method} {request.RequestUri} {await BodyOfAsync(request)}: {status}, {finding}");
                }
            }
        }
        var summary = $"Seed {seed}: {string.Join(", ", statuses.Select(s => $"{s.Value} × {s.Key}"))}; granted {granted.Count} of {maker.Operations.Count()} operations.";
        TestContext.Current.TestOutputHelper?.WriteLine(summary);
        Assert.True(findings.Count == 0, $"{summary}\n{string.Join('\n', findings.Take(40))}");
        // Otherwise it only knocks at the door.
        Assert.True(granted.Count > maker.Operations.Count() / 2, $"{summary} Never granted: {string.Join(", ", maker.Operations.Except(granted))}");
        Assert.True(statuses.Where(s => s.Key < 300).Sum(s => s.Value) > count / 6, summary);
    }

    private static async Task<(int Status, string? Finding)> SendAsync(HttpClient http, HttpRequestMessage request)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(LongestSeconds));
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        var text = answer.Content.Headers.ContentEncoding.Contains("gzip")
            ? await new StreamReader(new GZipStream(await answer.Content.ReadAsStreamAsync(limit.Token), CompressionMode.Decompress)).ReadToEndAsync(limit.Token)
            : await answer.Content.ReadAsStringAsync(limit.Token);
        return ((int)answer.StatusCode, FindingOf(answer, text));
    }

    private static string? FindingOf(HttpResponseMessage answer, string text)
    {
        var status = (int)answer.StatusCode;
        return status switch
        {
            >= 500 => $"it failed: {text}",
            >= 400 => RawAnswers.FormError(answer, text) is { } wrong ? $"{wrong}: {text}" : Inside().Match(text) is { Success: true } shown ? $"it shows {shown.Value}: {text}" : null,
            >= 300 and not 304 => "it sends on",
            _ when answer.Content.Headers.ContentType?.MediaType == "application/json" && !IsJson(text) => "it is no JSON",
            _ => null,
        };
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var _ = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static async Task<string> BodyOfAsync(HttpRequestMessage request)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync();
        return $"{Cut(string.Join(' ', request.Headers.Select(h => $"{h.Key}={string.Join(';', h.Value)}")), 200)} {Cut(body, 400)}";

        static string Cut(string text, int length) => text[..Math.Min(text.Length, length)];
    }

    [GeneratedRegex(@"Npgsql|Sqlite|SQLSTATE|EntityFramework|Microsoft\.|System\.|CallAgent\.[A-Z]|\.cs:line|\b(pk|ix|fk)_[a-z]+_|Guid\b|Int32|DateTimeOffset|JsonElement|LineNumber|BytePosition")]
    private static partial Regex Inside();
}
