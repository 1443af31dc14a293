using System.CommandLine;
using Spectre.Console;

namespace CallAgent.Cli;

internal static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Bring the database up to date, with its roles and policies.");
        command.Runs(async (_, settings, cancellation) =>
        {
            await Installation.MigrateAsync(settings, cancellation);
            Run.Out.WriteLine(settings.DatabaseUrl is null
                ? $"The SQLite database in {settings.DataFolder} is up to date."
                : "The PostgreSQL database is up to date: tables, policies and rights.");
            return Run.Success;
        });
        return command;
    }
}
