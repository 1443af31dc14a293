namespace CallAgent.Server;

internal static class AuditApi
{
    public static void MapAudit(this IEndpointRouteBuilder app)
    {
        var audit = app.MapGroup("/api/audit").WithTags("Audit log");

        audit.MapGet("/", async (ListRequest list, Workspace w, CancellationToken c) => Answers.Of(await w.Audit.ListAsync(list.Query, c)))
            .Needs(Permission.Manage).Lists(AuditLog.Parameters).WithName("ListAudit").WithSummary("Who did what")
            .WithDescription("Every write, every read of personal data, every refusal and every sign-in, newest first. `from` and `to` are times. "
                + "Writes stand here as soon as they are answered; the others within about two seconds.");

        audit.MapGet("/chain", async (Workspace w, CancellationToken c) => TypedResults.Ok(await w.Audit.ChainAsync(c)))
            .Needs(Permission.Manage).WithName("GetAuditChain").WithSummary("Whether the log is whole")
            .WithDescription("How far the entries are sealed, and what a check of the newest 500 finds. The operator's `callagent audit verify` checks all.");

        audit.MapGet("/export", (ExportRequest export, Workspace w) => new ExportAnswer(w.Exports.Audit(export.Format, export.Query)))
            .Needs(Permission.Manage).Lists(AuditLog.Parameters with { IsExport = true })
            .Produces(200, contentType: "text/csv", additionalContentTypes: "application/jsonl").WithName("ExportAudit").WithSummary("Export the audit log")
            .WithDescription("Takes the filters of the list, and has no pages: it is written while it is read.");
    }
}
