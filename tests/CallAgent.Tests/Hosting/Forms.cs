namespace CallAgent.Tests;

/// <summary>Forms sent as pages send them, and pages read as people do.</summary>
internal static class Forms
{
    /// <summary>The answer itself and not that of the page it leads to.</summary>
    public static async Task<HttpResponseMessage> PostFormAsync(this TestServer server, TestUser user, string path, params IEnumerable<(string Name, string Value)> fields)
    {
        using var http = server.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false });
        http.DefaultRequestHeaders.Authorization = user.Http.DefaultRequestHeaders.Authorization;
        return await http.PostAsync(path, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))));
    }

    /// <summary>A page with its entities read and its spaces joined.</summary>
    public static string Text(string page) =>
        string.Join(' ', System.Net.WebUtility.HtmlDecode(page).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
