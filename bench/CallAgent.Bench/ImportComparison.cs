using System.Diagnostics;
using CallAgent.Client;
using Npgsql;

namespace CallAgent.Bench;

/// <summary>Seconds for a file of contacts, and for the same rows by plain <c>\copy</c>.</summary>
internal sealed record ImportTimes(string Database, double Upload, double Run, double Undo, double Export, CopyTimes? Copy)
{
    public double Import => Upload + Run;
}

/// <summary>What PostgreSQL alone needs for the same rows: the contacts, and all that belongs to them.</summary>
internal sealed record CopyTimes(double Contacts, double Everything);

/// <summary>
/// A file of 100,000 contacts through the product, in process, and the rows that came of it copied in by the owner of the
/// tables, whom no policy binds, for another user.
/// </summary>
internal static class ImportComparison
{
    public const int Rows = 100_000;

    private const string Name = "callagent_bench_imports";

    private static readonly string[] Tables = ["contacts", "contact_tokens"];

    public static async Task<IReadOnlyList<ImportTimes>> RunAsync(BenchOptions options, string folder) =>
        [await PostgresAsync(options), await SqliteAsync(folder)];

    private static async Task<ImportTimes> PostgresAsync(BenchOptions options)
    {
        var cluster = DatabaseUrl.Parse("CALLAGENT_BENCH_POSTGRES_URL", options.PostgresUrl);
        await using var server = NpgsqlDataSource.Create(cluster);
        await RunAsync(server, $"drop database if exists {Name} with (force)");
        await RunAsync(server, $"create database {Name}");
        var admin = new NpgsqlConnectionStringBuilder(cluster.ConnectionString) { Database = Name, CommandTimeout = 600 };
        var url = $"postgresql://{admin.Username}@{admin.Host}:{admin.Port}/{Name}";
        await using var host = await CallAgentHost.StartAsync(new() { DatabaseUrl = url, IsDevelopment = true, DataFolder = Path.GetTempPath(), SecretKey = new('x', 48) });
        var (user, times) = await MeasureAsync(host, "PostgreSQL", undoes: false);
        await using var owner = NpgsqlDataSource.Create(admin);
        var copy = await CopyAsync(owner, user.UserId, (await host.RegisterAsync(NewUser())).OrThrow().UserId);
        return times with { Copy = copy, Undo = await UndoAsync(host, user) };
    }

    private static async Task<ImportTimes> SqliteAsync(string folder)
    {
        await using var host = await CallAgentHost.StartAsync(new() { DataFolder = Path.Combine(folder, "imports"), IsDevelopment = true });
        return (await MeasureAsync(host, "SQLite", undoes: true)).Times;
    }

    private static async Task<(Principal User, ImportTimes Times)> MeasureAsync(CallAgentHost host, string database, bool undoes)
    {
        var user = (await host.RegisterAsync(NewUser())).OrThrow() with { Plan = Plan.Enterprise };
        await using var workspace = host.As(user);
        await using var file = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(MakeFile()));
        Client.Import import = null!;
        var upload = await TimeAsync(async () => import = (await workspace.Imports.UploadAsync(file, "bench.csv")).OrThrow());
        var run = await TimeAsync(async () => import = (await workspace.Imports.RunAsync(import.Id)).OrThrow());
        if (import.Counts.Created != Rows)
        {
            throw new InvalidOperationException($"Of {Rows} rows {import.Counts.Created} were created.");
        }
        var export = await TimeAsync(async () => await (await workspace.Exports.ContactsAsync()).OrThrow().WriteToAsync(Stream.Null));
        return (user, new(database, upload, run, undoes ? await UndoAsync(host, user) : 0, export, null));
    }

    private static async Task<double> UndoAsync(CallAgentHost host, Principal user)
    {
        await using var workspace = host.As(user);
        var id = (await workspace.Imports.ListAsync()).OrThrow().Data[0].Id;
        using var stop = new CancellationTokenSource();
        var jobs = host.RunJobsAsync(e => Console.Error.WriteLine(e), stop.Token);
        var undo = await TimeAsync(async () =>
        {
            (await workspace.Imports.UndoAsync(id)).OrThrow();
            await foreach (var _ in workspace.Imports.WatchAsync(id))
            {
            }
        });
        await stop.CancelAsync();
        await jobs;
        return undo;
    }

    // Every row of the one user again as the other's: the same values, in the order in which they lie in the table.
    private static async Task<CopyTimes> CopyAsync(NpgsqlDataSource owner, Guid from, Guid to)
    {
        var seconds = new List<double>();
        foreach (var table in Tables)
        {
            var columns = await ColumnsAsync(owner, table);
            var values = string.Join(", ", columns.Select(c => c == "user_id" ? $"'{to}'::uuid" : c));
            await using var connection = await owner.OpenConnectionAsync();
            string rows;
            using (var reader = await connection.BeginTextExportAsync($"copy (select {values} from {table} where user_id = '{from}') to stdout"))
            {
                rows = await reader.ReadToEndAsync();
            }
            seconds.Add(await TimeAsync(async () =>
            {
                await using var writer = await connection.BeginTextImportAsync($"copy {table} ({string.Join(", ", columns)}) from stdin");
                await writer.WriteAsync(rows);
            }));
        }
        return new(seconds[0], seconds.Sum());
    }

    private static async Task<List<string>> ColumnsAsync(NpgsqlDataSource owner, string table)
    {
        await using var command = owner.CreateCommand("select column_name::text from information_schema.columns where table_schema = 'public' and table_name = $1 order by ordinal_position");
        command.Parameters.Add(new() { Value = table });
        await using var reader = await command.ExecuteReaderAsync();
        var columns = new List<string>();
        while (await reader.ReadAsync())
        {
            columns.Add(reader.GetString(0));
        }
        return columns;
    }

    private static string MakeFile()
    {
        string[] first = ["Grace", "Ada", "Alan", "Linus", "Margaret", "Jürgen", "François", "Zoë"], last = ["Hopper", "Lovelace", "Turing", "Hamilton", "Müller", "García", "Okafor", "Nguyen"];
        return "phone,first name,last name,e-mail,company,tags,seats\n" + string.Concat(Enumerable.Range(0, Rows).Select(i =>
            $"+1212{200 + i / 10_000:000}{i % 10_000:0000},{first[i % 8]},{last[i / 8 % 8]},person{i}@company{i % 997}.example,Company {i % 997} Ltd,\"vip,list\",{i % 50}\n"));
    }

    private static Register NewUser() => new() { Email = $"{Guid.CreateVersion7():N}@example.com", Password = "copper kettles bend at noon" };

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task RunAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
