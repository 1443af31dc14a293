using System.CommandLine;
using System.CommandLine.Help;
using CallAgent.Cli;

// Not a RootCommand: that would call itself by the name of the assembly, which is not what one types.
var root = new Command("callagent", "The operator's tool of CallAgent. It reads the same environment and working folder as the server.")
{
    new HelpOption(),
    new VersionOption(),
    MigrateCommand.Create(),
    DemoCommand.Create(),
    UsersCommand.Create(),
    OperatorsCommand.Create(),
    ImportCommand.Create(),
    ExportCommand.Create(),
    BackupCommand.Create(),
    BackupCommand.CreateRestore(),
    DoctorCommand.Create(),
    AuditCommand.Create(),
    ErasureCommand.Create(),
    SchemaCommand.Create(),
};
var parsed = root.Parse(args is ["help", .. var about] ? [.. about, "--help"] : args);
return parsed.Errors.Count > 0 ? await ShowUsageAsync() : await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false });

async Task<int> ShowUsageAsync()
{
    await parsed.InvokeAsync();
    return Run.Usage;
}
