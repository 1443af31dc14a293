using System.Globalization;
using CallAgent.Client;
using Spectre.Console;

namespace CallAgent.Cli;

/// <summary>What each of the demo's companies sees.</summary>
internal static class DemoViews
{
    public static async Task ShowAsync(DemoCompany company, CancellationToken cancellation)
    {
        Run.Out.WriteLine();
        Run.Out.Write(new Rule($"[bold]{company.Name.EscapeMarkup()}[/]").LeftJustified());
        var dashboard = (await company.Workspace.Dashboards.GetAsync(cancellation: cancellation)).OrThrow();
        Run.Out.MarkupLineInterpolated(
            $"Signed in as {company.Data.Registration.Email}: {Many(dashboard.Stats.TotalCampaigns, "campaign")}, {Many(dashboard.Stats.TotalContacts, "contact")}, {Many(dashboard.Stats.TotalCalls, "call")} ({dashboard.Stats.CompletedCalls} completed), {Many(dashboard.Stats.TotalConversations, "conversation")}.");
        Run.Out.Write(await ContactsAsync(company, cancellation));
        await ShowConversationAsync(company, cancellation);
    }

    public static async Task ShowUsageAsync(IEnumerable<DemoCompany> companies, CancellationToken cancellation)
    {
        Run.Out.WriteLine();
        Run.Out.Write(new Rule("[bold]Usage against the plan[/]").LeftJustified());
        var table = new Table().RoundedBorder().AddColumns("Company", "Plan", "Campaigns", "Contacts", "Calls this month");
        foreach (var company in companies)
        {
            var usage = await company.Workspace.Dashboards.UsageAsync(cancellation);
            table.AddRow(
                company.Name.EscapeMarkup(), usage.Plan.ToString().ToLowerInvariant(),
                Of(usage.Figures.Campaigns, usage.Limits.Campaigns), Of(usage.Figures.Contacts, usage.Limits.Contacts),
                Of(usage.Figures.CallsThisMonth, usage.Limits.CallsPerMonth));
        }
        Run.Out.Write(table);
    }

    public static void ShowNextSteps()
    {
        Run.Out.WriteLine();
        Run.Out.WriteLine("Next: start the server with  dotnet run --project src/CallAgent.Server");
        Run.Out.WriteLine($"and sign in as {DemoData.Acme.Registration.Email} or {DemoData.Globex.Registration.Email}, password {DemoData.Password}.");
    }

    private static async Task<Table> ContactsAsync(DemoCompany company, CancellationToken cancellation)
    {
        var contacts = (await company.Workspace.Contacts.ListAsync(new() { Sort = "last_name" }, cancellation)).OrThrow();
        var table = new Table().RoundedBorder().AddColumns("Contact", "Company", "Phone", "Status", "Tags");
        foreach (var contact in contacts.Data)
        {
            table.AddRow(
                $"{contact.FirstName} {contact.LastName}".EscapeMarkup(), (contact.Company ?? "").EscapeMarkup(), contact.PhoneNumber,
                contact.Status.ToString().ToLowerInvariant(), string.Join(", ", contact.Tags).EscapeMarkup());
        }
        return table;
    }

    private static async Task ShowConversationAsync(DemoCompany company, CancellationToken cancellation)
    {
        var first = (await company.Workspace.Conversations.ListAsync(new() { Sort = "created_at", Limit = 1 }, cancellation)).OrThrow().Data;
        if (first is not [var newest] || await company.Workspace.Conversations.FindAsync(newest.Id, cancellation) is not { } conversation)
        {
            return;
        }
        Run.Out.WriteLine("A conversation, with the stage in which each line was said:");
        foreach (var turn in conversation.Transcript!)
        {
            var colour = turn.Speaker == Speaker.Agent ? "blue" : "green";
            Run.Out.MarkupLine($"  [grey]{turn.Stage,-22}[/][{colour}]{turn.Speaker,-8}[/]{turn.Text.EscapeMarkup()}");
        }
        Run.Out.MarkupLineInterpolated($"  [grey]collected:[/] {string.Join(", ", conversation.CollectedData.Select(d => $"{d.Key} = {d.Value}"))}");
    }

    private static string Of(long used, int? limit) =>
        $"{used} of {limit?.ToString("N0", CultureInfo.InvariantCulture) ?? "unlimited"}";

    private static string Many(long count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";
}
