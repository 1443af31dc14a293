using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>Files of contacts on their way into the account: uploaded, mapped, run, and undone where that is wanted.</summary>
public sealed class Imports
{
    private const int PreviewRows = 20;
    private const int LongestFileName = 255;

    private static readonly TimeSpan WatchPause = TimeSpan.FromMilliseconds(250);

    internal static readonly Listing<Import> Listing = new Listing<Import>("imports")
        .SortByCreation(i => i.Id)
        .FilterByEnum<Client.ImportState>("state", s => i => i.State == s);

    internal static readonly Listing<ImportRow> RowListing = new Listing<ImportRow>("import_rows", defaultSort: "number")
        .SortByNumber("number", r => r.Number)
        .FilterByEnum<Client.RowOutcome>("outcome", o => r => r.Outcome == o)
        .FilterByEnum<Client.RowUndo>("undo", u => r => r.Undo == u);

    /// <summary>What the list takes.</summary>
    public static ListParameters Parameters { get; } = Listing.Describe();

    /// <summary>What the list of an import's rows takes.</summary>
    public static ListParameters RowParameters { get; } = RowListing.Describe();

    private readonly Workspace workspace;

    internal Imports(Workspace workspace) => this.workspace = workspace;

    private CrmDb Db => workspace.Db;

    public Task<Result<Client.Page<Client.Import>>> ListAsync(Client.ListQuery? query = null, CancellationToken cancellation = default) =>
        Listing.ReadAsync(Db, workspace.Host.Cursors, query ?? new(), i => i.ToRecord(), cancellation);

    public async Task<Client.Import?> FindAsync(Guid id, CancellationToken cancellation = default) => (await ReadAsync(id, cancellation))?.ToRecord();

    /// <summary>
    /// Takes in a file of delimited text, read once and forwards at constant memory; nothing is imported yet. Encoding,
    /// delimiter and the meaning of columns are guessed.
    /// </summary>
    /// <param name="file">The bytes of the file.</param>
    /// <param name="fileName">What to call it.</param>
    /// <param name="encoding"><c>utf-8</c>, <c>utf-16le</c>, <c>utf-16be</c> or <c>windows-1252</c>; detected when absent.</param>
    /// <param name="cancellation">Gives up; nothing stays.</param>
    public async Task<Result<Client.Import>> UploadAsync(Stream file, string fileName, string? encoding = null, CancellationToken cancellation = default)
    {
        if (Text.Blank(fileName) is not { } name || Validation.OfText(name, LongestFileName) is not null)
        {
            return Problem.Invalid("filename", $"Must have 1 to {LongestFileName} characters.");
        }
        return encoding is null || TextFile.Encodings.Contains(encoding)
            ? await new ImportUpload(workspace, name).ReceiveAsync(file, encoding, cancellation)
            : Problem.Invalid("encoding", $"Must be one of: {string.Join(", ", TextFile.Encodings)}.");
    }

    /// <summary>Changes mapping and options of an import that has not run.</summary>
    public Task<Result<Client.Import>> UpdateAsync(Guid id, Client.UpdateImport request, CancellationToken cancellation = default) =>
        ChangeAsync(id, [Client.ImportState.Uploaded], import => Validation.Of(request) ?? ImportOptions.Apply(import, request), cancellation);

    /// <summary>The first rows as they would be stored, and what is wrong with them.</summary>
    public async Task<Result<Client.ImportPreview>> PreviewAsync(Guid id, CancellationToken cancellation = default)
    {
        if (await ReadAsync(id, cancellation) is not { } import)
        {
            return Problem.NotFound;
        }
        workspace.AuditRead(AuditActions.ImportRead, id);
        var found = await Db.ImportRows.AsNoTracking().Where(r => r.ImportId == id).OrderBy(r => r.Number).Take(PreviewRows).ToListAsync(cancellation);
        var batch = new ImportBatch(workspace, import, isDryRun: true);
        return new Client.ImportPreview { Rows = await batch.PreviewAsync(found.ConvertAll(batch.Prepare), cancellation) };
    }

    /// <summary>Begins to carry the import out, in the background; goes on where a cancelled or failed one stopped.</summary>
    public async Task<Result<Client.Import>> StartAsync(Guid id, Client.RunImport? request = null, CancellationToken cancellation = default)
    {
        var started = await StartAsync(id, request ?? new(), workspace.Now, cancellation);
        workspace.Host.Jobs.Wake();
        return started;
    }

    /// <summary>Carries the import out and answers when it is done: <see cref="StartAsync(Guid, Client.RunImport?, CancellationToken)"/> in process.</summary>
    public async Task<Result<Client.Import>> RunAsync(Guid id, Client.RunImport? request = null, CancellationToken cancellation = default)
    {
        var started = await StartAsync(id, request ?? new(), workspace.Now, cancellation);
        return started.Problem is null ? await WorkAsync(id, cancellation) : started;
    }

    /// <summary>Stops a running import after the rows in hand; what is done stays done.</summary>
    public async Task<Result<Client.Import>> CancelAsync(Guid id, CancellationToken cancellation = default) => await ChangeAsync(
        id, [Client.ImportState.Running, Client.ImportState.Cancelling], import =>
        {
            import.State = Client.ImportState.Cancelling;
            return null;
        }, cancellation);

