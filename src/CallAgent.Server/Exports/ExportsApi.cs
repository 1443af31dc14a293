namespace CallAgent.Server;

internal static class ExportsApi
{
    private const string Description =
        "Takes the filters, the search and the order of the list, and has no pages: it is written while it is read. Values that a "
        + "spreadsheet would take for a formula begin with an apostrophe.";

    private const string Named = "The CSV has the contact's and the campaign's name in its last columns.";

    public static void MapExports(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/contacts/export", async (ExportRequest export, Workspace w, CancellationToken c) =>
                new ExportAnswer(await w.Exports.ContactsAsync(export.Format, export.Query, c)))
            .Exports(CallAgent.Contacts.Parameters, "Contacts").WithName("ExportContacts").WithSummary("Export contacts")
            .WithDescription($"{Description} Import takes the file back as it is.");

        app.MapGet("/api/campaigns/export", (ExportRequest export, Workspace w) => new ExportAnswer(w.Exports.Campaigns(export.Format, export.Query)))
            .Exports(Campaigns.Parameters, "Campaigns").WithName("ExportCampaigns").WithSummary("Export campaigns").WithDescription(Description);

        app.MapGet("/api/calls/export", (ExportRequest export, Workspace w) => new ExportAnswer(w.Exports.Calls(export.Format, export.Query)))
            .Exports(Calls.Parameters, "Calls").WithName("ExportCalls").WithSummary("Export calls").WithDescription($"{Description} {Named}");

        app.MapGet("/api/conversations/export", (ExportRequest export, Workspace w) => new ExportAnswer(w.Exports.Conversations(export.Format, export.Query)))
            .Exports(Conversations.Parameters, "Conversations").WithName("ExportConversations").WithSummary("Export conversations")
            .WithDescription($"{Description} With their transcripts, unlike the list. {Named}");

        app.MapGet("/api/account/export", (Workspace w) => new ExportAnswer(w.Exports.Account()))
            .Needs(Permission.Own).WithTags("Sign-in").Produces(200, contentType: "application/zip")
            .WithName("ExportAccount").WithSummary("Export the account")
            .WithDescription("Everything of the user in one zip, written while it is read: a record in each line (JSON Lines), lists also as CSV, and a manifest that "
                + "counts them. Passwords, keys and other secrets are left out.");
    }

    private static RouteHandlerBuilder Exports(this RouteHandlerBuilder route, ListParameters parameters, string tag) =>
        route.Needs(Permission.Read).Lists(parameters with { IsExport = true }).WithTags(tag).Produces(200, contentType: "text/csv", additionalContentTypes: "application/jsonl");
}
