using System.Diagnostics;

namespace CallAgent.Tests;

/// <summary>The built <c>callagent</c> as a process of its own, with the settings of a test database.</summary>
internal static class OperatorTool
{
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(TestDatabase database, params string[] arguments) =>
        RunAsync(database, [], arguments);

    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(
        TestDatabase database, (string Name, string Value)[] environment, params string[] arguments)
    {
        // Built beside the tests, in the same configuration.
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(Repository.Root, "src", "CallAgent.Cli", "bin", output.Parent!.Name, output.Name, "CallAgent.Cli.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            WorkingDirectory = database.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["CALLAGENT_DATA"] = database.Folder;
        start.Environment["DATABASE_URL"] = database.Settings.DatabaseUrl ?? "";
        start.Environment["DATABASE_ADMIN_URL"] = database.Settings.DatabaseAdminUrl ?? "";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }
        using var process = Process.Start(start)!;
        // There is nobody to ask.
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEndAsync();
        var printed = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, printed, await errors);
    }
}
