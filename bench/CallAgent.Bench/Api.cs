using System.Net.Http.Json;

namespace CallAgent.Bench;

/// <summary>The three requests that are measured, one at a time; <c>load.lua</c> sends the same.</summary>
internal static class Api
{
    public const string Product = "/api";
    public const string Baseline = "";

    public static readonly string[] Requests = ["page", "get", "create"];

    /// <exception cref="HttpRequestException">The answer is not the one that the request should get.</exception>
    public static async Task SendAsync(HttpClient http, string what, string prefix, Caller caller, int number)
    {
        using var request = what switch
        {
            "page" => new HttpRequestMessage(HttpMethod.Get, $"{prefix}/contacts"),
            "get" => new HttpRequestMessage(HttpMethod.Get, $"{prefix}/contacts/{caller.ContactId}"),
            _ => new HttpRequestMessage(HttpMethod.Post, $"{prefix}/contacts") { Content = NewContact(number) },
        };
        request.Headers.Add("X-API-Key", caller.Key);
        request.Headers.Add("X-User-Id", caller.UserId.ToString());
        using var answer = await http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        if ((int)answer.StatusCode != (what == "create" ? 201 : 200) || (what == "page" && body.Split("\"phone_number\"").Length != 51))
        {
            throw new HttpRequestException($"{request.Method} {request.RequestUri} was answered by {(int)answer.StatusCode}: {(body.Length > 500 ? body[..500] : body)}");
        }
    }

    private static JsonContent NewContact(int number) => JsonContent.Create(new Dictionary<string, object>
    {
        ["phone_number"] = $"+49152{number:D8}",
        ["first_name"] = "Grace",
        ["last_name"] = "Hopper",
        ["email"] = $"grace.hopper{number}@navy.example",
        ["company"] = "Navy",
        ["tags"] = new[] { "vip" },
    });
}
