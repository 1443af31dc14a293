using System.Globalization;
using System.Net.Http.Json;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace CallAgent.Client;

/// <summary>Sends requests and turns answers into records or <see cref="CallAgentException"/>.</summary>
/// <param name="http">Sends them.</param>
/// <param name="version">The version that a record must have to be changed; any when absent.</param>
internal sealed class Transport(HttpClient http, int? version = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    public Task<T> GetAsync<T>(string path, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Get, path, null, cancellation);

    public Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Post, path, body, cancellation);

    public Task<T> PatchAsync<T>(string path, object body, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Patch, path, body, cancellation);

    public async Task DoAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var response = await AnswerAsync(method, path, body, cancellation);
    }

    public async Task<T> SendAsync<T>(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var response = await AnswerAsync(method, path, body, cancellation);
        return (await response.Content.ReadFromJsonAsync<T>(CallAgentJson.Lenient, cancellation))!;
    }

    /// <summary>Sends a file as it is read.</summary>
    public async Task<T> UploadAsync<T>(string path, Stream file, string contentType, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StreamContent(file) };
        request.Content.Headers.ContentType = new(contentType);
        using var response = await CheckAsync(await http.SendAsync(request, cancellation), cancellation);
        return (await response.Content.ReadFromJsonAsync<T>(CallAgentJson.Lenient, cancellation))!;
    }

    /// <summary>An answer that is read as it comes; closing the stream ends the request.</summary>
    public async Task<Stream> OpenAsync(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        var response = await CheckAsync(
            await AnsweredAsync((r, c) => http.SendAsync(r, HttpCompletionOption.ResponseHeadersRead, c), request, cancellation), cancellation);
        return await response.Content.ReadAsStreamAsync(cancellation);
    }

    /// <summary>Server-sent events, each a record, until the server ends them.</summary>
    public async IAsyncEnumerable<T> EventsAsync<T>(string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = await OpenAsync(path, cancellation);
        var parser = SseParser.Create(stream, (_, data) => JsonSerializer.Deserialize<T>(data, CallAgentJson.Lenient)!);
        await foreach (var item in parser.EnumerateAsync(cancellation))
        {
            yield return item.Data;
        }
    }

    /// <summary>All rows of a list, page after page.</summary>
    public async IAsyncEnumerable<T> AllAsync<T>(string path, ListQuery query, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var page = query; ;)
        {
            var found = await GetAsync<Page<T>>(path + page.ToQueryString(), cancellation);
            foreach (var row in found.Data)
            {
                yield return row;
            }
            if (!found.HasMore)
            {
                yield break;
            }
            page = page with { Cursor = found.NextCursor };
        }
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (version is not null)
        {
            request.Headers.IfMatch.Add(new(string.Create(CultureInfo.InvariantCulture, $"\"{version}\"")));
        }
        if (body is not null)
        {
            request.Content = JsonContent.Create(body, body.GetType(), options: CallAgentJson.Lenient);
        }
        return await CheckAsync(await AnsweredAsync(http.SendAsync, request, cancellation), cancellation);
    }

    // A client of ours has no timeout of its own, which would hold for files of any size too.
    private async Task<HttpResponseMessage> AnsweredAsync(
        Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> send, HttpRequestMessage request, CancellationToken cancellation)
    {
        if (http.Timeout != Timeout.InfiniteTimeSpan)
        {
            return await send(request, cancellation);
        }
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        try
        {
            return await send(request, patience.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"The server did not answer within {Patience.TotalSeconds} seconds.", e);
        }
    }

    private static async Task<HttpResponseMessage> CheckAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            return response;
        }
        using (response)
        {
            throw new CallAgentException(await ReadProblemAsync(response, cancellation));
        }
    }

    private static async Task<ProblemDetails> ReadProblemAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        try
        {
            var problem = await response.Content.ReadFromJsonAsync<ProblemDetails>(CallAgentJson.Lenient, cancellation);
            return problem is null ? new() { Status = status } : problem with { Status = status };
        }
        catch (JsonException)
        {
            // Not ours: a proxy's page, for example.
            return new() { Status = status, Title = response.ReasonPhrase };
        }
    }
}
