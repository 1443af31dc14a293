using CallAgent.Client;

namespace CallAgent.Server;

internal static class ContactsApi
{
    public static void MapContacts(this IEndpointRouteBuilder app)
    {
        var contacts = app.MapGroup("/api/contacts").WithTags("Contacts");

        contacts.MapGet("/", async (ListRequest list, Workspace w, CancellationToken c) => Answers.Of(await w.Contacts.ListAsync(list.Query, c)))
            .Needs(Permission.Read).Lists(CallAgent.Contacts.Parameters)
            .WithName("ListContacts").WithSummary("List contacts");

        contacts.MapPost("/", async (CreateContact request, Workspace w, CancellationToken c) =>
                Answers.Created(await w.Contacts.CreateAsync(request, c), contact => $"/api/contacts/{contact.Id}"))
            .Needs(Permission.Work).WithName("CreateContact").WithSummary("Add a contact")
            .WithDescription("The phone number is kept in E.164 and is unique among the user's contacts.");

        contacts.MapGet("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Found(await w.Contacts.FindAsync(id, c)))
            .Needs(Permission.Read).WithName("GetContact").WithSummary("Get a contact");

        contacts.MapPatch("/{id:guid}", async (Guid id, UpdateContact request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Contacts.UpdateAsync(id, request, c)))
            .Needs(Permission.Work).WithName("UpdateContact").WithSummary("Change a contact")
            .WithDescription("Members left out stay as they are; null clears a field.");

        contacts.MapDelete("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Nothing(await w.Contacts.DeleteAsync(id, c)))
            .Needs(Permission.Work).WithName("DeleteContact").WithSummary("Delete a contact")
            .WithDescription("Its calls and conversations go with it, and its place in the plan is free again.");

        contacts.MapPost("/bulk", async (ChangeContacts request, Workspace w, CancellationToken c) => Answers.Of(await w.Contacts.ChangeAsync(request, c)))
            .Needs(Permission.Work).WithName("ChangeContacts").WithSummary("Change or delete many contacts")
            .WithDescription("One transaction: all of it is done or none. Ids that are not there are answered in not_found.");

        contacts.MapPut("/{id:guid}/tags/{tag}", async (Guid id, string tag, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Contacts.AddTagAsync(id, Unescape(tag), c)))
            .Needs(Permission.Work).WithName("AddTag").WithSummary("Tag a contact");

        contacts.MapDelete("/{id:guid}/tags/{tag}", async (Guid id, string tag, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Contacts.RemoveTagAsync(id, Unescape(tag), c)))
            .Needs(Permission.Work).WithName("RemoveTag").WithSummary("Take a tag off a contact");

        contacts.MapGet("/{id:guid}/timeline", async (Guid id, ListRequest list, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Contacts.TimelineAsync(id, list.Query, c)))
            .Needs(Permission.Read).Lists(CallAgent.Contacts.TimelineParameters)
            .WithName("GetTimeline").WithSummary("What happened to a contact")
            .WithDescription("Calls, conversations and changes, newest first.");
    }

    // A slash is the one character that an address keeps escaped.
    private static string Unescape(string tag) => tag.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
