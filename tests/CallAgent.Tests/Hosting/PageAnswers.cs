using System.Net;
using System.Net.Http.Headers;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace CallAgent.Tests;

/// <summary>Pages as a test asks for them, signed in by an access token, so that forms need none of their own.</summary>
internal static class PageAnswers
{
    /// <summary>A page, parsed.</summary>
    public static async Task<IHtmlDocument> PageAsync(this TestUser user, string path, int status = 200, string? cookie = null, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Accept", "text/html" } } };
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        var answer = await user.Http.SendAsync(request);
        return answer.StatusCode == HttpStatusCode.SeeOther
            ? await user.PageAsync(answer.Headers.Location!.OriginalString, status, cookie, token)
            : await answer.ReadPageAsync(status);
    }

    /// <summary>Sends a form as a browser would, and goes on to where the answer leads.</summary>
    public static async Task<HttpResponseMessage> SendFormAsync(this TestUser user, string path, params (string Name, string Value)[] fields)
    {
        var answer = await user.Http.PostAsync(path, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));
        return answer.StatusCode == HttpStatusCode.SeeOther ? await user.Http.GetAsync(answer.Headers.Location) : answer;
    }

    /// <summary>Sends a form and reads the page that answers.</summary>
    public static Task<IHtmlDocument> PostPageAsync(this TestUser user, string path, params (string Name, string Value)[] fields) => user.PostPageAsync(path, 200, fields);

    /// <summary>Sends a form that is answered with this status, and reads the page.</summary>
    public static async Task<IHtmlDocument> PostPageAsync(this TestUser user, string path, int status, params (string Name, string Value)[] fields) =>
        await (await user.SendFormAsync(path, fields)).ReadPageAsync(status);

    public static async Task<IHtmlDocument> ReadPageAsync(this HttpResponseMessage answer, int status = 200)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, $"Expected {status}, got {(int)answer.StatusCode}: {text}");
        return await new HtmlParser().ParseDocumentAsync(text);
    }
}
