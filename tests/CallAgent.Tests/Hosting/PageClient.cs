using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using CallAgent.Client;
using CallAgent.Server;

namespace CallAgent.Tests;

/// <summary>A person's browser without script: follows no redirect by itself, sends forms with their token.</summary>
internal sealed class PageClient(HttpClient http, Guid userId)
{
    public Guid UserId => userId;

    /// <summary>Signs a user's owner in by the session cookie.</summary>
    public static Task<PageClient> OfAsync(TestServer server, TestUser user) => SignInAsync(server, user.Id, user.Registration.Email, user.Registration.Password);

    /// <summary>A further member of the user.</summary>
    public static async Task<PageClient> OfMemberAsync(TestServer server, TestUser user, MemberRole role) =>
        await SignInAsync(server, user.Id, await Members.AddAsync(server, user.Id, role), Members.Password);

    public async Task<PageAnswer> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } };
        return await SendAsync(request);
    }

    /// <summary>Sends a form as the page at <paramref name="page"/> would.</summary>
    public async Task<PageAnswer> PostAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        var token = (await GetAsync(page)).Document.QuerySelector("meta[name=form-token]")?.GetAttribute("content") ?? "";
        using var request = new HttpRequestMessage(HttpMethod.Post, action)
        {
            Content = new FormUrlEncodedContent(fields.Append((FormToken.Field, token)).Select(f => KeyValuePair.Create(f.Item1, f.Item2))),
            Headers = { { "Accept", "text/html" } },
        };
        return await SendAsync(request);
    }

    private async Task<PageAnswer> SendAsync(HttpRequestMessage request)
    {
        using var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        return new(response.StatusCode, response.Headers.Location?.OriginalString, body, await new HtmlParser().ParseDocumentAsync(body));
    }

    private static async Task<PageClient> SignInAsync(TestServer server, Guid userId, string email, string password)
    {
        var http = server.CreateClient(new() { AllowAutoRedirect = false, BaseAddress = server.ClientOptions.BaseAddress });
        await new CallAgentClient(http).Auth.LoginAsync(new() { Email = email, Password = password });
        return new(http, userId);
    }
}

/// <summary>An answer to a page's request.</summary>
internal sealed record PageAnswer(HttpStatusCode Status, string? Location, string Body, IHtmlDocument Document)
{
    /// <summary>What a person reads, without the space between.</summary>
    public string Text => string.Join(' ', Document.QuerySelector("main")?.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? []);

    /// <summary>What is typed in a field.</summary>
    public string? Value(string name) => Document.QuerySelector($"[name='{name}']") switch
    {
        IHtmlInputElement input => input.Value,
        IHtmlTextAreaElement area => area.Value,
        IHtmlSelectElement select => select.Value,
        _ => null,
    };

    /// <summary>The error that stands at a field.</summary>
    public string? Error(string name) => Document.GetElementById($"field-{name}-error")?.TextContent.Trim();
}
