using CallAgent;
using CallAgent.Server;

try
{
    // Its own files lie beside the program, whatever folder it is started from; ./data belongs to that folder.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddCallAgentServer();
    if (args is ["openapi"])
    {
        // What goes to standard output is the document and nothing else, whatever there is to log.
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
    var app = builder.Build();
    if (args is ["openapi"])
    {
        app.UseCallAgent();
        await ApiDocument.PrintAsync(app);
        return 0;
    }
    var opening = app.OpenDatabaseAsync();
    app.UseCallAgent();
    await opening;
    await app.RunAsync();
    return 0;
}
catch (SettingsException e)
{
    await Console.Error.WriteLineAsync($"CallAgent cannot start. {e.Message}");
    return 1;
}
catch (System.Data.Common.DbException e)
{
    await Console.Error.WriteLineAsync($"CallAgent cannot start. The database could not be brought up to date: {e.Message}");
    return 1;
}
catch (Exception e) when (ListenAddresses.WhyNot(e) is { } reason)
{
    await Console.Error.WriteLineAsync($"CallAgent cannot start. {reason}");
    return 1;
}

/// <summary>The entry point, public for tests.</summary>
public partial class Program;
