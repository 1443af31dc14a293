using CallAgent.Client;

namespace CallAgent.Server;

internal static class ConversationsApi
{
    public static void MapConversations(this IEndpointRouteBuilder app)
    {
        var conversations = app.MapGroup("/api/conversations").WithTags("Conversations");

        conversations.MapGet("/", async (ListRequest list, Workspace w, CancellationToken c) => Answers.Of(await w.Conversations.ListAsync(list.Query, c)))
            .Needs(Permission.Read).Lists(CallAgent.Conversations.Parameters)
            .WithName("ListConversations").WithSummary("List conversations").WithDescription("Without their transcripts.");

        conversations.MapPost("/", async (CreateConversation request, Workspace w, CancellationToken c) =>
                Answers.Created(await w.Conversations.CreateAsync(request, c), conversation => $"/api/conversations/{conversation.Id}"))
            .Needs(Permission.Work).WithName("CreateConversation").WithSummary("Open a conversation")
            .WithDescription("Of a call, whose contact and campaign it takes, or of a contact alone.");

        conversations.MapGet("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Found(await w.Conversations.FindAsync(id, c)))
            .Needs(Permission.Read).WithName("GetConversation").WithSummary("Get a conversation with its transcript");

        conversations.MapPatch("/{id:guid}", async (Guid id, UpdateConversation request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Conversations.UpdateAsync(id, request, c)))
            .Needs(Permission.Work).WithName("UpdateConversation").WithSummary("Change a conversation");

        conversations.MapDelete("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Nothing(await w.Conversations.DeleteAsync(id, c)))
            .Needs(Permission.Work).WithName("DeleteConversation").WithSummary("Delete a conversation with its transcript");

        conversations.MapPost("/{id:guid}/turns", async (Guid id, AppendTurn request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Conversations.AppendTurnAsync(id, request, c)))
            .Needs(Permission.Work).WithName("AppendTurn").WithSummary("Add what was said")
            .WithDescription("Answers what was found in it, whether the stage changes and why, and the next line to say. "
                + "With a client_id it may be sent again without being added twice.");

        conversations.MapGet("/{id:guid}/turns", async (Guid id, ListRequest list, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Transcripts.ListAsync(id, list.Query, c)))
            .Needs(Permission.Read).Lists(Transcripts.Parameters).WithName("ListTurns").WithSummary("The transcript in pages")
            .WithDescription("In the order in which it was said. Whoever follows a conversation asks for the turns `after` the last position it has.");

        conversations.MapPatch("/{id:guid}/collected-data", async (Guid id, CollectData request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Conversations.CollectAsync(id, request, c)))
            .Needs(Permission.Work).WithName("CollectData").WithSummary("Change some of what was collected")
            .WithDescription("Fields left out stay as they are; null takes a field away.");

        conversations.MapGet("/{id:guid}/summary", async (Guid id, Workspace w, CancellationToken c) => Answers.Found(await w.Conversations.SummaryAsync(id, c)))
            .Needs(Permission.Read).WithName("GetSummary").WithSummary("A conversation in short");
    }
}
