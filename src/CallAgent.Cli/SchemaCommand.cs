using System.CommandLine;

namespace CallAgent.Cli;

/// <summary>For those who develop CallAgent: the schema as text.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        var what = new Argument<string>("what") { Description = "sqlite or postgres to print the schema; check to compare model and migrations" };
        what.AcceptOnlyFromAmong("sqlite", "postgres", "check");
        var command = new Command("schema", "Print the database schema, or check that the migrations make it.") { what };
        command.Runs((parsed, _, _) => Task.FromResult(parsed.GetValue(what) switch
        {
            "sqlite" => Print(Schema.Sqlite()),
            "postgres" => Print(Schema.Postgres()),
            _ => Check(),
        }));
        return command;
    }

    private static int Print(string schema)
    {
        // Bare: a table or a colour would not be SQL.
        Console.Out.Write(schema);
        return Run.Success;
    }

    private static int Check() => Schema.OutOfDate() is { Count: > 0 } names
        ? Run.Fail($"The model has changes without a migration for {string.Join(" and ", names)}. Run: ./dev migrate NAME")
        : Print("The migrations make the model.\n");
}
