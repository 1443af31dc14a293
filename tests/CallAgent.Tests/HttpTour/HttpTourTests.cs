using System.Text;

namespace CallAgent.Tests;

/// <summary>The tour files do what their comments say.</summary>
public sealed class HttpTourTests(TestServer server)
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(Repository.Root, "docs", "http"), "*.http").Select(f => Path.GetFileName(f))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_request_answers_what_its_comment_says(string name)
    {
        var file = new HttpFile(Repository.Read(Path.Combine("docs", "http", name)), "http://localhost");
        var http = server.Anonymous();
        foreach (var request in file.Requests)
        {
            using var message = new HttpRequestMessage(new HttpMethod(request.Method), file.Fill(request.Url));
            if (request.Body.Length > 0)
            {
                message.Content = new StringContent(file.Fill(request.Body), Encoding.UTF8, request.Headers.Single(h => h.Name == "Content-Type").Value);
            }
            foreach (var (header, value) in request.Headers.Where(h => h.Name != "Content-Type"))
            {
                message.Headers.Add(header, file.Fill(value));
            }
            using var response = await http.SendAsync(message);
            var body = await response.Content.ReadAsStringAsync();
            Assert.True((int)response.StatusCode == request.Status, $"{request.Title}: {(int)response.StatusCode} instead of {request.Status}. {body}");
            Assert.True(body.Contains(request.Holds, StringComparison.Ordinal), $"{request.Title}: nothing of {request.Holds} in {body}");
            if (request.Name is not null)
            {
                file.Keep(request.Name, body);
            }
        }
        Assert.NotEmpty(file.Requests);
    }
}
