using System.Text.Json;
using CallAgent.Client;

namespace CallAgent.Server;

/// <summary>
/// The place where a call is made, and its forms. Each answers with the desk again, so that the script of the page can take
/// the parts that changed out of it, and a browser without script shows it whole.
/// </summary>
internal static class CallDeskRoutes
{
    private const int MostTurnsAtOnce = 100;

    public static void MapCallDesk(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/calls/{id:guid}", (Guid id, Workspace w, CancellationToken c) => ShowAsync(w, id, null, null, c)).Needs(Permission.Read);
        var desk = pages.MapGroup("/calls/{id:guid}");
        desk.MapPost("/status", (Guid id, PageForm form, Workspace w, CancellationToken c) => DoAsync(id, form, w, SetStatusAsync, c)).Needs(Permission.Work);
        desk.MapPost("/correct", (Guid id, PageForm form, Workspace w, CancellationToken c) => DoAsync(id, form, w, CorrectAsync, c)).Needs(Permission.Work);
        desk.MapPost("/stage", (Guid id, PageForm form, Workspace w, CancellationToken c) => DoAsync(id, form, w, SetStageAsync, c)).Needs(Permission.Work);
        desk.MapPost("/turns", (Guid id, PageForm form, Workspace w, CancellationToken c) => DoAsync(id, form, w, AddTurnsAsync, c)).Needs(Permission.Work);
        desk.MapPost("/collected", (Guid id, PageForm form, Workspace w, CancellationToken c) => DoAsync(id, form, w, CollectAsync, c)).Needs(Permission.Work);
        desk.MapPost("/keep", (Guid id, PageForm form, Workspace w, CancellationToken c) => DoAsync(id, form, w, (call, _, own, token) => own.CallDesks.KeepFindingsAsync(call, token), c)).Needs(Permission.Work);
        desk.MapPost("/notes", (Guid id, PageForm form, Workspace w, CancellationToken c) => DoAsync(id, form, w, SetNotesAsync, c)).Needs(Permission.Work);
        desk.MapPost("/outcome", (Guid id, PageForm form, Workspace w, CancellationToken c) => DoAsync(id, form, w, SetOutcomeAsync, c)).Needs(Permission.Work);
        desk.MapPost("/callback", CallBackAsync).Needs(Permission.Work);
        desk.MapPost("/cancel", CancelAsync).Needs(Permission.Work);
    }

    public static async Task<IResult> ShowAsync(Workspace w, Guid id, PageForm? form, Problem? problem, CancellationToken cancellation) =>
        await w.CallDesks.FindAsync(id, cancellation) is { } desk
            ? PageRoutes.Show<CallDeskPage>(new { Desk = desk, Form = form, Problem = problem }, problem?.Status ?? StatusCodes.Status200OK)
            : PageRoutes.ShowProblem(Problem.NotFound);

    private static async Task<IResult> DoAsync(
        Guid id, PageForm form, Workspace w, Func<Guid, PageForm, Workspace, CancellationToken, Task<Problem?>> change, CancellationToken cancellation) =>
        await change(id, form, w, cancellation) is { } problem
            ? await ShowAsync(w, id, form, problem, cancellation)
            : PageRoutes.Go($"/calls/{id}");

    private static async Task<Problem?> SetStatusAsync(Guid id, PageForm form, Workspace w, CancellationToken cancellation) => form.Choice<CallStatus>("status") switch
    {
        CallStatus.InProgress => (await w.Calls.StartAsync(id, cancellation)).Problem,
        // The clock of the page says how long the talk was, also when the answer came late.
        CallStatus.Completed => (await w.Calls.EndAsync(id, new() { DurationSeconds = form.Number("duration_seconds") }, cancellation)).Problem,
        CallStatus.NoAnswer => (await w.Calls.FailAsync(id, new() { Reason = "no_answer" }, cancellation)).Problem,
        CallStatus.Busy => (await w.Calls.FailAsync(id, new() { Reason = "busy" }, cancellation)).Problem,
        CallStatus.Failed => (await w.Calls.FailAsync(id, new() { Reason = form.Text("reason") }, cancellation)).Problem,
        _ => Problem.Invalid("status", "Is not something that a call can become."),
    };

    private static async Task<Problem?> CorrectAsync(Guid id, PageForm form, Workspace w, CancellationToken cancellation) => form.Choice<CallStatus>("status") is { } status
        ? (await w.Calls.CorrectAsync(id, new() { Status = status, Reason = form.Text("reason") }, cancellation)).Problem
        : Problem.Invalid("status", "Is not something that a call can have ended as.");

    private static async Task<Problem?> SetStageAsync(Guid id, PageForm form, Workspace w, CancellationToken cancellation)
    {
        var conversation = await w.CallDesks.ConversationAsync(id, cancellation);
        return conversation.Problem ?? (await w.Conversations.UpdateAsync(conversation.Value, new() { Stage = form["stage"] }, cancellation)).Problem;
    }

