using CallAgent.Client;

namespace CallAgent.Tests;

/// <summary>Who is calling, as a script says it on the phone: a name, and never an address.</summary>
public sealed class SpokenNameTests(TestServer server)
{
    private const string Script = "This is {{ agent.name }} calling.";

    [Theory]
    [InlineData("Ada", "Lovelace", "This is Ada Lovelace calling.")]
    [InlineData("Ada", null, "This is Ada calling.")]
    [InlineData(null, "Lovelace", "This is Lovelace calling.")]
    public async Task A_member_is_called_by_its_name(string? first, string? last, string expected)
    {
        var preview = await (await NewMemberAsync(first, last)).Campaigns.PreviewAsync(new() { Script = Script });

        Assert.Equal(expected, preview.Script);
        Assert.Empty(preview.Missing);
    }

    [Fact]
    public async Task A_member_without_a_name_is_a_gap_and_not_an_address()
    {
        var api = await NewMemberAsync(null, null);

        var preview = await api.Campaigns.PreviewAsync(new() { Script = Script });
        Assert.Equal("This is  calling.", preview.Script);
        Assert.Equal(["agent.name"], preview.Missing);
        Assert.Equal("This is your team calling.", (await api.Campaigns.PreviewAsync(new() { Script = """This is {{ agent.name | default: "your team" }} calling.""" })).Script);

        // The next line of a call as well.
        var campaign = await api.Campaigns.CreateAsync(new() { Name = "x", ScriptTemplate = new Dictionary<string, StageScript> { ["introduction"] = new() { Script = Script } } });
        Assert.Equal(["agent.name"], (await api.Campaigns.GetScriptAsync(campaign.Id, "introduction")).Missing);
        var contact = await api.Contacts.CreateAsync(new() { PhoneNumber = TestUser.NewPhone() });
        var talk = await api.Conversations.CreateAsync(new() { ContactId = contact.Id, CampaignId = campaign.Id });
        var turn = await api.Conversations.AppendTurnAsync(talk.Id, new() { Speaker = Speaker.Agent, Text = "Hello" });
        Assert.Equal("This is  calling.", turn.Script);
        // The timeline says whose turn it was all the same.
        Assert.Contains("@", turn.Turn.Actor, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_is_called_by_the_name_of_its_key()
    {
        var user = await server.NewUserAsync();
        var key = await user.Api.ApiKeys.CreateAsync(new() { Name = "Robin" });
        var http = server.Anonymous();
        http.DefaultRequestHeaders.Add("X-API-Key", key.Key);

        Assert.Equal("This is Robin calling.", (await new CallAgentClient(http).Campaigns.PreviewAsync(new() { Script = Script })).Script);
    }

    [Fact]
    public async Task Code_in_process_has_no_name_to_say()
    {
        var user = await server.NewUserAsync();
        await using var workspace = (await server.Host.AsAsync(user.Id))!;

        var preview = await workspace.Campaigns.PreviewAsync(new() { Script = Script });

        Assert.Equal(["agent.name"], preview.Value.Missing);
    }

    private async Task<CallAgentClient> NewMemberAsync(string? first, string? last)
    {
        var registration = TestServer.NewRegistration() with { FirstName = first, LastName = last };
        var http = server.Anonymous();
        var api = new CallAgentClient(http);
        await api.Auth.RegisterAsync(registration);
        var token = await api.Auth.CreateTokenAsync(new() { Email = registration.Email, Password = registration.Password });
        http.DefaultRequestHeaders.Authorization = new("Bearer", token.AccessToken);
        return api;
    }
}
