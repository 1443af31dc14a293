using System.CommandLine;
using CallAgent.Client;

namespace CallAgent.Cli;

/// <summary>Writes a user's list to a file.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var what = new Argument<string>("LIST") { Description = "contacts, campaigns, calls or conversations" };
        what.AcceptOnlyFromAmong("contacts", "campaigns", "calls", "conversations");
        var user = Whose.Option();
        var format = new Option<string>("--format") { Description = "csv (default) or jsonl", DefaultValueFactory = _ => "csv" };
        format.AcceptOnlyFromAmong("csv", "jsonl");
        var search = new Option<string?>("--q") { Description = "only rows that this search finds" };
        var filters = new Option<string[]>("--filter") { Description = "FIELD=VALUE as in the API, such as status=new; may be given more than once" };
        var target = new Option<FileInfo?>("--out") { Description = "the file to write; the terminal when absent" };
        var replace = new Option<bool>("--replace") { Description = "write over the file that --out names" };
        var command = new Command("export", "Export a user's list.") { what, user, format, search, filters, target, replace };
        command.Runs(async (parsed, settings, cancellation) =>
        {
            await using var host = await CallAgentHost.StartAsync(settings, cancellation: cancellation);
            await using var workspace = await Whose.OpenAsync(host, settings, parsed.GetValue(user)!, cancellation);
            var query = new ListQuery { Q = parsed.GetValue(search), Filters = Pairs(parsed.GetValue(filters) ?? []) };
            var export = (await ExportAsync(workspace, parsed.GetValue(what)!, Enum.Parse<ExportFormat>(parsed.GetValue(format)!, ignoreCase: true), query, cancellation)).OrThrow();
            if (parsed.GetValue(target) is { } file)
            {
                await WriteAsync(export, file.FullName, parsed.GetValue(replace), cancellation);
            }
            else
            {
                await using var terminal = Console.OpenStandardOutput();
                await export.WriteToAsync(terminal, cancellation);
            }
            return Run.Success;
        });
        return command;
    }

    // Under its name only when it is complete.
    private static async Task WriteAsync(Export export, string path, bool replace, CancellationToken cancellation)
    {
        if (File.Exists(path) && !replace)
        {
            throw new SettingsException($"There is a file {path} already. Choose another name, or add --replace.");
        }
        var part = path + ".part";
        try
        {
            await using (var file = new FileStream(part, FileMode.Create, FileAccess.Write))
            {
                await export.WriteToAsync(file, cancellation);
            }
            File.Move(part, path, overwrite: replace);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static Task<Result<Export>> ExportAsync(Workspace workspace, string what, ExportFormat format, ListQuery query, CancellationToken cancellation) => what switch
    {
        "campaigns" => Task.FromResult(workspace.Exports.Campaigns(format, query)),
        "calls" => Task.FromResult(workspace.Exports.Calls(format, query)),
        "conversations" => Task.FromResult(workspace.Exports.Conversations(format, query)),
        _ => workspace.Exports.ContactsAsync(format, query, cancellation),
    };

    private static Dictionary<string, string> Pairs(string[] filters) => filters.Select(f => f.Split('=', 2))
        .GroupBy(p => p[0]).ToDictionary(g => g.Key, g => g.Last() is [_, var value] ? value : throw new SettingsException($"--filter takes FIELD=VALUE, not {g.Key}."));
}

/// <summary>The user that a command works for.</summary>
internal static class Whose
{
    public static Option<string> Option() => new("--user") { Description = "the owner's e-mail address", Required = true };

    /// <exception cref="SettingsException">There is no such user.</exception>
    public static async Task<Workspace> OpenAsync(CallAgentHost host, CallAgentSettings settings, string email, CancellationToken cancellation)
    {
        await using var operators = Operators.Open(settings);
        var user = await operators.FindAsync(email, cancellation) ?? throw new SettingsException($"Nobody is registered as {email}.");
        return await host.AsAsync(user.Id, cancellation) ?? throw new SettingsException($"Nobody is registered as {email}.");
    }
}
