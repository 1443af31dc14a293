using System.Net.Http.Headers;
using System.Net.Http.Json;
using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>A user with one of everything, its canary in every text, and a client for each way of signing in.</summary>
internal sealed class Estate
{
    private Estate(TestUser user, string canary) => (User, Canary) = (user, canary);

    public TestUser User { get; }

    /// <summary>A word that stands in this user's rows and in nobody else's.</summary>
    public string Canary { get; }

    /// <summary>Ids by the name of the parameter that takes them; <c>id</c> by the first segment of the route.</summary>
    public Dictionary<string, Guid> Ids { get; } = [];

    public List<HttpClient> Credentials { get; } = [];

    /// <summary>Not the user's: somebody who operates the installation.</summary>
    public HttpClient Operator { get; private set; } = null!;

    /// <summary>Whoever may use this route.</summary>
    public HttpClient For(Routes route) => route.IsOperators ? Operator : User.Http;

    public static async Task<Estate> CreateAsync(TestServer server) => await OfAsync(server, await server.NewUserAsync());

    public static async Task<Estate> OfAsync(TestServer server, TestUser user)
    {
        var estate = new Estate(user, $"canary{Guid.CreateVersion7():N}");
        await estate.FillAsync();
        await estate.SignInAsync(server);
        estate.Ids["operator"] = estate.Ids["users"] = user.Id;
        var token = (await server.Host.Operators!.Accounts.AddAsync($"operator {Guid.CreateVersion7():N}")).OrThrow();
        estate.Operator = server.Anonymous();
        estate.Operator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await server.SettleAsync();
        return estate;
    }

    private async Task FillAsync()
    {
        var (api, text) = (User.Api, Canary);
        await api.Auth.UpdateProfileAsync(new() { FirstName = text, LastName = text, CompanyName = text });
        var campaign = await api.Campaigns.CreateAsync(new()
        {
            Name = text,
            Description = text,
            Stages = ["introduction", text, "closing"],
            ScriptTemplate = new Dictionary<string, StageScript> { ["introduction"] = new() { Script = $"{text} {{{{ contact.first_name }}}}", TransitionRules = new() { Keywords = [text] } } },
            DataCollectionFields = [text],
        });
        var contact = await api.Contacts.CreateAsync(new()
        {
            PhoneNumber = TestUser.NewPhone(),
            FirstName = text,
            LastName = text,
            Email = $"{text}@example.com",
            Company = text,
            Tags = [text],
            CustomFields = new Dictionary<string, System.Text.Json.JsonElement> { [text] = System.Text.Json.JsonSerializer.SerializeToElement(text) },
        });
        await api.Contacts.ListAsync(new() { Q = text });
        var call = await api.Calls.CreateAsync(new() { ContactId = contact.Id, CampaignId = campaign.Id, Notes = text });
        var collected = new Dictionary<string, System.Text.Json.JsonElement> { [text] = System.Text.Json.JsonSerializer.SerializeToElement(text) };
        var conversation = await api.Conversations.CreateAsync(new() { CallId = call.Id, CollectedData = collected });
        await api.Conversations.AppendTurnAsync(conversation.Id, new() { Speaker = Speaker.Contact, Text = text });
        var key = await api.ApiKeys.CreateAsync(new() { Name = text });
        var invitation = await api.Invitations.CreateAsync(new() { Email = $"{text}@example.com", Role = MemberRole.Viewer });
        await ImportAsync();
        await NoteOnceAsync(call.Id);
        (Ids["campaigns"], Ids["contacts"], Ids["calls"], Ids["conversations"], Ids["api-keys"]) =
            (campaign.Id, contact.Id, call.Id, conversation.Id, key.Id);
        await api.Auth.ChangeEmailAsync(new() { Email = $"new.{text}@example.com", Password = User.Registration.Password });
        Ids["invitations"] = invitation.Id;
        Ids["keys"] = key.Id;
        Ids["actor_id"] = (await api.Members.ListAsync()).Data[0].Id;
        (Ids["campaign_id"], Ids["contact_id"], Ids["call_id"], Ids["conversation_id"]) = (campaign.Id, contact.Id, call.Id, conversation.Id);
    }

