using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using CallAgent.Client;
using Microsoft.AspNetCore.Http.Metadata;

namespace CallAgent.Tests;

/// <summary>Conditional requests on every route there is; a new one is covered the day it is added.</summary>
public sealed class ConditionTests(TestServer server)
{
    [Fact]
    public async Task Every_read_has_a_tag_and_is_not_sent_again_to_who_knows_it()
    {
        var estate = await Estate.CreateAsync(server);
        var routes = Routes.Of(server).Where(r => r.IsData && r.Method == "GET" && !IsStream(r)).ToList();

        Assert.True(routes.Count > 20, $"Only {routes.Count} routes were found.");
        foreach (var route in routes)
        {
            var path = route.FillOwn(estate).Path;
            using var first = await SendAsync(estate, "GET", path);
            Assert.True(first.StatusCode == HttpStatusCode.OK, $"{route.Name}: {(int)first.StatusCode}");
            var tag = first.Headers.ETag ?? throw new InvalidOperationException($"{route.Name} has no ETag.");

            Assert.False(tag.IsWeak, route.Name);
            using var known = await SendAsync(estate, "GET", path, ifNoneMatch: $"\"other\", W/{tag}");
            Assert.True(known.StatusCode == HttpStatusCode.NotModified, $"{route.Name}: {(int)known.StatusCode} to {tag}, now {known.Headers.ETag}");
            Assert.Equal(tag, known.Headers.ETag);
            Assert.Empty(await known.Content.ReadAsByteArrayAsync());
            Assert.Equal("nosniff", known.Headers.GetValues("X-Content-Type-Options").Single());
            using var other = await SendAsync(estate, "GET", path, ifNoneMatch: "\"other\"");
            Assert.True(other.StatusCode == HttpStatusCode.OK, route.Name);
            using var malformed = await SendAsync(estate, "GET", path, ifNoneMatch: "3");
            Assert.Contains("If-None-Match", (await malformed.ProblemAsync(400)).Errors!.Keys);
        }
    }

    [Fact]
    public async Task Every_change_of_one_record_is_refused_when_another_version_was_expected()
    {
        var estate = await Estate.CreateAsync(server);
        var before = await Snapshot.OfAsync(server.Database, estate.User.Id);
        var routes = Routes.Of(server).Where(r => r.IsData && r.Method != "GET" && IsOfOne(r)).ToList();

        Assert.True(routes.Count > 30, $"Only {routes.Count} routes were found.");
        foreach (var route in routes)
        {
            foreach (var tag in new[] { "\"999999\"", "W/\"1\"", "\"no version\"" })
            {
                using var stale = await SendAsync(estate, route, tag);
                Assert.True(stale.StatusCode == HttpStatusCode.PreconditionFailed, $"{route.Name} with {tag}: {(int)stale.StatusCode} {await stale.Content.ReadAsStringAsync()}");
                Assert.Equal("/problems/stale", (await stale.ProblemAsync(412)).Type);
            }
            using var malformed = await SendAsync(estate, route, "1");
            Assert.Contains("If-Match", (await malformed.ProblemAsync(400)).Errors!.Keys);
        }
        var after = await Snapshot.OfAsync(server.Database, estate.User.Id);
        Assert.Empty(before.Where(table => after[table.Key] != table.Value).Select(table => table.Key));
    }

