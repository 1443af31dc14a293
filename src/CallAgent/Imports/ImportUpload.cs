using System.Text;
using Microsoft.EntityFrameworkCore;

namespace CallAgent;

/// <summary>
/// Takes a file in: reads it once, at constant memory, and keeps its rows as they are in batches. When anything is wrong
/// with the file as a whole, or it does not arrive whole, nothing of it stays.
/// </summary>
internal sealed class ImportUpload(Workspace workspace, string fileName)
{
    private const int BatchRows = 1_000;
    private const int BatchChars = 1_000_000;

    private readonly List<ImportRow> batch = [];
    private Import import = null!;
    private Job expiry = null!;
    private int batchChars;
    private int ragged;

    private CrmDb Db => workspace.Db;

    public async Task<Result<Client.Import>> ReceiveAsync(Stream stream, string? encoding, CancellationToken cancellation)
    {
        TextFile? file = null;
        try
        {
            file = await TextFile.OpenAsync(stream, encoding, cancellation);
            var problem = await BeginAsync(file, cancellation) ?? await ReadRowsAsync(file, cancellation) ?? await EndAsync(cancellation);
            if (problem is null)
            {
                return import.ToRecord();
            }
            await DropAsync();
            return problem;
        }
        catch (InvalidDataException e)
        {
            await DropAsync();
            return Problem.Invalid("file", e.Message);
        }
        catch (DecoderFallbackException)
        {
            await DropAsync();
            return Problem.Invalid("file", $"Near line {file!.Reader.Line} it is not {file.EncodingName}. Save it as UTF-8, or say its encoding: {string.Join(", ", TextFile.Encodings)}.");
        }
        catch
        {
            await DropAsync();
            throw;
        }
        finally
        {
            file?.Dispose();
        }
    }

    private async Task<Problem?> BeginAsync(TextFile file, CancellationToken cancellation)
    {
        if (await file.Reader.ReadAsync(cancellation) is not { } first)
        {
            return Problem.Invalid("file", "Has no rows.");
        }
        var (now, region) = (workspace.Now, workspace.Principal.DefaultRegion);
        var hasNames = !ImportFields.IsData(first, region);
        var names = ImportFields.NameColumns([.. first.Select(cell => hasNames ? CsvText.Restore(cell) : "")]);
        import = new Import
        {
            Id = Guid.CreateVersion7(now),
            FileName = fileName,
            Encoding = file.EncodingName,
            Delimiter = file.Delimiter.ToString(),
            Columns = names,
            Mapping = ImportFields.Guess(names, hasNames ? null : first, region),
            State = Client.ImportState.Uploading,
            DefaultRegion = region,
            Actor = workspace.Principal.ActorName,
            CreatedAt = now,
            UpdatedAt = now,
        };
        expiry = JobQueue.New(ImportExpiry.Name, import.Id, now, now + ImportExpiry.UploadPatience);
        Db.AddRange(import, expiry);
        return await Db.TrySaveAsync(cancellation) ?? (hasNames ? null : await AddAsync(first, cancellation));
    }

    private async Task<Problem?> ReadRowsAsync(TextFile file, CancellationToken cancellation)
    {
        while (await file.Reader.ReadAsync(cancellation) is { } cells)
        {
            if (await AddAsync(cells, cancellation) is { } problem)
            {
                return problem;
            }
        }
        return import.Rows == 0 ? Problem.Invalid("file", "Has a header and no rows.") : await FlushAsync(cancellation);
    }

    private async Task<Problem?> AddAsync(List<string> cells, CancellationToken cancellation)
    {
        import.Rows++;
        ragged += cells.Count == import.Columns.Count ? 0 : 1;
        for (var i = 0; i < cells.Count; i++)
        {
            cells[i] = CsvText.Restore(cells[i]);
            batchChars += cells[i].Length;
        }
        batch.Add(new() { ImportId = import.Id, Number = import.Rows, Cells = cells });
        if (PlanLimits.Of(workspace.Principal.Plan).ImportRows is { } most && import.Rows > most)
        {
            var plan = workspace.Principal.Plan;
            return Problem.LimitReached(plan, "import_rows", most, import.Rows, $"The {plan.ToText()} plan allows files of {most} rows.");
        }
        if (batch.Count < BatchRows && batchChars < BatchChars)
        {
            return null;
        }
        await KeepAsync(cancellation);
        return await FlushAsync(cancellation);
    }

    private async Task<Problem?> FlushAsync(CancellationToken cancellation)
    {
        if (ragged > import.Rows / 2)
        {
            return Problem.Invalid("file", $"Most rows do not have as many values as the first one, which has {import.Columns.Count}. Is it delimited text?");
        }
        await using var transaction = await Db.BeginWriteAsync(cancellation);
        await Db.CommitLazilyAsync(cancellation);
        Db.AddInBulk(batch.ToList());
        batch.Clear();
        batchChars = 0;
        var problem = await Db.TrySaveAsync(cancellation);
        if (problem is null)
        {
            await transaction.CommitAsync(cancellation);
        }
        return problem;
    }

    // An upload that goes on is not one that broke off.
    private Task KeepAsync(CancellationToken cancellation) => expiry.DueAt - workspace.Now < ImportExpiry.UploadPatience / 2
        ? ExpireAsync(workspace.Now + ImportExpiry.UploadPatience, cancellation)
        : Task.CompletedTask;

    private async Task<Problem?> EndAsync(CancellationToken cancellation)
    {
        var (rows, stored) = (import.Rows, await Db.Imports.FirstOrDefaultAsync(i => i.Id == import.Id, cancellation));
        if (stored is null)
        {
            return Problem.NotFound;
        }
        (stored.Rows, stored.State) = (rows, Client.ImportState.Uploaded);
        import = stored;
        await ExpireAsync(stored.CreatedAt + Import.Life, cancellation);
        return await Db.TrySaveAsync(cancellation);
    }

    private async Task ExpireAsync(DateTimeOffset due, CancellationToken cancellation)
    {
        await using var transaction = await Db.BeginWriteAsync(cancellation);
        await Db.Jobs.Where(j => j.Id == expiry.Id).ExecuteUpdateAsync(s => s.SetProperty(j => j.DueAt, due), cancellation);
        await transaction.CommitAsync(cancellation);
        expiry.DueAt = due;
    }

    private async Task DropAsync()
    {
        Db.Forget();
        if (import is not null)
        {
            await ImportExpiry.RemoveAsync(workspace, import.Id, () => Task.CompletedTask, CancellationToken.None);
        }
    }
}