    // Each turn gets a name made of the form's, so that a form that is sent again adds nothing.
    private static async Task<Problem?> AddTurnsAsync(Guid id, PageForm form, Workspace w, CancellationToken cancellation)
    {
        if (form.Choice<Speaker>("speaker") is not { } speaker)
        {
            return Problem.Invalid("speaker", "Say who speaks.");
        }
        var turns = SpokenLines.Read(form["text"], speaker);
        if (turns.Count == 0)
        {
            return Problem.Invalid("text", "Type what was said.");
        }
        if (turns.Count > MostTurnsAtOnce)
        {
            return Problem.Invalid("text", $"Takes {MostTurnsAtOnce} turns at once. Send the rest after that.");
        }
        var conversation = await w.CallDesks.ConversationAsync(id, cancellation);
        if (conversation.Problem is not null)
        {
            return conversation.Problem;
        }
        var name = form.Text("client_id");
        for (var i = 0; i < turns.Count; i++)
        {
            var turn = turns[i] with { ClientId = name is null ? null : i == 0 ? name : $"{name}.{i}" };
            if ((await w.Conversations.AppendTurnAsync(conversation.Value, turn, cancellation)).Problem is { } problem)
            {
                return problem;
            }
        }
        return null;
    }

    private static async Task<Problem?> CollectAsync(Guid id, PageForm form, Workspace w, CancellationToken cancellation)
    {
        var conversation = await w.CallDesks.ConversationAsync(id, cancellation);
        if (conversation.Problem is not null)
        {
            return conversation.Problem;
        }
        var fields = Collected.Changes(form);
        return fields.Count == 0 ? null : (await w.Conversations.CollectAsync(conversation.Value, new() { Fields = fields }, cancellation)).Problem;
    }

    private static async Task<Problem?> SetNotesAsync(Guid id, PageForm form, Workspace w, CancellationToken cancellation) =>
        (await w.Calls.UpdateAsync(id, new() { Notes = form["notes"].ReplaceLineEndings("\n") }, cancellation)).Problem;

    private static async Task<Problem?> SetOutcomeAsync(Guid id, PageForm form, Workspace w, CancellationToken cancellation)
    {
        if (await w.Calls.FindAsync(id, cancellation) is not { } call)
        {
            return Problem.NotFound;
        }
        return form.Choice<ContactStatus>("contact_status") is { } status
            ? (await w.Contacts.UpdateAsync(call.ContactId, new() { Status = status }, cancellation)).Problem
            : Problem.Invalid("contact_status", "Choose one.");
    }

    private static async Task<IResult> CallBackAsync(Guid id, PageForm form, Visitor visitor, TimeProvider clock, Workspace w, CancellationToken cancellation)
    {
        if (await w.Calls.FindAsync(id, cancellation) is not { } call)
        {
            return PageRoutes.ShowProblem(Problem.NotFound);
        }
        var time = CallBackTimes.Read(form, visitor, clock);
        if (CallPages.CheckTime("callback_time", time, clock) is { } unclear)
        {
            return await ShowAsync(w, id, form, unclear, cancellation);
        }
        if (call.Status == CallStatus.Scheduled)
        {
            // It has not been made: it is this one that waits.
            var moved = await w.Calls.UpdateAsync(id, new() { ScheduledTime = new(time!.Value) }, cancellation);
            return moved.Problem is { } refused
                ? await ShowAsync(w, id, form, refused, cancellation)
                : PageRoutes.Go($"/calls/{id}", $"The call is moved to {visitor.Moment(moved.Value.ScheduledTime)}.");
        }
        var created = await w.Calls.CreateAsync(new() { ContactId = call.ContactId, CampaignId = call.CampaignId, ScheduledTime = time }, cancellation);
        return created.Problem is { } problem
            ? await ShowAsync(w, id, form, problem, cancellation)
            : PageRoutes.Go($"/calls/{id}", $"A call is scheduled for {visitor.Moment(created.Value.ScheduledTime)}.");
    }

    private static async Task<IResult> CancelAsync(Guid id, Workspace w, CancellationToken cancellation) =>
        await w.Calls.CancelAsync(id, cancellation) is { } problem
            ? await ShowAsync(w, id, null, problem, cancellation)
            : PageRoutes.Go("/calls", "The call is cancelled.");
}

/// <summary>What was collected, as forms send it: the fields <c>collected.…</c>, and a new one.</summary>
internal static class Collected
{
    private const string Prefix = "collected.";

    public static string NameOf(string field) => Prefix + field;

    public static Dictionary<string, JsonElement> Changes(PageForm form)
    {
        var fields = form.Names.Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(n => n[Prefix.Length..], n => Value(form.Text(n)));
        if (form.Text("new_field") is { } name)
        {
            fields[name] = Value(form.Text("new_value"));
        }
        return fields;
    }

    public static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : value.GetRawText();

    private static JsonElement Value(string? text) => JsonSerializer.SerializeToElement(text);
}
