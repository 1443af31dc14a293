using System.CommandLine;
using System.Data.Common;
using System.Net.Sockets;
using Spectre.Console;

namespace CallAgent.Cli;

/// <summary>How every command runs: with the installation's settings, and with failures as one line and an exit code.</summary>
internal static class Run
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;

    private const int WidthOfFiles = 160;

    // What PostgreSQL says of an operator's role, or of tables, that no migration has made yet.
    private const string MissingRole = "22023";
    private const string MissingTable = "42P01";

    /// <summary>Where results go; colours only on a terminal, and lines not broken at 80 columns where there is none.</summary>
    public static IAnsiConsole Out { get; } = Open();

    public static void Runs(this Command command, Func<ParseResult, CallAgentSettings, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                return await action(parsed, Settings(), cancellation);
            }
            catch (Exception e) when (e is SettingsException or ProblemException or BackupException)
            {
                return Fail(e.Message);
            }
            catch (DbException e) when (e.SqlState is MissingRole or MissingTable)
            {
                return Fail($"The database is not prepared: {e.Message}. Run: callagent migrate");
            }
            catch (Exception e) when (e is DbException || e.InnerException is DbException or SocketException)
            {
                return Fail($"The database refuses or does not answer: {e.GetBaseException().Message}");
            }
            catch (OperationCanceledException)
            {
                return Fail("Cancelled.");
            }
        });

    /// <summary>Says something beside the result.</summary>
    public static void Note(string message) => Console.Error.WriteLine(message);

    public static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return Failure;
    }

    private static IAnsiConsole Open()
    {
        var console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = WidthOfFiles;
        }
        return console;
    }

    // Like the server: in development only where something says so, as `dotnet run` does. Beside a server in production it would
    // else make a secret of its own.
    private static CallAgentSettings Settings() =>
        CallAgentSettings.FromEnvironment("Development".Equals(Variable("ASPNETCORE_ENVIRONMENT") ?? Variable("DOTNET_ENVIRONMENT"), StringComparison.OrdinalIgnoreCase));

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