    /// <summary>Takes an import back, in the background: what it created and what it updated, unless somebody changed it since.</summary>
    public async Task<Result<Client.Import>> UndoAsync(Guid id, CancellationToken cancellation = default)
    {
        var undoing = await ChangeAsync(
            id, [Client.ImportState.Completed, Client.ImportState.Cancelled, Client.ImportState.Failed], import =>
            {
                (import.State, import.FinishedAt, import.Actor) = (Client.ImportState.Undoing, null, workspace.Principal.ActorName);
                return Enqueue(id, workspace.Now);
            }, cancellation);
        workspace.Host.Jobs.Wake();
        return undoing;
    }

    /// <summary>The rows of the file with what became of them.</summary>
    public async Task<Result<Client.Page<Client.ImportRow>>> RowsAsync(Guid id, Client.ListQuery? query = null, CancellationToken cancellation = default)
    {
        if (await ReadAsync(id, cancellation) is not { } import)
        {
            return Problem.NotFound;
        }
        workspace.AuditRead(AuditActions.ImportRead, id);
        var onlyDone = query?.Filters.Count > 0;
        return await RowListing.ReadAsync(Db, workspace.Host.Cursors, query ?? new(), r => r.ToRecord(import), cancellation, id.ToString(),
            rows => rows.Where(r => r.ImportId == id && (!onlyDone || r.Number <= import.Done)));
    }

    /// <summary>Forgets an import with its rows. The contacts stay; they can no longer be taken back.</summary>
    public async Task<Problem?> DeleteAsync(Guid id, CancellationToken cancellation = default)
    {
        // Whatever stops the removal halfway, what is left is no import that could run.
        var marked = await ChangeAsync(id, ImportOptions.AtRest, import =>
        {
            (import.State, import.Problem) = (Client.ImportState.Undone, "It is being deleted.");
            return null;
        }, cancellation);
        if (marked.Problem is null)
        {
            await ImportExpiry.RemoveAsync(workspace, id, () => Task.CompletedTask, cancellation);
        }
        return marked.Problem;
    }

    /// <summary>The import whenever it has changed, until it comes to rest.</summary>
    public async IAsyncEnumerable<Client.Import> WatchAsync(Guid id, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        for (var version = 0; await ReadAsync(id, cancellation) is { } import; await Task.Delay(WatchPause, cancellation))
        {
            if (import.Version != version)
            {
                version = import.Version;
                yield return import.ToRecord();
            }
            if (ImportOptions.AtRest.Contains(import.State))
            {
                yield break;
            }
        }
    }

    internal Task<Import?> ReadAsync(Guid id, CancellationToken cancellation) => Db.Imports.AsNoTracking().FirstOrDefaultAsync(i => i.Id == id, cancellation);

    private Task<Result<Client.Import>> StartAsync(Guid id, Client.RunImport request, DateTimeOffset due, CancellationToken cancellation) => ChangeAsync(
        id, [Client.ImportState.Uploaded, Client.ImportState.Cancelled, Client.ImportState.Failed], import =>
        {
            if (!import.Mapping.Contains(ImportFields.Phone))
            {
                return Problem.Invalid("mapping", "No column becomes the phone_number.");
            }
            if (import.State == Client.ImportState.Uploaded)
            {
                import.Reset();
            }
            else if (request.DryRun)
            {
                return Problem.Invalid("dry_run", "Some rows are done already.");
            }
            (import.State, import.DryRun, import.StartedAt, import.FinishedAt) = (Client.ImportState.Running, request.DryRun, workspace.Now, null);
            (import.Problem, import.Actor) = (null, workspace.Principal.ActorName);
            return Enqueue(id, due);
        }, cancellation);

    // In the same save as the change that it carries out.
    private Problem? Enqueue(Guid id, DateTimeOffset due)
    {
        Db.Add(JobQueue.New(ImportRuns.Name, id, workspace.Now, due));
        return null;
    }

    // A worker of this installation may have taken the job meanwhile; then there is only to wait for it.
    private async Task<Result<Client.Import>> WorkAsync(Guid id, CancellationToken cancellation)
    {
        if (await workspace.Host.Jobs.TakeAsync(Db.UserId, ImportRuns.Name, id, cancellation) is { } lease)
        {
            await using var own = workspace.Host.As(workspace.Principal);
            while (await lease.ExtendAsync(cancellation) && await ImportRuns.StepAsync(own, lease, cancellation))
            {
            }
        }
        Client.Import? last = null;
        await foreach (var import in WatchAsync(id, cancellation))
        {
            last = import;
        }
        return last is null ? Problem.NotFound : last;
    }

    private Task<Result<Client.Import>> ChangeAsync(
        Guid id, Client.ImportState[] from, Func<Import, Problem?> change, CancellationToken cancellation) => workspace.RepeatAsync<Client.Import>(async () =>
        {
            if (await Db.Imports.FirstOrDefaultAsync(i => i.Id == id, cancellation) is not { } import)
            {
                return Problem.NotFound;
            }
            if (workspace.Check(import.Version) is { } stale)
            {
                return stale;
            }
            if (!from.Contains(import.State))
            {
                return Problem.Conflict("import-state", "The import is not in a state for this",
                    $"It is {import.State.ToText()}; this needs one that is {string.Join(" or ", from.Select(s => s.ToText()))}.");
            }
            return (change(import) ?? await Db.TrySaveAsync(cancellation)) is { } problem ? problem : import.ToRecord();
        });
}
