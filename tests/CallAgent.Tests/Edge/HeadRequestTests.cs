using System.Net;

namespace CallAgent.Tests;

/// <summary>HEAD says what GET would.</summary>
public sealed class HeadRequestTests(TestServer server)
{
    [Theory]
    [InlineData("/health/live", HttpStatusCode.OK)]
    [InlineData("/health/ready", HttpStatusCode.OK)]
    [InlineData("/api/contacts", HttpStatusCode.OK)]
    [InlineData("/dashboard", HttpStatusCode.OK)]
    [InlineData("/api/nothing", HttpStatusCode.NotFound)]
    [InlineData("/events", HttpStatusCode.MethodNotAllowed)]
    public async Task Head_is_answered_as_get(string path, HttpStatusCode expected)
    {
        var user = await server.NewUserAsync();
        using var request = new HttpRequestMessage(HttpMethod.Head, path);

        using var answer = await user.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(expected, answer.StatusCode);
    }
}
