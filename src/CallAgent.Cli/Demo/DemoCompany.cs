using CallAgent.Client;

namespace CallAgent.Cli;

/// <summary>One of the demo's companies, signed in and filled once.</summary>
internal sealed record DemoCompany(DemoData Data, Workspace Workspace) : IAsyncDisposable
{
    public string Name => Data.Registration.CompanyName!;

    public static async Task<DemoCompany> OpenAsync(CallAgentHost host, DemoData data, CancellationToken cancellation)
    {
        var registered = await host.RegisterAsync(data.Registration, cancellation);
        var isNew = registered.Problem is null;
        var principal = isNew
            ? registered.Value
            : (await host.SignIn.WithPasswordAsync(data.Registration.Email, DemoData.Password, cancellation: cancellation)).OrThrow();
        var company = new DemoCompany(data, host.As(principal));
        if (isNew)
        {
            await company.FillAsync(cancellation);
        }
        return company;
    }

    public ValueTask DisposeAsync() => Workspace.DisposeAsync();

    private async Task FillAsync(CancellationToken cancellation)
    {
        var campaigns = new List<Client.Campaign>();
        foreach (var type in Data.Campaigns)
        {
            campaigns.Add((await Workspace.Campaigns.CreateSampleAsync(type, cancellation)).OrThrow());
        }
        for (var i = 0; i < Data.Contacts.Length; i++)
        {
            var contact = (await Workspace.Contacts.CreateAsync(Data.Contacts[i], cancellation)).OrThrow();
            var call = (await Workspace.Calls.CreateAsync(
                new() { ContactId = contact.Id, CampaignId = campaigns[i % campaigns.Count].Id }, cancellation)).OrThrow();
            await PlayAsync(i, Data.Contacts[i], call, cancellation);
        }
    }

    // Every state of a call occurs, and some calls have a conversation.
    private async Task PlayAsync(int number, CreateContact contact, Client.Call call, CancellationToken cancellation)
    {
        switch (number % 6)
        {
            case 0 or 1:
                await Workspace.Calls.StartAsync(call.Id, cancellation);
                await TalkAsync(contact, call, cancellation);
                (await Workspace.Calls.EndAsync(call.Id, new() { DurationSeconds = 90 + number * 17 }, cancellation)).OrThrow();
                break;
            case 2:
                (await Workspace.Calls.FailAsync(call.Id, new() { Reason = "no_answer" }, cancellation)).OrThrow();
                break;
            case 3:
                (await Workspace.Calls.FailAsync(call.Id, new() { Reason = "busy" }, cancellation)).OrThrow();
                break;
            case 4:
                (await Workspace.Calls.StartAsync(call.Id, cancellation)).OrThrow();
                break;
            default:
                break;
        }
    }

    private async Task TalkAsync(CreateContact contact, Client.Call call, CancellationToken cancellation)
    {
        var conversation = (await Workspace.Conversations.CreateAsync(new() { CallId = call.Id }, cancellation)).OrThrow();
        foreach (var turn in DemoData.Talk(contact))
        {
            (await Workspace.Conversations.AppendTurnAsync(conversation.Id, turn, cancellation)).OrThrow();
        }
        (await Workspace.Contacts.UpdateAsync(call.ContactId, new() { Status = ContactStatus.Interested }, cancellation)).OrThrow();
    }
}
