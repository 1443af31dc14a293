using System.Text.Json;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>Text that would be script if a page let it (S-07): in every field, on every page, in a real browser.</summary>
[Collection(BrowserTests.Name)]
public sealed class HostileTextTests(Chromium chromium)
{
    // Each sets window.hit when it runs.
    private static readonly string[] Corpus =
    [
        "<script>window.hit=1</script>",
        "\"><img src=x onerror=window.hit=1>",
        "'><svg onload=window.hit=1>",
        "javascript:window.hit=1",
        "</textarea><script>window.hit=1</script>",
        "</title><script>window.hit=1</script>",
        "{{ '<script>window.hit=1</script>' }}",
        "<a hx-get=/ hx-trigger=load hx-on:htmx:load=window.hit=1>x</a>",
        "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
        "\" autofocus onfocus=window.hit=1 x=\"",
        "<form><button formaction=javascript:window.hit=1>",
        "<base href=https://evil.example/><style>@import'//evil.example'</style>",
    ];

    [Fact]
    public async Task No_text_in_any_field_runs_on_any_page()
    {
        var user = await chromium.NewUserAsync(Plan.Enterprise);
        var ids = await WriteAsync(user);
        await using var window = await chromium.OpenAsync(user);
        await window.Context.AddInitScriptAsync("window.hit = 0");
        var findings = new List<string>();
        foreach (var page in PageWalk.Of(chromium.Server).Where(p => p is { Method: "GET", IsOpen: false } && !p.IsStream()))
        {
            foreach (var path in page.HasId ? PathsOf(page.Pattern, ids) : [page.Pattern, $"{page.Pattern}?q={Uri.EscapeDataString(Corpus[0])}"])
            {
                await window.GoAsync(path);
                await window.Page.WaitForTimeoutAsync(20);
                if (await window.Page.EvaluateAsync<int>("window.hit") != 0)
                {
                    findings.Add(path);
                }
            }
        }
        await window.PressAsync("Control+k");
        await window.Page.Locator("#palette input").FillAsync("script");
        await window.Page.WaitForTimeoutAsync(500);

        Assert.Equal(0, await window.Page.EvaluateAsync<int>("window.hit"));
        Assert.Empty(findings);
    }

    [Fact]
    public async Task A_page_that_lets_text_be_script_is_noticed()
    {
        await using var window = await chromium.OpenAsync();
        await window.Page.SetContentAsync($"<body>{Corpus[1]}</body>");
        await window.Page.WaitForFunctionAsync("window.hit === 1");
        window.Expect("");
    }

    // A member of that name, and a browser of the owner that says it is called that.
    private async Task<Guid> JoinAsync(TestUser user, string name)
    {
        var email = $"{Guid.CreateVersion7():N}@example.com";
        await user.Api.Invitations.CreateAsync(new() { Email = email, Role = MemberRole.Agent });
        var token = await chromium.Server.Mailbox.TokenAsync(email, "invites you");
        var member = (await chromium.Server.Host.Joining.AcceptAsync(new() { Token = token, Password = Members.Password, FirstName = name, LastName = name })).OrThrow();
        var owner = (await chromium.Server.Host.SignIn.WithPasswordAsync(user.Registration.Email, user.Registration.Password)).OrThrow();
        await chromium.Server.Host.SignIn.StartSessionAsync(owner, new(name, name));
        return member.MemberId!.Value;
    }

    private async Task<Dictionary<string, List<Guid>>> WriteAsync(TestUser user)
    {
        var ids = new Dictionary<string, List<Guid>> { ["contacts"] = [], ["campaigns"] = [], ["calls"] = [], ["conversations"] = [], ["imports"] = [], ["keys"] = [], ["members"] = [] };
        await user.Api.Auth.UpdateProfileAsync(new() { FirstName = Corpus[0], LastName = Corpus[1], CompanyName = Corpus[2] });
        foreach (var text in Corpus)
        {
            var campaign = await user.Api.Campaigns.CreateAsync(new()
            {
                Name = text,
                Description = text,
                ScriptTemplate = new Dictionary<string, StageScript> { ["introduction"] = new() { Script = $"{{{{ contact.first_name }}}} {(text.Contains("{{", StringComparison.Ordinal) ? "" : text)}", TransitionRules = new() { Keywords = [text] } } },
                DataCollectionFields = [text[..Math.Min(text.Length, 64)]],
            });
            var value = new Dictionary<string, JsonElement> { [text] = JsonSerializer.SerializeToElement(text) };
            var contact = await user.Api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone(), FirstName = text, LastName = text, Company = text, CustomFields = value });
            var call = await user.Api.Calls.CreateAsync(new() { ContactId = contact.Id, CampaignId = campaign.Id, Notes = text });
            await user.Api.Calls.StartAsync(call.Id);
            var conversation = await user.Api.Conversations.CreateAsync(new() { CallId = call.Id, CollectedData = value });
            await user.Api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = text });
            ids["keys"].Add((await user.Api.ApiKeys.CreateAsync(new() { Name = text })).Id);
            ids["members"].Add(await JoinAsync(user, text));
            using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($"Phone|Name|\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\nletters|x|\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"\n"));
            ids["imports"].Add((await user.Api.Imports.UploadAsync(file, text)).Id);
            ids["contacts"].Add(contact.Id);
            ids["campaigns"].Add(campaign.Id);
            ids["calls"].Add(call.Id);
            ids["conversations"].Add(conversation.Id);
        }
        return ids;
    }

    private static IEnumerable<string> PathsOf(string pattern, Dictionary<string, List<Guid>> ids)
    {
        var resource = pattern[..pattern.IndexOf("{id", StringComparison.Ordinal)].Trim('/').Split('/')[^1];
        return ids.GetValueOrDefault(resource)?.Select(id => System.Text.RegularExpressions.Regex.Replace(pattern, "\\{id[^}]*\\}", id.ToString())
            .Replace("{stage}", "introduction", StringComparison.Ordinal)) ?? [];
    }
}
