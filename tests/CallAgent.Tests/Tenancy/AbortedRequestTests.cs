using System.Collections.Concurrent;

namespace CallAgent.Tests;

/// <summary>Giving up on requests never swaps answers (T-06).</summary>
public sealed class AbortedRequestTests(TestServer server)
{
    [Fact]
    public async Task An_answer_after_aborted_requests_is_the_callers_own()
    {
        var readers = await ReadersAsync();

        Assert.Empty(await ReadAsync(readers, 500));
        // The pool is back to normal: more at once than it could lack.
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 40).Select(i => readers[i % readers.Count].ReadAsync(CancellationToken.None))), Assert.Null);
    }

    [Fact]
    [Trait("kind", "long")]
    public async Task An_answer_after_many_aborted_requests_is_the_callers_own() => Assert.Empty(await ReadAsync(await ReadersAsync(), 10_000));

    [Fact]
    public async Task The_check_notices_a_swapped_answer()
    {
        var readers = await ReadersAsync();

        var swapped = readers.ConvertAll(r => r with { Http = readers.First(other => other.Marker != r.Marker).Http, Path = readers.First(other => other.Marker != r.Marker).Path });

        Assert.NotEmpty(await ReadAsync(swapped, 50));
    }

    private static async Task<ConcurrentBag<string>> ReadAsync(List<Reader> readers, int requests)
    {
        var (findings, answered) = (new ConcurrentBag<string>(), 0);
        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            using var patience = new CancellationTokenSource();
            patience.CancelAfter(TimeSpan.FromMicroseconds(Random.Shared.Next(100, 8_000)));
            try
            {
                if (await readers[i % readers.Count].ReadAsync(i % 5 == 0 ? CancellationToken.None : patience.Token) is { } finding)
                {
                    findings.Add(finding);
                }
                Interlocked.Increment(ref answered);
            }
            catch (OperationCanceledException)
            {
                // What was asked for.
            }
        });
        Assert.InRange(answered, 1, requests);
        return findings;
    }

    private async Task<List<Reader>> ReadersAsync()
    {
        var readers = new List<Reader>();
        for (var i = 0; i < 4; i++)
        {
            var (user, marker) = (await server.NewUserAsync(), $"marker{i}x");
            var contact = await user.NewContactAsync(marker);
            readers.Add(new(user.Http, marker, $"/api/contacts/{contact.Id}"));
            readers.Add(new(user.Http, marker, "/api/contacts?q=marker"));
        }
        return readers;
    }

    private sealed record Reader(HttpClient Http, string Marker, string Path)
    {
        /// <returns>What is wrong with the answer; <c>null</c> when nothing is.</returns>
        public async Task<string?> ReadAsync(CancellationToken cancellation)
        {
            using var answer = await Http.GetAsync(Path, cancellation);
            var body = await answer.Content.ReadAsStringAsync(cancellation);
            return answer.IsSuccessStatusCode && body.Contains(Marker, StringComparison.Ordinal) && body.Split("\"first_name\"").Length == 2
                ? null
                : $"{Path}: {(int)answer.StatusCode} {body}";
        }
    }
}