    [Fact]
    public async Task Every_change_of_one_record_is_made_when_its_version_was_expected()
    {
        var estate = await Estate.CreateAsync(server);
        // What takes others with it comes last.
        var routes = Routes.Of(server).Where(r => r.IsData && r.Method != "GET" && IsOfOne(r)).OrderBy(r => r.Name switch
        {
            "DELETE /api/contacts/{id:guid}" => 3,
            "DELETE /api/calls/{id:guid}" => 2,
            _ => r.Method == "DELETE" ? 1 : 0,
        });

        foreach (var route in routes)
        {
            var tag = await TagAsync(estate, route);
            var answer = await SendAsync(estate, route, $"\"other\", {tag}");
            while (answer.StatusCode == HttpStatusCode.PreconditionFailed && await TagAsync(estate, route) is var later && later != tag)
            {
                // A running import changes by itself.
                (tag, answer) = (later, await SendAsync(estate, route, later));
            }
            // Some are not in a state for it now, and say so; none takes the version for another.
            Assert.True(answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Conflict, $"{route.Name} with {tag}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            if (answer.IsSuccessStatusCode && JsonNode.Parse(await TextAsync(answer))?["version"] is { } version)
            {
                Assert.Equal($"\"{version}\"", answer.Headers.ETag?.ToString());
            }
        }
    }

    [Fact]
    public async Task Conditions_that_a_route_cannot_keep_are_refused_and_not_left_aside()
    {
        var user = await server.NewUserAsync();
        var contact = await user.NewContactAsync();

        using var create = await SendAsync(user.Http, "POST", "/api/contacts", new JsonObject { ["phone_number"] = TestUser.NewPhone() }, ifMatch: "\"1\"");
        Assert.Contains("If-Match", (await create.ProblemAsync(400)).Errors!.Keys);
        using var write = await SendAsync(user.Http, "PATCH", $"/api/contacts/{contact.Id}", new JsonObject { ["company"] = "Navy" }, ifNoneMatch: "*");
        Assert.Contains("If-None-Match", (await write.ProblemAsync(400)).Errors!.Keys);
        using var any = await SendAsync(user.Http, "PATCH", $"/api/contacts/{contact.Id}", new JsonObject { ["company"] = "Navy" }, ifMatch: "*");
        Assert.Equal(HttpStatusCode.OK, any.StatusCode);
        using var nothing = await SendAsync(user.Http, "PATCH", $"/api/contacts/{Guid.CreateVersion7()}", new JsonObject { ["company"] = "Navy" }, ifMatch: "\"1\"");
        await nothing.ProblemAsync(404);
        using var read = await SendAsync(user.Http, "GET", $"/api/contacts/{contact.Id}", ifMatch: "\"1\"");
        await read.ProblemAsync(412);
    }

    [Fact]
    public async Task Of_many_who_change_the_same_version_at_once_one_does()
    {
        var user = await server.NewUserAsync();
        var (contact, campaign, conversation) = (await user.NewContactAsync(), await user.NewCampaignAsync(), await user.NewConversationAsync());
        var (call, profile) = (await user.NewCallAsync(), await user.Api.Auth.GetProfileAsync());

        await OneAsync(contact, (api, n) => api.Contacts.UpdateAsync(contact.Id, new() { Company = $"{n}" }));
        await OneAsync(campaign, (api, n) => api.Campaigns.UpdateAsync(campaign.Id, new() { Description = $"{n}" }));
        await OneAsync(call, (api, n) => api.Calls.AppendNoteAsync(call.Id, $"{n}"));
        await OneAsync(conversation, (api, n) => api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Agent, Text = $"{n}" }));
        // One of them changes the account and the others the member.
        await OneAsync(profile, (api, n) => api.Auth.UpdateProfileAsync(n == 0 ? new() { CompanyName = "New" } : new() { FirstName = $"{n}" }));

        Assert.Equal(1, (await user.Api.Conversations.GetAsync(conversation.Id)).TurnCount);