    // An answer that is kept for whoever sends the request again.
    private async Task NoteOnceAsync(Guid call)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/calls/{call}/notes") { Content = JsonContent.Create(new { text = Canary }) };
        request.Headers.Add("Idempotency-Key", Canary);
        using var answer = await User.Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    // One file that waits, and one that has been imported: it changed a contact and added one.
    private async Task ImportAsync()
    {
        var (text, number) = (Canary, TestUser.NewPhone());
        // In the audit log, and no route is asked for it.
        Ids["resource_id"] = (await User.Api.Contacts.CreateAsync(new() { PhoneNumber = number, FirstName = text })).Id;
        var waiting = await User.UploadAsync($"Telefon,Notiz,Nr,{text}\n{TestUser.NewPhone()},{text},1,{text}\n", $"{text}.csv");
        Ids["imports"] = (await User.Api.Imports.UpdateAsync(waiting.Id, new() { Tags = new([text]) })).Id;
        var done = await User.UploadAsync($"phone,note\n{number},{text} again\n{TestUser.NewPhone()},{text}\nnone,{text}\n", $"{text}.csv");
        await User.Api.Imports.UpdateAsync(done.Id, new() { OnDuplicate = OnDuplicate.Update });
        await User.RunAsync(done.Id);
    }

    /// <summary>Of the last member, who signs in with a second factor.</summary>
    public string TotpSecret { get; private set; } = "";

    public IReadOnlyList<string> RecoveryCodes { get; private set; } = [];

    private async Task ProtectAsync(CallAgentClient member)
    {
        TotpSecret = (await member.TwoFactor.BeginAsync(new() { Password = Members.Password })).Secret;
        RecoveryCodes = (await member.TwoFactor.ConfirmAsync(new() { Code = Authenticator.Code(TotpSecret) })).Codes;
    }

    private async Task SignInAsync(TestServer server)
    {
        Credentials.Add(User.Http);
        var machine = server.Anonymous();
        machine.DefaultRequestHeaders.Add("X-API-Key", (await User.Api.ApiKeys.CreateAsync(new() { Name = Canary })).Key);
        Credentials.Add(machine);
        var browser = server.CreateClient();
        browser.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", $"Mozilla/5.0 {Canary}");
        await new CallAgentClient(browser).Auth.LoginAsync(new() { Email = User.Registration.Email, Password = User.Registration.Password });
        Credentials.Add(browser);
        Ids["sessions"] = (await new CallAgentClient(browser).Sessions.ListAsync()).Data.Single(s => s.IsCurrent).Id;
        foreach (var role in new[] { MemberRole.Agent, MemberRole.Viewer })
        {
            var email = await Members.AddAsync(server, User.Id, role);
            var token = await new CallAgentClient(server.Anonymous()).Auth.CreateTokenAsync(new() { Email = email, Password = Members.Password });
            var member = server.Anonymous();
            member.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.AccessToken);
            Credentials.Add(member);
            Ids["members"] = (await new CallAgentClient(User.Http).Members.ListAsync(new() { Filters = new Dictionary<string, string> { ["email"] = email } })).Data.Single().Id;
            await ProtectAsync(new CallAgentClient(member));
        }
    }
}

/// <summary>Further members of a user, without the way by an invitation.</summary>
internal static class Members
{
    public const string Password = "password123";

    /// <returns>The new member's e-mail address.</returns>
    public static async Task<string> AddAsync(TestServer server, Guid userId, MemberRole role)
    {
        await using var db = server.Host.Database.Open(TenantScope.Of(userId));
        var member = new Member
        {
            Email = $"{Guid.CreateVersion7():N}@example.com",
            Role = role,
            PasswordHash = await server.Host.Passwords.HashAsync(Password, CancellationToken.None),
            CreatedAt = DateTimeOffset.UnixEpoch,
            UpdatedAt = DateTimeOffset.UnixEpoch,
        };
        db.Add(member);
        await db.SaveChangesAsync();
        return member.Email;
    }
}

/// <summary>What an authenticator app shows.</summary>
internal static class Authenticator
{
    public static string Code(string secret, int stepsAhead = 0) =>
        new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(secret)).ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30 * stepsAhead));
}
