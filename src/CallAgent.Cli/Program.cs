using System.CommandLine;
using CallAgent.Cli;

var root = new RootCommand("The operator's tool of CallAgent. It reads the same environment and working folder as the server.")
{
    MigrateCommand.Create(),
    DemoCommand.Create(),
    UsersCommand.Create(),
    ImportCommand.Create(),
    ExportCommand.Create(),
    AuditCommand.Create(),
    SchemaCommand.Create(),
};
var parsed = root.Parse(args);
return parsed.Errors.Count > 0 ? await ShowUsageAsync() : await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });

async Task<int> ShowUsageAsync()
{
    await parsed.InvokeAsync();
    return Run.Usage;
}
