using Spectre.Console;

namespace CallAgent.Cli;

/// <summary>One company tries to reach the other's data, by every way there is.</summary>
internal static class DemoAttack
{
    /// <returns>Whether every attempt failed.</returns>
    public static async Task<bool> ShowAsync(DemoCompany attacker, DemoCompany victim, CancellationToken cancellation)
    {
        var contact = (await victim.Workspace.Contacts.ListAsync(new() { Limit = 1 }, cancellation)).OrThrow().Data[0];
        var call = (await victim.Workspace.Calls.ListAsync(new() { Limit = 1 }, cancellation)).OrThrow().Data[0];
        var own = (await attacker.Workspace.Contacts.ListAsync(new() { Limit = 1 }, cancellation)).OrThrow().Data[0];
        var w = attacker.Workspace;

        var attempts = new (string What, bool Failed)[]
        {
            ("read a contact by its id", await w.Contacts.FindAsync(contact.Id, cancellation) is null),
            ("change it", (await w.Contacts.UpdateAsync(contact.Id, new() { FirstName = "Stolen" }, cancellation)).Problem?.Status == 404),
            ("tag it", (await w.Contacts.AddTagAsync(contact.Id, "stolen", cancellation)).Problem?.Status == 404),
            ("delete it", (await w.Contacts.DeleteAsync(contact.Id, cancellation))?.Status == 404),
            ("see its timeline", (await w.Contacts.TimelineAsync(contact.Id, cancellation: cancellation)).Problem?.Status == 404),
            ("schedule a call to it", (await w.Calls.CreateAsync(new() { ContactId = contact.Id }, cancellation)).Problem?.Status == 400),
            ("start the other's call", (await w.Calls.StartAsync(call.Id, cancellation)).Problem?.Status == 404),
            ("open a conversation between the other's call and an own contact",
                (await w.Conversations.CreateAsync(new() { CallId = call.Id, ContactId = own.Id }, cancellation)).Problem?.Status == 400),
            ("find it by its number in a list", (await w.Contacts.ListAsync(
                new() { Filters = new Dictionary<string, string> { ["phone_number"] = contact.PhoneNumber } }, cancellation)).OrThrow().Data
                .All(c => c.UserId == w.Principal.UserId)),
            ("list the other's calls by its contact", (await w.Calls.ListAsync(
                new() { Filters = new Dictionary<string, string> { ["contact_id"] = contact.Id.ToString() } }, cancellation)).OrThrow().Data.Count == 0),
        };

        Run.Out.WriteLine();
        Run.Out.Write(new Rule($"[bold]{attacker.Name.EscapeMarkup()} tries to reach {victim.Name.EscapeMarkup()}[/]").LeftJustified());
        var table = new Table().RoundedBorder().AddColumns("Attempt", "Outcome");
        foreach (var (what, failed) in attempts)
        {
            table.AddRow(what, failed ? "[green]refused, as if it did not exist[/]" : "[red]REACHED[/]");
        }
        var same = await victim.Workspace.Contacts.FindAsync(contact.Id, cancellation);
        var untouched = same is not null && same.UpdatedAt == contact.UpdatedAt;
        table.AddRow($"afterwards, {victim.Name.EscapeMarkup()}'s contact is", untouched ? "[green]untouched[/]" : "[red]CHANGED[/]");
        Run.Out.Write(table);
        return untouched && attempts.All(a => a.Failed);
    }
}
