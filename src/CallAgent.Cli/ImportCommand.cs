using System.CommandLine;
using System.CommandLine.Parsing;
using CallAgent.Client;
using Spectre.Console;

namespace CallAgent.Cli;

/// <summary>Imports a file of contacts in process. Ctrl-C stops it after the rows in hand; what is done stays done.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "delimited text: CSV, TSV or with ; in UTF-8 or UTF-16" };
        var user = Whose.Option();
        var region = new Option<string?>("--region") { Description = "how numbers without + are read, such as DE; the user's own when absent" };
        var onDuplicate = new Option<string?>("--on-duplicate") { Description = "what a row does whose number is a contact's already: skip (default), update or fail" };
        onDuplicate.AcceptOnlyFromAmong("skip", "update", "fail");
        var tags = new Option<string[]>("--tag") { Description = "a tag for every contact; may be given more than once" };
        var map = new Option<string[]>("--map") { Description = "COLUMN=FIELD, such as Notiz=custom_fields.note or Nr=ignore; may be given more than once" };
        var encoding = new Option<string?>("--encoding") { Description = "utf-8, utf-16le, utf-16be or windows-1252; detected when absent" };
        var dryRun = new Option<bool>("--dry-run") { Description = "report what would happen, and change nothing" };
        var failed = new Option<FileInfo?>("--failed") { Description = "where to write the rows that failed, with the reason" };
        var command = new Command("import", "Import contacts from a file. Exit code 3: some rows failed.") { file, user, region, onDuplicate, tags, map, encoding, dryRun, failed };
        map.Validators.Add(CheckMap);
        command.Runs(async (parsed, settings, cancellation) =>
        {
            var source = parsed.GetValue(file)!;
            if (!source.Exists)
            {
                return Run.Fail($"There is no file {source.FullName}.");
            }
            var change = new UpdateImport
            {
                DefaultRegion = parsed.GetValue(region) is { } r ? r : default(Optional<string>),
                OnDuplicate = parsed.GetValue(onDuplicate) is { } d ? Enum.Parse<OnDuplicate>(d, ignoreCase: true) : default(Optional<OnDuplicate>),
                Tags = new(parsed.GetValue(tags) ?? []),
                Mapping = new((parsed.GetValue(map) ?? []).Select(Pair).GroupBy(p => p.Column).ToDictionary(g => g.Key, g => g.Last().Field)),
            };
            await using var host = await CallAgentHost.StartAsync(settings, cancellation: cancellation);
            await using var workspace = await Whose.OpenAsync(host, settings, parsed.GetValue(user)!, cancellation);
            var steps = new ImportSteps(host, workspace, source);
            var import = await steps.RunAsync(change, parsed.GetValue(encoding), parsed.GetValue(dryRun), cancellation);
            return await ImportReport.ShowAsync(workspace, import, parsed.GetValue(failed), cancellation);
        });
        return command;
    }

    private static void CheckMap(OptionResult option)
    {
        foreach (var token in option.Tokens.Where(t => !t.Value.Contains('=', StringComparison.Ordinal)))
        {
            option.AddError($"--map takes COLUMN=FIELD, not {token.Value}.");
        }
    }

    private static (string Column, string Field) Pair(string text)
    {
        var at = text.LastIndexOf('=');
        return (text[..at], text[(at + 1)..]);
    }
}

/// <summary>Upload, options, run: each with its progress.</summary>
internal sealed class ImportSteps(CallAgentHost host, Workspace workspace, FileInfo source)
{
    public async Task<Import> RunAsync(UpdateImport change, string? encoding, bool dryRun, CancellationToken cancellation)
    {
        Import? import = null;
        await Run.Out.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn()).StartAsync(async progress =>
        {
            var reading = progress.AddTask($"Reading {Markup.Escape(source.Name)}", maxValue: Math.Max(1, source.Length));
            await using (var file = new CountedStream(source.OpenRead(), read => reading.Increment(read)))
            {
                import = (await workspace.Imports.UploadAsync(file, source.Name, encoding, cancellation)).OrThrow();
            }
            reading.Value = reading.MaxValue;
            import = (await workspace.Imports.UpdateAsync(import.Id, change, cancellation)).OrThrow();
            var running = progress.AddTask(dryRun ? "Trying" : "Importing", maxValue: import.Counts.Rows);
            import = await CarryOutAsync(import.Id, dryRun, running, cancellation);
        });
        return import!;
    }

    private async Task<Import> CarryOutAsync(Guid id, bool dryRun, ProgressTask running, CancellationToken cancellation)
    {
        // Stopped by a request of its own, so that what is in hand is finished and the rest is left in order.
        await using var stop = cancellation.Register(() => _ = CancelAsync(id));
        var run = workspace.Imports.RunAsync(id, new() { DryRun = dryRun }, CancellationToken.None);
        await using var watcher = host.As(workspace.Principal);
        while (!run.IsCompleted)
        {
            running.Value = (await watcher.Imports.FindAsync(id, CancellationToken.None))?.Counts.Done ?? 0;
            await Task.WhenAny(run, Task.Delay(200, CancellationToken.None));
        }
        var import = (await run).OrThrow();
        running.Value = import.Counts.Done;
        return import;
    }

    private async Task CancelAsync(Guid id)
    {
        await using var own = host.As(workspace.Principal);
        await own.Imports.CancelAsync(id, CancellationToken.None);
    }

    /// <summary>Tells how much of a stream was read.</summary>
    private sealed class CountedStream(Stream inner, Action<int> read) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => inner.Length;
        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await inner.ReadAsync(buffer, cancellationToken);
            read(count);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Reading is asynchronous here.");
        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
