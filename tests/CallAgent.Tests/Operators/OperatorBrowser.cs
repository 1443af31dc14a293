using System.Net;
using System.Net.Http.Headers;
using CallAgent.Client;
using Microsoft.AspNetCore.Mvc.Testing.Handlers;

namespace CallAgent.Tests;

/// <summary>An operator: a browser at the console, and a program with the same token at the API.</summary>
internal sealed record OperatorBrowser(string Name, string Token, PageClient Pages, OperatorClient Api, HttpClient Http, CookieContainer Cookies)
{
    public static async Task<OperatorBrowser> OfAsync(TestServer server)
    {
        var name = $"operator {Guid.CreateVersion7():N}";
        var token = (await server.Host.Operators!.Accounts.AddAsync(name)).OrThrow();
        // Keeps cookies, each for the paths that it is for, and follows nothing by itself.
        var cookies = new CookieContainer();
        var http = server.CreateDefaultClient(server.ClientOptions.BaseAddress, new CookieContainerHandler(cookies));
        var pages = new PageClient(http, Guid.Empty);
        Assert.Equal("/operator", (await pages.PostAsync("/operator/sign-in", "/operator/sign-in", ("token", token))).Location);
        return new(name, token, pages, new OperatorClient(server.WithBearer(token)), http, cookies);
    }

    /// <summary>Goes in by the form on the user's page.</summary>
    public async Task ImpersonateAsync(Guid userId, string reason = "Ticket 4711", int minutes = 30)
    {
        var answer = await Pages.PostAsync($"/operator/users/{userId}", $"/operator/users/{userId}/impersonate", ("reason", reason), ("minutes", $"{minutes}"));
        Assert.True(answer.Location == "/dashboard", $"{answer.Status}: {answer.Text}");
    }

    /// <summary>The secret of the impersonation that the browser is in.</summary>
    public string ImpersonationCookie() => Cookies.GetCookies(Http.BaseAddress!)["callagent_impersonation"]!.Value;

    /// <summary>Whether the browser is inside a user's account.</summary>
    public async Task<bool> IsInsideAsync() => (await Pages.GetAsync("/contacts")).Status == HttpStatusCode.OK;
}

internal static class OperatorHttp
{
    public static HttpClient WithBearer(this TestServer server, string token)
    {
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    /// <summary>What the user's own audit log has, the newest first.</summary>
    public static async Task<IReadOnlyList<Client.AuditEntry>> AuditAsync(this TestServer server, TestUser user, string? resource = null)
    {
        await server.SettleAsync();
        var filters = resource is null ? new Dictionary<string, string>() : new() { ["resource"] = resource };
        return (await user.Api.Audit.ListAsync(new() { Limit = 200, Filters = filters })).Data;
    }
}
