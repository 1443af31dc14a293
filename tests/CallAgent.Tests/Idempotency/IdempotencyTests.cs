using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;

namespace CallAgent.Tests;

/// <summary>Requests that are sent again under their key (T-21).</summary>
public sealed class IdempotencyTests(TestServer server)
{
    [Fact]
    public async Task A_request_sent_again_is_answered_as_before_and_changes_nothing()
    {
        var user = await server.NewUserAsync();
        var (key, contact) = (NewKey(), NewContact());
        using var first = await PostAsync(user.Http, "/api/contacts", key, contact);
        using var second = await PostAsync(user.Http, "/api/contacts", key, contact);
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", Assert.Single(second.Headers.GetValues("Idempotency-Replayed")));
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(first.Content.Headers.ContentType, second.Content.Headers.ContentType);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(1, await ContactsAsync(user));
    }

    [Fact]
    public async Task Fifty_at_once_have_one_effect()
    {
        var user = await server.NewUserAsync();
        var (key, contact) = (NewKey(), NewContact());
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            using var answer = await PostAsync(user.Http, "/api/contacts", key, contact);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }));
        Assert.Equal(1, await ContactsAsync(user));
        Assert.All(answers, a => Assert.True(a.Item1 is 201 or 409, a.ToString()));
        Assert.Single(answers.Where(a => a.Item1 == 201).Select(a => a.Item2).Distinct());
        Assert.All(answers.Where(a => a.Item1 == 409), a => Assert.Contains("idempotency-key-running", a.Item2, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_belongs_to_one_request()
    {
        var user = await server.NewUserAsync();
        var key = NewKey();
        using var first = await PostAsync(user.Http, "/api/contacts", key, NewContact());
        using var otherBody = await PostAsync(user.Http, "/api/contacts", key, NewContact());
        using var otherRoute = await PostAsync(user.Http, "/api/campaigns", key, new JsonObject { ["name"] = "Spring" });
        Assert.All([otherBody, otherRoute], a => Assert.Equal(HttpStatusCode.UnprocessableEntity, a.StatusCode));
        Assert.Contains("idempotency-key-reused", await otherBody.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await ContactsAsync(user));
    }

    [Fact]
    public async Task A_key_belongs_to_who_sent_it()
    {
        var (user, other) = (await server.NewUserAsync(), await server.NewUserAsync());
        var (key, contact) = (NewKey(), NewContact());
        using var dialer = server.Anonymous();
        dialer.DefaultRequestHeaders.Add("X-API-Key", (await user.Api.ApiKeys.CreateAsync(new() { Name = "Dialer" })).Key);
        using var first = await PostAsync(user.Http, "/api/contacts", key, contact);
        using var foreign = await PostAsync(other.Http, "/api/contacts", key, contact);
        using var colleague = await PostAsync(dialer, "/api/contacts", key, contact);
        Assert.Equal(HttpStatusCode.Created, foreign.StatusCode);
        Assert.False(foreign.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(HttpStatusCode.Conflict, colleague.StatusCode);
        Assert.Contains("phone-number-taken", await colleague.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_refused_may_be_mended_under_the_same_key()
    {
        var user = await server.NewUserAsync();
        var taken = await user.NewContactAsync();
        var key = NewKey();
        using (var invalid = await PostAsync(user.Http, "/api/contacts", key, new JsonObject { ["phone_number"] = "none" }))
        {
            Assert.Equal(HttpStatusCode.BadRequest, invalid.StatusCode);
        }
        using (var conflict = await PostAsync(user.Http, "/api/contacts", key, new JsonObject { ["phone_number"] = taken.PhoneNumber }))
        {
            Assert.Equal(HttpStatusCode.Conflict, conflict.StatusCode);
        }
        using var mended = await PostAsync(user.Http, "/api/contacts", key, NewContact());
        Assert.Equal(HttpStatusCode.Created, mended.StatusCode);
        Assert.Equal(2, await ContactsAsync(user));
    }

    [Fact]
    public async Task Plan_limits_hold_for_requests_with_keys()
    {
        var user = await server.NewUserAsync();
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(async n =>
        {
            using var answer = await PostAsync(user.Http, "/api/campaigns", NewKey(), new JsonObject { ["name"] = $"Campaign {n}" });
            return answer.StatusCode;
        }));
        Assert.Equal(3, answers.Count(a => a == HttpStatusCode.Created));
        Assert.Equal(9, answers.Count(a => a == HttpStatusCode.Forbidden));
        Assert.Equal(3, (await user.Api.GetUsageAsync()).Figures.Campaigns);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("\"\"")]
    [InlineData("long")]
    public async Task A_key_that_is_none_is_refused_by_name(string key)
    {
        var user = await server.NewUserAsync();
        using var answer = await PostAsync(user.Http, "/api/contacts", key == "long" ? new('k', 256) : key, NewContact());
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("\"Idempotency-Key\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(0, await ContactsAsync(user));
    }

    [Fact]
    public async Task What_is_shown_once_is_not_readable_in_the_database()
    {
        var user = await server.NewUserAsync();
        var key = NewKey();
        using var answer = await PostAsync(user.Http, "/api/api-keys", key, new JsonObject { ["name"] = "Dialer" });
        var secret = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["key"]!.GetValue<string>();
        using var again = await PostAsync(user.Http, "/api/api-keys", key, new JsonObject { ["name"] = "Dialer" });
        Assert.Contains(secret, await again.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await using var db = server.Host.Database.Open(TenantScope.Of(user.Id));
        var kept = Assert.Single(await db.IdempotentRequests.AsNoTracking().ToListAsync());
        Assert.DoesNotContain(secret, System.Text.Encoding.UTF8.GetString(kept.Answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_uploaded_once()
    {
        var user = await server.NewUserAsync();
        var key = NewKey();
        for (var n = 0; n < 2; n++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/imports?filename=fair.csv") { Content = new StringContent("phone_number\n+14155550132\n", null, "text/csv") };
            request.Headers.Add("Idempotency-Key", key);
            using var answer = await user.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }
        Assert.Single((await user.Api.Imports.ListAsync()).Data);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_two_nodes_that_take_a_file_at_once_by_the_same_key_both_answer_the_first_and_refuse_another_file(bool isOther)
    {
        var user = await server.NewUserAsync();
        await using var unit = server.Host.As((await server.Host.SignIn.WithPasswordAsync(user.Registration.Email, user.Registration.Password)).OrThrow());
        byte[] fingerprint = new byte[32], theirs = [1, 2, 3];
        await using var ours = (await unit.Idempotency.BeginAsync("file", fingerprint, encloses: false)).Value;
        // The other node's, whose memory is not this one's.
        await using (var db = server.Host.Database.Open(TenantScope.Of(user.Id)))
        {
            db.IdempotentRequests.Add(new()
            {
                Id = ours.Id,
                Fingerprint = isOther ? [.. fingerprint.Select(_ => (byte)1)] : fingerprint,
                Answer = server.Host.IdempotencySeal.Close(theirs, [.. user.Id.ToByteArray(), .. ours.Id.ToByteArray()]),
                CreatedAt = TimeProvider.System.GetUtcNow(),
            });
            await db.SaveChangesAsync();
        }

        var kept = await ours.KeepAsync([4, 5, 6]);

        Assert.Equal(isOther ? "idempotency-key-reused" : null, kept.Problem?.Name);
        Assert.Equal(isOther ? null : theirs, isOther ? null : kept.Value);
    }

    /// <summary>Every POST of the API takes a key, is carried out as without, and is answered again alike.</summary>
    [Fact]
    public async Task Every_route_takes_a_key()
    {
        var kept = 0;
        foreach (var route in Routes.Of(server).Where(r => r is { Method: "POST", IsData: true }))
        {
            var estate = await Estate.CreateAsync(server);
            var request = route.FillOwn(estate, route.BodyOf(estate));
            var key = NewKey();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            using var first = await PostAsync(estate.User.Http, request.Path, key, request.Body, limit.Token);
            Assert.True((int)first.StatusCode < 500, $"{route.Name}: {first.StatusCode}");
            if (!first.IsSuccessStatusCode)
            {
                continue;
            }
            kept++;
            using var second = await PostAsync(estate.User.Http, request.Path, key, request.Body, limit.Token);
            if (second.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            {
                continue; // It took the sign-in or the role away, as it should.
            }
            Assert.True(first.StatusCode == second.StatusCode && second.Headers.Contains("Idempotency-Replayed"), $"{route.Name}: {second.StatusCode}");
            Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        }
        Assert.True(kept > 15, $"Only {kept} routes were carried out.");
    }

    private static string NewKey() => Guid.CreateVersion7().ToString();

    private static JsonObject NewContact() => new() { ["phone_number"] = TestUser.NewPhone() };

    private static async Task<long> ContactsAsync(TestUser user) => (await user.Api.GetUsageAsync()).Figures.Contacts;

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, string path, string key, JsonNode? body, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await http.SendAsync(request, cancellation);
    }
}
