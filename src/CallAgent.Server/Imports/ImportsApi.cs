using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using CallAgent.Client;

namespace CallAgent.Server;

internal static class ImportsApi
{
    public static void MapImports(this IEndpointRouteBuilder app)
    {
        var imports = app.MapGroup("/api/imports").WithTags("Imports");

        imports.MapGet("/", async (ListRequest list, Workspace w, CancellationToken c) => Answers.Of(await w.Imports.ListAsync(list.Query, c)))
            .Needs(Permission.Read).Lists(Imports.Parameters).WithName("ListImports").WithSummary("List imports");

        imports.MapPost("/", async (HttpRequest request, string? filename, string? encoding, Workspace w, CancellationToken c) =>
                Answers.Created(await ImportBody.ReceiveAsync(request, filename, encoding, w, c), import => $"/api/imports/{import.Id}"))
            .Needs(Permission.Work).WithMetadata(new TakesFile())
            .WithName("UploadImport").WithSummary("Upload a file of contacts")
            .WithDescription("The body is the file itself, of any size, or a form with one file. Nothing is imported yet: the answer says what each column was taken for.");

        imports.MapGet("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Found(await w.Imports.FindAsync(id, c)))
            .Needs(Permission.Read).WithName("GetImport").WithSummary("Get an import")
            .WithDescription("With how many rows did what: the four outcomes sum to the rows done, and at the end to the file.");

        imports.MapPatch("/{id:guid}", async (Guid id, UpdateImport request, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Imports.UpdateAsync(id, request, c)))
            .Needs(Permission.Work).WithName("UpdateImport").WithSummary("Change what becomes of an uploaded file")
            .WithDescription("Columns left out of the mapping stay as they are.");

        imports.MapGet("/{id:guid}/preview", async (Guid id, Workspace w, CancellationToken c) => Answers.Of(await w.Imports.PreviewAsync(id, c)))
            .Needs(Permission.Read).WithName("PreviewImport").WithSummary("The first rows as they would be stored, and what is wrong with them");

        imports.MapRuns();
        imports.MapReports();
    }

    private static void MapRuns(this RouteGroupBuilder imports)
    {
        imports.MapPost("/{id:guid}/run", async (Guid id, RunImport? request, Workspace w, CancellationToken c) =>
                Answers.Accepted(await w.Imports.StartAsync(id, request, c), import => $"/api/imports/{import.Id}"))
            .Needs(Permission.Work).WithName("RunImport").WithSummary("Carry an import out, in the background")
            .WithDescription("A dry run reports what would happen and changes nothing. An import that was cancelled or failed goes on where it stopped.");

        imports.MapPost("/{id:guid}/cancel", async (Guid id, Workspace w, CancellationToken c) =>
                Answers.Accepted(await w.Imports.CancelAsync(id, c), import => $"/api/imports/{import.Id}"))
            .Needs(Permission.Work).WithName("CancelImport").WithSummary("Stop a running import")
            .WithDescription("What is done stays done.");

        imports.MapPost("/{id:guid}/undo", async (Guid id, Workspace w, CancellationToken c) =>
                Answers.Accepted(await w.Imports.UndoAsync(id, c), import => $"/api/imports/{import.Id}"))
            .Needs(Permission.Work).WithName("UndoImport").WithSummary("Take an import back, in the background")
            .WithDescription("Removes the contacts it created and restores those it updated, unless somebody has changed or called them since; those are counted as kept.");

        imports.MapDelete("/{id:guid}", async (Guid id, Workspace w, CancellationToken c) => Answers.Nothing(await w.Imports.DeleteAsync(id, c)))
            .Needs(Permission.Work).WithName("DeleteImport").WithSummary("Forget an import with its rows")
            .WithDescription("The contacts stay; they can no longer be taken back. After 30 days this happens by itself.");
    }

    private static void MapReports(this RouteGroupBuilder imports)
    {
        imports.MapGet("/{id:guid}/rows", async (Guid id, ListRequest list, Workspace w, CancellationToken c) =>
                Answers.Of(await w.Imports.RowsAsync(id, list.Query, c)))
            .Needs(Permission.Read).Lists(Imports.RowParameters).WithName("ListImportRows").WithSummary("The rows of the file with what became of them");

        imports.MapGet("/{id:guid}/failed.csv", async (Guid id, Workspace w, CancellationToken c) => new ExportAnswer(await w.Exports.FailedRowsAsync(id, c)))
            .Needs(Permission.Read).Produces(200, contentType: "text/csv").WithName("DownloadFailedRows").WithSummary("The rows that failed, as a file")
            .WithDescription("In the columns of the file, with the reason: to be mended and uploaded again.");

        imports.MapGet("/{id:guid}/events", FollowAsync)
            .Needs(Permission.Read).Produces<Client.Import>(200, "text/event-stream").WithName("WatchImport").WithSummary("The import whenever it has changed")
            .WithDescription("Server-sent events named `import`; the stream ends when the import comes to rest.");
    }

    private static async Task<IResult> FollowAsync(Guid id, HttpContext context, Workspace workspace, CallAgentHost host, CancellationToken cancellation)
    {
        if (await workspace.Imports.FindAsync(id, cancellation) is null)
        {
            return Problem.NotFound.ToAnswer();
        }
        // Counts among the member's live connections.
        var feed = host.Live.Follow(workspace.Principal, LiveTopics.Imports);
        return feed.Problem is { } problem ? problem.ToAnswer() : TypedResults.ServerSentEvents(EventsAsync(context, workspace, id, feed.Value, cancellation));
    }

    // A server that stops ends the stream, and so does the end of the credential; whoever follows asks another server, or signs in.
    private static async IAsyncEnumerable<SseItem<Client.Import>> EventsAsync(
        HttpContext context, Workspace workspace, Guid id, LiveFeed feed, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using (feed)
        {
            var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, cancellation);
            var credential = EndWithCredentialAsync(context, end);
            try
            {
                await using var changes = workspace.Imports.WatchAsync(id, end.Token).GetAsyncEnumerator(end.Token);
                while (await NextAsync(changes, cancellation))
                {
                    yield return new(changes.Current, "import");
                }
            }
            finally
            {
                await end.CancelAsync();
                await credential.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Also where nobody can say whether it is in force.
    private static async Task EndWithCredentialAsync(HttpContext context, CancellationTokenSource end)
    {
        try
        {
            await LiveEvents.UntilOverAsync(context, end.Token);
        }
        finally
        {
            await end.CancelAsync();
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<Client.Import> changes, CancellationToken cancellation)
    {
        try
        {
            return await changes.MoveNextAsync();
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
