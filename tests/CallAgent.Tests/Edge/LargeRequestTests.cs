using System.Diagnostics;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>A server with the settings it has when nobody says anything.</summary>
public sealed class PlainServer : IAsyncLifetime
{
    private readonly TestDatabase database = TestDatabase.Create();

    internal ServerProcess Process { get; private set; } = null!;

    internal HttpClient User { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Process = await ServerProcess.StartAsync(database);
        var (http, registration) = (new HttpClient { BaseAddress = Process.Address }, TestServer.NewRegistration());
        await new CallAgentClient(http).Auth.RegisterAsync(registration);
        var token = await new CallAgentClient(http).Auth.CreateTokenAsync(new() { Email = registration.Email, Password = registration.Password });
        User = new HttpClient(new SocketsHttpHandler { UseCookies = false, Expect100ContinueTimeout = TimeSpan.FromSeconds(5) }) { BaseAddress = Process.Address };
        User.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
    }

    public async ValueTask DisposeAsync()
    {
        User.Dispose();
        await Process.DisposeAsync();
        database.Dispose();
    }
}

/// <summary>Huge and deep input is refused at once, and memory stays bounded (S-01).</summary>
public sealed class LargeRequestTests(PlainServer server) : IClassFixture<PlainServer>
{
    private const int Megabyte = 1024 * 1024;
    private const long MostGrowth = 160L * Megabyte;

    // On an idle machine all of this is answered within a second; the tests share theirs.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("/api/contacts")]
    [InlineData("/api/contacts/bulk")]
    [InlineData("/api/campaigns")]
    [InlineData("/api/auth/login")]
    [InlineData("/api/auth/register")]
    public async Task A_body_that_is_too_large_is_refused_whether_its_length_is_told_or_not(string path)
    {
        // Where it is not told, little more than is taken: who goes on sending is cut off, and may miss the answer.
        foreach (var body in new[] { new Endless(8 * Megabyte, isTold: true), new Endless(Megabyte + 32 * 1024, isTold: false) })
        {
            using var answer = await SendAsync(HttpMethod.Post, path, body);
            Assert.Equal("/problems/body-too-large", (await answer.ProblemAsync(413)).Type);
        }
    }

    [Fact]
    public async Task Headers_and_addresses_that_are_too_large_are_refused()
    {
        using var large = await SendAsync(HttpMethod.Get, "/api/contacts", headers: [("X-Large", new string('x', 40 * 1024))]);
        Assert.Equal("/problems/headers-too-large", (await large.ProblemAsync(431)).Type);
        using var many = await SendAsync(HttpMethod.Get, "/api/contacts", headers: [.. Enumerable.Range(0, 150).Select(n => ($"X-{n}", "x"))]);
        await many.ProblemAsync(431);
        using var longer = await SendAsync(HttpMethod.Get, $"/api/contacts?q={new string('x', 10 * 1024)}");
        Assert.Equal("/problems/address-too-long", (await longer.ProblemAsync(414)).Type);
        // What is larger still never comes so far that it could be answered in our form.
        using var huge = await SendAsync(HttpMethod.Get, "/api/contacts", headers: [("X-Large", new string('x', 200 * 1024))]);
        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, huge.StatusCode);
        using var endless = await SendAsync(HttpMethod.Get, $"/api/contacts?q={new string('x', 60 * 1024)}");
        Assert.Equal(HttpStatusCode.RequestUriTooLong, endless.StatusCode);
    }

    [Fact]
    public async Task What_is_deep_or_of_very_many_parts_is_refused()
    {
        foreach (var body in new[]
        {
            new string('[', Megabyte - 1),
            $$"""{"phone_number":"+14155550132","custom_fields":{"a":{{new string('[', 65)}}{{new string(']', 65)}} } }""",
            $$"""{"phone_number":"+14155550132","custom_fields":{ {{string.Join(',', Enumerable.Range(0, 80_000).Select(n => $"\"{n}\":1"))}} } }""",
            $$"""{"phone_number":"+14155550132","tags":[{{string.Join(',', Enumerable.Repeat("\"a\"", 200_000))}}]}""",
            $$"""{"phone_number":"{{new string('1', Megabyte - 100)}}"}""",
            $$"""{ {{string.Join(',', Enumerable.Range(0, 80_000).Select(n => $"\"{n}\":1"))}} }""",
        })
        {
            using var answer = await SendAsync(HttpMethod.Post, "/api/contacts", new StringContent(body, Encoding.UTF8, "application/json"));
            await answer.ProblemAsync(400);
        }
        using var ids = await SendAsync(HttpMethod.Post, "/api/contacts/bulk", new StringContent(
            $$"""{"delete":true,"ids":[{{string.Join(',', Enumerable.Repeat($"\"{Guid.CreateVersion7()}\"", 20_000))}}]}""", Encoding.UTF8, "application/json"));
        Assert.Contains("ids", (await ids.ProblemAsync(400)).Errors!.Keys);
    }

    [Theory]
    [InlineData("/api/contacts", "application/json")]
    [InlineData("/api/imports", "text/csv")]
    [InlineData("/api/auth/login", "application/json")]
    public async Task A_packed_body_is_refused_unread(string path, string type)
    {
        var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            await gzip.WriteAsync(new byte[64 * Megabyte]);
        }
        foreach (var encoding in new[] { "gzip", "br", "deflate", "zstd", "identity, gzip" })
        {
            var content = new ByteArrayContent(packed.ToArray());
            content.Headers.ContentType = new MediaTypeHeaderValue(type);
            content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
            using var answer = await SendAsync(HttpMethod.Post, path, content);
            Assert.Equal("/problems/unsupported-media-type", (await answer.ProblemAsync(415)).Type);
            Assert.Equal("identity", answer.Headers.GetValues("Accept-Encoding").Single());
        }
    }

    [Fact]
    public async Task Many_large_bodies_at_once_need_little_memory()
    {
        var before = server.Process.PeakMemory;

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async n =>
        {
            try
            {
                using var answer = await SendAsync(HttpMethod.Post, "/api/contacts", new Endless(64 * Megabyte, isTold: n % 2 == 0));
                return answer.StatusCode;
            }
            catch (HttpRequestException e) when (e.GetBaseException() is SocketException or IOException)
            {
                // Who goes on sending is cut off, and may miss the answer.
                return HttpStatusCode.RequestEntityTooLarge;
            }
        }));

        Assert.All(answers, status => Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status));
        using var alive = await SendAsync(HttpMethod.Get, "/health/ready");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        var grown = server.Process.PeakMemory - before;
        Assert.True(grown < MostGrowth, $"The server's memory grew by {grown / Megabyte} MiB.");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        var message = new HttpRequestMessage(method, path) { Content = body };
        // The server closes the connection on who sends too much; asked first, it says why.
        message.Headers.ExpectContinue = body is not null;
        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
        var watch = Stopwatch.StartNew();
        var answer = await server.User.SendAsync(message);
        Assert.True(watch.Elapsed < Patience, $"It took {watch.Elapsed}.");
        return answer;
    }

    /// <summary>A text in quotes that goes on and on, as JSON.</summary>
    private sealed class Endless : HttpContent
    {
        private readonly long length;
        private readonly bool isTold;

        public Endless(long length, bool isTold)
        {
            (this.length, this.isTold) = (length, isTold);
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var piece = new byte[16 * 1024];
            Array.Fill(piece, (byte)'x');
            piece[0] = (byte)'"';
            for (var sent = 0L; sent < length; sent += piece.Length)
            {
                await stream.WriteAsync(piece);
                piece[0] = (byte)'x';
            }
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return isTold;
        }
    }
}
