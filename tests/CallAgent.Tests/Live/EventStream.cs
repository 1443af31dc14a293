using System.Net;

namespace CallAgent.Tests;

/// <summary>A client of <c>/events</c>.</summary>
internal sealed class EventStream : IDisposable
{
    private readonly HttpResponseMessage response;
    private readonly StreamReader reader;
    private Task<string?>? pending;

    private EventStream(HttpResponseMessage response, Stream body) => (this.response, reader) = (response, new StreamReader(body));

    public HttpResponseMessage Response => response;

    /// <summary>Follows, and waits until the server has said that it listens.</summary>
    public static async Task<EventStream> OpenAsync(HttpClient http, string topics = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/events?topics={topics}");
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var stream = new EventStream(response, await response.Content.ReadAsStreamAsync());
        Assert.StartsWith("retry:", await stream.LineAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(": following", await stream.LineAsync(TimeSpan.FromSeconds(10)));
        return stream;
    }

    /// <summary>The topics of the next change; <c>null</c> when none came in time, or at the stream's end.</summary>
    public async Task<string?> NextAsync(TimeSpan patience)
    {
        try
        {
            while (await LineAsync(patience) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return line["data: ".Length..];
                }
            }
        }
        catch (TimeoutException)
        {
            // Nothing came.
        }
        return null;
    }

    /// <summary>Whether the server ends the stream in this time.</summary>
    public async Task<bool> EndsAsync(TimeSpan patience)
    {
        try
        {
            while (await LineAsync(patience) is not null)
            {
            }
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // The server under test takes a cancelled read for a browser that leaves, so one that was not answered in time stays.
    private async Task<string?> LineAsync(TimeSpan patience)
    {
        var line = await (pending ??= reader.ReadLineAsync()).WaitAsync(patience);
        pending = null;
        return line;
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }
}
