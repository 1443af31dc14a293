using CallAgent.Client;

namespace CallAgent.Server;

internal static class CallsApi
{
    public static void MapCalls(this IEndpointRouteBuilder app)
    {
        var calls = app.MapGroup("/api/calls").WithTags("Calls");

        calls.MapGet("/", async (ListRequest list, Workspace w, CancellationToken c) => Answers.Of(await w.Calls.ListAsync(list.Query, c)))
            .Needs(Permission.Read).Lists(CallAgent.Calls.Parameters).WithName("ListCalls").WithSummary("List calls");

        calls.MapPost("/", async (CreateCall request, Workspace w, CancellationToken c) =>
                Answers.Created(await w.Calls.CreateAsync(request, c), call => $"/api/calls/{call.Id}"))
            .Needs(Permission.Work).WithName("CreateCall").WithSummary("Schedule a call")
            .WithDescription("It counts towards the plan's calls of the month; deleting it while it is scheduled gives the place back.");

        calls.MapGet("/running", async (Workspace w, CancellationToken c) => TypedResults.Ok(await w.Calls.RunningAsync(c)))
            .Needs(Permission.Read).WithName("ListRunningCalls").WithSummary("Your calls that go on")
            .WithDescription("Those that you, or this API key, have started and nobody has ended: at most the 20 newest.");

        calls.MapGet("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Found(await w.Calls.FindAsync(id, c)))
            .Needs(Permission.Read).WithName("GetCall").WithSummary("Get a call");

        calls.MapPatch("/{id:guid}", async (Guid id, UpdateCall request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Calls.UpdateAsync(id, request, c)))
            .Needs(Permission.Work).WithName("UpdateCall").WithSummary("Change a call")
            .WithDescription("A status must be a legal next one: scheduled → in_progress → completed, failed, no_answer or busy. "
                + "A call with a conversation belongs to the conversation's campaign (409 call-has-conversation).");

        calls.MapDelete("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Nothing(await w.Calls.DeleteAsync(id, c)))
            .Needs(Permission.Work).WithName("DeleteCall").WithSummary("Delete a call");

        calls.MapPost("/{id:guid}/start", async (Guid id, Workspace w, CancellationToken c) => Answers.Of(await w.Calls.StartAsync(id, c)))
            .Needs(Permission.Work).WithName("StartCall").WithSummary("Start a scheduled call")
            .WithDescription("A contact that was new becomes contacted. A number that no country has is not dialled (409).");

        calls.MapPost("/{id:guid}/end", async (Guid id, EndCall? request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Calls.EndAsync(id, request ?? new(), c)))
            .Needs(Permission.Work).WithName("EndCall").WithSummary("End a call that took place");

        calls.MapPost("/{id:guid}/fail", async (Guid id, FailCall? request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Calls.FailAsync(id, request ?? new(), c)))
            .Needs(Permission.Work).WithName("FailCall").WithSummary("End a call that did not take place");

        calls.MapPost("/{id:guid}/correct", async (Guid id, CorrectCall request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Calls.CorrectAsync(id, request, c)))
            .Needs(Permission.Work).WithName("CorrectCall").WithSummary("Correct how a call ended")
            .WithDescription("For what was noted wrongly. Figures follow, also those of the day on which it ended; its times stay. The contact's timeline says what it was before.");

        calls.MapPost("/{id:guid}/notes", async (Guid id, AppendNote request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Calls.AppendNoteAsync(id, request, c)))
            .Needs(Permission.Work).WithName("AppendNote").WithSummary("Add a line to a call's notes");
    }
}
