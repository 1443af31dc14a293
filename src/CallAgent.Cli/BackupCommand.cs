using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace CallAgent.Cli;

internal static class BackupCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "where to write the backup" };
        var command = new Command("backup", "Write a backup of the whole database, while the server runs.") { file, Verify() };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            var path = parsed.GetValue(file)!;
            var manifest = await Backups.CreateAsync(settings, path, cancellation);
            Show(manifest);
            Run.Out.WriteLine($"{path} is written. SECRET_KEY is not in it: keep it as safe as the backup.");
            return Run.Success;
        });
        return command;
    }

    public static Command CreateRestore()
    {
        var file = new Argument<string>("FILE") { Description = "a backup" };
        var replace = new Option<bool>("--replace") { Description = "put it in the place of a database that is there" };
        var command = new Command("restore", "Make the database what a backup holds, with roles and policies; stop the server first.") { file, replace };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            Show(await Backups.RestoreAsync(settings, parsed.GetValue(file)!, parsed.GetValue(replace), cancellation));
            Run.Out.WriteLine("Restored, and every table has its rows. Start the server with the SECRET_KEY of then.");
            return Run.Success;
        });
        return command;
    }

    private static Command Verify()
    {
        var file = new Argument<string>("FILE") { Description = "a backup" };
        var command = new Command("verify", "Read a backup to its end and check it.") { file };
        command.Runs(async (parsed, _, cancellation) =>
        {
            Show(await Backups.VerifyAsync(parsed.GetValue(file)!, cancellation));
            Run.Out.WriteLine("The backup is whole.");
            return Run.Success;
        });
        return command;
    }

    private static void Show(BackupManifest manifest)
    {
        var grid = new Grid().AddColumns(2);
        foreach (var (name, value) in new[]
        {
            ("Database", $"{manifest.Database} {manifest.DatabaseVersion}"),
            ("Product", $"{manifest.ProductVersion}, migration {manifest.Migration}"),
            ("Taken", manifest.CreatedAt.ToString("u", CultureInfo.InvariantCulture)),
            ("Rows", string.Create(CultureInfo.InvariantCulture, $"{manifest.Rows.Values.Sum():N0} in {manifest.Rows.Count} tables")),
            ("Size", string.Create(CultureInfo.InvariantCulture, $"{manifest.Bytes:N0} bytes")),
            ("SHA-256", manifest.Sha256),
        })
        {
            grid.AddRow($"[grey]{name}[/]", Markup.Escape(value));
        }
        Run.Out.Write(grid);
    }
}