        async Task OneAsync(IVersionedRecord record, Func<CallAgentClient, int, Task> change)
        {
            var api = user.Api.IfVersion(record.Version);
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => StatusAsync(() => change(api, n))));
            Assert.Equal([200, .. Enumerable.Repeat(412, 7)], answers.Order());
        }
    }

    [Fact]
    public async Task A_record_has_another_tag_after_every_change_that_it_shows()
    {
        var user = await server.NewUserAsync();
        var campaign = await user.NewCampaignAsync();
        var conversation = await user.NewConversationAsync(campaign.Id);
        var call = await user.Api.Calls.GetAsync(conversation.CallId!.Value);

        var seen = new List<int> { (await ReadAsync()).Version };
        foreach (var speaker in new[] { Speaker.Agent, Speaker.Agent, Speaker.Contact })
        {
            await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = speaker, Text = "Yes." });
            seen.Add((await ReadAsync()).Version);
        }
        await user.Api.Campaigns.DeleteAsync(campaign.Id);
        seen.Add((await ReadAsync()).Version);

        Assert.Equal(seen.Distinct(), seen);
        Assert.True((await user.Api.Calls.GetAsync(call.Id)).Version > call.Version);

        Task<Client.Conversation> ReadAsync() => user.Api.Conversations.GetAsync(conversation.Id);
    }

    [Fact]
    public async Task The_document_names_the_conditions_of_every_route()
    {
        var document = JsonNode.Parse(await server.Anonymous().GetStringAsync("/openapi/v1.json"))!;
        foreach (var route in Routes.Of(server).Where(r => r.IsData && !IsStream(r) && (r.Method == "GET" || IsOfOne(r))))
        {
            var operation = document["paths"]![route.Pattern.Replace(":guid", "", StringComparison.Ordinal)]![route.Method.ToLowerInvariant()]!;
            var (header, status) = route.Method == "GET" ? ("If-None-Match", "304") : ("If-Match", "412");
            Assert.Contains(operation["parameters"]!.AsArray(), p => (string?)p!["name"] == header && (string?)p["in"] == "header");
            Assert.NotNull(operation["responses"]![status]);
        }
        Assert.NotNull(document["paths"]!["/api/contacts"]!["post"]!["responses"]!["201"]!["headers"]!["ETag"]);
    }

    // The current tag of what a route is about.
    private static async Task<string> TagAsync(Estate estate, Routes route)
    {
        var resource = route.Pattern.Split('/')[2];
        if (resource is "sessions" or "invitations")
        {
            return "\"1\"";
        }
        var path = resource == "auth" ? "/api/auth/profile" : $"/api/{resource}/{estate.Ids[resource]}";
        if (resource == "api-keys")
        {
            var keys = await new CallAgentClient(estate.User.Http).ApiKeys.ListAsync();
            return $"\"{keys.Data.Single(k => k.Id == estate.Ids[resource]).Version}\"";
        }
        using var answer = await SendAsync(estate, "GET", path);
        return answer.Headers.ETag!.ToString();
    }

    private static bool IsStream(Routes route) => route.Endpoint.Metadata.OfType<IProducesResponseTypeMetadata>()
        .Any(p => p.StatusCode == 200 && p.ContentTypes.Any(t => t.StartsWith("text/", StringComparison.Ordinal) || t == "application/zip"));

    private static bool IsOfOne(Routes route) => route.Pattern.Contains("{id", StringComparison.Ordinal) || route.Name == "PATCH /api/auth/profile";

    private static async Task<int> StatusAsync(Func<Task> request)
    {
        try
        {
            await request();
            return 200;
        }
        catch (CallAgentException e)
        {
            return e.Status;
        }
    }

    private static async Task<string> TextAsync(HttpResponseMessage answer) => await answer.Content.ReadAsStringAsync() is { Length: > 0 } text ? text : "null";

    private static Task<HttpResponseMessage> SendAsync(Estate estate, Routes route, string ifMatch)
    {
        var request = route.FillOwn(estate, route.BodyOf(estate));
        return SendAsync(estate.User.Http, request.Method, request.Path, request.Body, ifMatch: ifMatch);
    }

    private static Task<HttpResponseMessage> SendAsync(Estate estate, string method, string path, string? ifNoneMatch = null) =>
        SendAsync(estate.User.Http, method, path, ifNoneMatch: ifNoneMatch);

    private static Task<HttpResponseMessage> SendAsync(
        HttpClient http, string method, string path, JsonNode? body = null, string? ifMatch = null, string? ifNoneMatch = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : JsonContent.Create(body) };
        foreach (var (name, value) in new[] { ("If-Match", ifMatch), ("If-None-Match", ifNoneMatch) }.Where(h => h.Item2 is not null))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return http.SendAsync(request);
    }
}
